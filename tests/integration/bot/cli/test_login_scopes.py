"""`stylesmith login mastodon` on servers that know wide scopes alone, or refuse what they gave."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from bot.cli.login import app
from bot.platforms.mastodon.client import MastodonClient
from tests.fakes.mastodon.faults import Fault, Rule
from tests.sandboxes import Sandbox, running

VERIFY = "/api/v1/accounts/verify_credentials"
NARROW = Rule(do=Fault.REFUSE, method="GET", path=VERIFY, status=403, message="out_of_scope_for_token", times=1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.misbehave()
    shared.forget()
    return shared


def walked(sandbox: Sandbox, name: str, *options: str) -> tuple[int, str, str]:
    """`stylesmith login mastodon` with everybody allowed who is asked for: status, output, errors and pages."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", "login", "mastodon", sandbox.url, *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stderr
        assert process.stdout
        errors = ""
        for said in process.stderr:
            errors += said
            if said.startswith("http"):
                form = dict(httpx.URL(said.strip()).params) | {"account": name}
                shown = httpx.post(said.strip(), data=form, trust_env=False).raise_for_status().text
                process.stdin.write(shown.split('id="code" value="')[1].split('"')[0] + "\n")
                process.stdin.flush()
        return process.wait(60), process.stdout.read(), errors


def test_where_narrow_scopes_do_not_suffice_the_login_says_so_and_asks_for_read_and_write(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.person("wide")
    sandbox.misbehave(NARROW)
    status, out, errors = walked(sandbox, "wide", "--file", str(tmp_path / "token"))

    assert status == 0, errors
    assert "scope=read+write&" in errors.replace("%20", "+") + "&"
    assert "`read write`" in errors
    assert f"STYLESMITH_MASTODON_TOKEN_FILE={tmp_path / 'token'}" in out
    with MastodonClient(sandbox.url, (tmp_path / "token").read_text().strip()).call("api") as api:
        assert set(api.app_verify_credentials().scopes) == {"read", "write"}


def test_a_token_that_works_with_no_scopes_is_not_written(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.person("shut")
    sandbox.misbehave(NARROW.model_copy(update={"times": None}))
    status, _, errors = walked(sandbox, "shut", "--file", str(tmp_path / "token"))

    assert status == 1
    assert "nothing was written" in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "token").exists()


def test_a_token_that_the_server_does_not_take_at_all_is_not_written(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.person("odd")
    sandbox.misbehave(NARROW.model_copy(update={"status": 401, "times": None}))
    status, _, errors = walked(sandbox, "odd", "--file", str(tmp_path / "token"))

    assert status == 1
    assert "did not let the bot in" in errors
    assert not (tmp_path / "token").exists()


def test_a_token_can_be_printed_where_nothing_can_be_written(sandbox: Sandbox) -> None:
    sandbox.person("printed")
    status, out, errors = walked(sandbox, "printed", "--file", "-", "--no-set-up")

    assert status == 0, errors
    with MastodonClient(sandbox.url, out.strip()).call("api") as api:
        assert api.account_verify_credentials().acct == "printed"


def test_a_place_that_cannot_be_written_is_told_before_anybody_is_sent_to_a_page(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(app, ["mastodon", "http://127.0.0.1:9", "--file", str(tmp_path / "file" / "token")])

    assert result.exit_code == 1
    assert "--file -" in result.output
