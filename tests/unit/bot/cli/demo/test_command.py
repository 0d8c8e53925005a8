"""What `stylesmith demo` says in its mention, and before it starts anything."""

import socket
from pathlib import Path

import pytest
import typer

from bot.cli.demo.command import _in_the_format_of, demo
from tests.unit.bot.cli.commands import run

app = typer.Typer()
app.command()(demo)


@pytest.mark.parametrize(
    ("out", "text", "said"),
    [("x.jpg", "subtle", "subtle"), ("x.png", "subtle", "subtle format=png"), ("x.PNG", "", "format=png")],
)
def test_the_mention_asks_for_the_format_that_the_files_name_says(out: str, text: str, said: str) -> None:
    assert _in_the_format_of(Path(out), text) == said


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, text = run(app, "--once", "--out", str(tmp_path / "painting.jpg"), "--port", str(port))
    assert (status, text.count("\n")) == (2, 1)
    assert f"Port {port} is in use" in text
