"""What `stylesmith demo` says in its mention."""

from pathlib import Path

import pytest

from bot.cli.demo.command import _in_the_format_of


@pytest.mark.parametrize(
    ("out", "text", "said"),
    [("x.jpg", "subtle", "subtle"), ("x.png", "subtle", "subtle format=png"), ("x.PNG", "", "format=png")],
)
def test_the_mention_asks_for_the_format_that_the_files_name_says(out: str, text: str, said: str) -> None:
    assert _in_the_format_of(Path(out), text) == said
