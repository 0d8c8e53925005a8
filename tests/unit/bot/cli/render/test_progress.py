"""Progress of paintings in a terminal and elsewhere, and that every code has its sentence."""

import io

import pytest
from rich.console import Console

from bot.cli.render.progress import screen


def test_without_a_terminal_there_is_a_line_for_each_stage_and_quarter(capsys: pytest.CaptureFixture[str]) -> None:
    with screen(["photo.jpg"], Console(file=io.StringIO(), force_terminal=False)) as shown:
        for percent in range(0, 101, 5):
            shown.show(0, "128 px" if percent < 50 else "256 px", percent / 100, 100.0 - percent)
        shown.close(0, "photo.jpg: painted", good=True)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "photo.jpg: 128 px, 0%, about 100 s to go"
    assert [line.split(", ")[1] for line in lines[:-1]] == ["0%", "25%", "50%", "75%", "100%"]
    assert lines[-1] == "photo.jpg: painted"


def test_in_a_terminal_each_photo_has_a_bar_and_its_name_is_no_markup() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120, color_system=None)
    with screen(["[red]one.jpg", "two\x1b[2J.jpg", "three.jpg"], console) as shown:
        shown.show(0, "256 px", 0.5, 12.0)
        shown.close(1, "two: not a picture", good=False)
        shown.close(2, "three: painted", good=True)
    text = out.getvalue()
    assert "[red]one.jpg" in text
    assert "256 px, 12 s left" in text
    assert "50%" in text
    assert "three: painted" in text
    assert "not painted" in text
    assert "two\\x1b[2J.jpg" in text
