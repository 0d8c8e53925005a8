"""`stylesmith login mastodon` against a real server: the app, the code, the file, the account set up, the check."""

import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from bot.cli.login import app
from bot.platforms.mastodon.check import check
from bot.platforms.mastodon.client import Line
from bot.platforms.mastodon.setup import SCOPES, Registration, introduce
from bot.sandbox.faults import Fault, Rule
from tests.sandboxes import Sandbox, running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.misbehave()
    return shared


def allow(page: str, name: str) -> str:
    """What the owner of the account does in a browser: the code."""
    form = dict(httpx.URL(page).params) | {"account": name}
    answer = httpx.post(page, data=form, trust_env=False).raise_for_status()
    return answer.text.split('id="code" value="')[1].split('"')[0]


def log_in(sandbox: Sandbox, name: str) -> Line:
    registration = Registration(sandbox.url)
    return Line(registration.url, registration.token(allow(registration.page(), name)))


def test_the_command_walks_through_the_code_and_writes_the_token_for_its_owner_alone(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.person("painter")
    file = tmp_path / "secrets" / "token"
    arguments = ["login", "mastodon", sandbox.url, "--file", str(file)]
    with subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as command:  # fmt: skip
        assert command.stdin
        assert command.stderr
        page = next(line.strip() for line in command.stderr if line.startswith("http"))
        out, errors = command.communicate(allow(page, "painter") + "\n", timeout=60)

    assert command.returncode == 0, errors
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f"STYLESMITH_MASTODON_TOKEN_FILE={file}" in out
    me = sandbox.client(file.read_text().strip()).me()
    assert (me.acct, me.bot) == ("painter", True)
    assert "Mention me with a photo" in me.note
    assert file.read_text().strip() not in out + errors


def test_a_wrong_code_ends_with_one_sentence_and_no_file(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "token"
    result = CliRunner().invoke(app, ["mastodon", sandbox.url, "--file", str(file)], input="wrong\n")

    assert result.exit_code != 0
    assert "did not take part" in result.output
    assert not file.exists()


def test_the_token_allows_what_the_bot_does_and_no_more(sandbox: Sandbox) -> None:
    sandbox.person("modest")
    line = log_in(sandbox, "modest")
    with line.call("api") as api:
        granted = set(api.app_verify_credentials().scopes)

    assert granted == set(SCOPES)
    assert not granted & {"read", "write", "follow"}


def test_an_account_with_a_bio_keeps_it(sandbox: Sandbox) -> None:
    sandbox.person("settled", note="I am run by Ann.")
    line = log_in(sandbox, "settled")

    assert not introduce(line).note_written
    with line.call("api") as api:
        assert "Ann" in api.account_verify_credentials().note


def test_a_server_without_a_policy_is_no_obstacle(sandbox: Sandbox) -> None:
    sandbox.person("elsewhere")
    line = log_in(sandbox, "elsewhere")
    sandbox.misbehave(policy=False)

    assert not introduce(line).policy


def test_the_check_says_what_to_do_until_the_account_is_set_up(sandbox: Sandbox) -> None:
    sandbox.person("unready")
    line = log_in(sandbox, "unready")
    before = {finding.subject: finding.ok for finding in check(line)}
    introduce(line)
    after = {finding.subject: finding.ok for finding in check(line)}

    assert before == {"credentials": True, "scopes": True, "bot flag": False, "notifications": False}
    assert set(after.values()) == {True}


def test_the_check_of_a_revoked_token_or_a_server_in_trouble_is_one_line(sandbox: Sandbox) -> None:
    [revoked] = check(Line(sandbox.url, "revoked"))
    sandbox.misbehave(Rule(do=Fault.HTML, method="GET", path="/api/"))
    [trouble] = check(Line(sandbox.url, sandbox.access.bot_token))
    [absent] = check(Line("http://127.0.0.1:9", "x"))

    assert "login mastodon" in revoked.says
    assert [finding.ok for finding in (revoked, trouble, absent)] == [False, False, False]


def test_threads_share_the_budget_and_not_the_client(sandbox: Sandbox) -> None:
    line = Line(sandbox.url, sandbox.access.bot_token)
    clients: list[int] = []

    def ask() -> None:
        with line.call("api") as api:
            api.account_verify_credentials()
            clients.append(id(api))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(clients)) == 4
