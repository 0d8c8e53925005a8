"""What `stylesmith demo` says in its mention, and before it starts anything."""

import socket
from pathlib import Path

import pytest
import typer

from bot.cli.demo.command import _in_the_format_of, _place_of, demo
from bot.cli.render.outputs import FileFormat, Output, OutputOptions, format_of
from tests.unit.bot.cli.commands import run

app = typer.Typer()
app.command()(demo)


@pytest.mark.parametrize(
    ("out", "text", "said"),
    [
        ("x.jpg", "subtle", "subtle"),
        ("x.png", "subtle", "subtle format=png"),
        ("x.PNG", "", "format=png"),
        ("x.webp", "", "format=png"),
        ("x.png", "format=png", "format=png"),
        ("x.jpeg", "format=png", "format=png format=jpeg"),
    ],
)
def test_the_mention_asks_for_the_format_that_the_files_name_says(out: str, text: str, said: str) -> None:
    assert _in_the_format_of(Output(Path(out), format_of(OutputOptions(Path(out)))), text) == said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "painting.bmp"], ".jpg, .png or .webp"),
        (["--out", "painting"], ".jpg, .png or .webp"),
        (["--out", "/proc/painting.jpg"], "into /proc"),
        (["--out", "file/painting.jpg"], "there is a file of that name"),
        (["--out", "folder.jpg"], "is a folder"),
        (["--photo", "photo.jpg", "--out", "photo.jpg"], "pictures to paint from"),
        (["--style", "photo.jpg", "--out", "photo.jpg"], "pictures to paint from"),
        (["--keep", "file"], "Nothing can be kept in file"),
        (["--keep", "/proc/kept"], "Nothing can be kept in /proc/kept"),
    ],
    ids=lambda case: " ".join(case) if isinstance(case, list) else "",
)
def test_a_place_that_cannot_be_had_is_said_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.jpg").mkdir()
    for name in ("file", "photo.jpg"):
        (tmp_path / name).write_text(name)
    status, text = run(app, "--once", *words)
    assert (status, text.count("\n")) == (2, 1)
    assert told in text
    assert (tmp_path / "photo.jpg").read_text() == "photo.jpg"


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"\0\0\0\x18ftypisom", "x.mp4"), (b"GIF89a", "x.gif"), (b"\xff\xd8\xff", "x.jpg")],
    ids=["film", "film as GIF", "painting"],
)
def test_a_film_is_not_saved_under_the_name_of_a_picture(data: bytes, name: str) -> None:
    assert _place_of(Output(Path("x.jpg"), FileFormat.JPEG), data).path == Path(name)


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, text = run(app, "--once", "--out", str(tmp_path / "painting.jpg"), "--port", str(port))
    assert (status, text.count("\n")) == (2, 1)
    assert f"Port {port} is in use" in text
