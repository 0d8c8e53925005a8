"""What `stylesmith sandbox` says where it cannot serve."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli.sandbox import sandbox
from bot.ledger.lock import EXIT_LOCKED, lock
from tests.unit.bot.cli.commands import run

app = typer.Typer()
app.command()(sandbox)


@pytest.fixture
def used_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def said(*words: str) -> str:
    """The one line of a command that could not begin because of its arguments."""
    status, text = run(app, *words)
    assert (status, text.count("\n")) == (2, 1)
    return text


def test_a_port_in_use_is_said_with_the_option_that_names_another(used_port: int, tmp_path: Path) -> None:
    assert f"Port {used_port} is in use" in said("--port", str(used_port), "--data-dir", str(tmp_path))


@pytest.mark.parametrize("host", ["192.0.2.7", "999.1.1.1", "x" * 80], ids=["another's", "no number", "no name"])
def test_an_address_of_no_machine_or_of_another_is_said(host: str, tmp_path: Path) -> None:
    text = said("--host", host, "--port", "0", "--data-dir", str(tmp_path))
    assert f"{host} is not an address of this machine" in text


@pytest.mark.parametrize("folder", ["/proc/nothing", "file", "file/below", "~nobody-of-this-name/x", "garbage"])
def test_a_folder_that_can_keep_nothing_is_said(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "garbage").mkdir()
    (tmp_path / "garbage" / "sandbox.sqlite").write_text("this is not a database " * 9)
    place = folder if folder.startswith(("/", "~")) else str(tmp_path / folder)
    text = said("--port", "0", "--data-dir", place)
    assert place in text
    assert "--data-dir" in text


def test_an_address_without_its_scheme_is_said(tmp_path: Path) -> None:
    text = said("--port", "0", "--data-dir", str(tmp_path), "--public-url", "example.org")
    assert "--public-url: this has to be" in text


def test_a_second_sandbox_leaves_the_firsts_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "access.json").write_text("the first's")
    with lock(tmp_path):
        status, text = run(app, "--port", "0", "--data-dir", str(tmp_path))
    assert (status, "another sandbox" in text, text.count("\n")) == (EXIT_LOCKED, True, 1)
    assert (tmp_path / "access.json").read_text() == "the first's"
