"""`stylesmith login mastodon` against a real server: the app, the code, the file, the account set up, the check."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.login import app
from tests.integration.bot.cli.logins import allow
from tests.sandboxes import Sandbox, running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.misbehave()
    return shared


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
    assert "did not let the bot in" in result.output
    assert not file.exists()
