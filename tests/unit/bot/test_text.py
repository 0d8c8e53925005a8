"""Text of others, made harmless for a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("héllo 梵高 🎨", "héllo 梵高 🎨"),
        ("\x1b]0;x\x07", r"\x1b]0;x\x07"),
        ("a\nb\r", r"a\nb\r"),
        ("\u202egnp", r"\u202egnp"),
        ("\ud800", r"\ud800"),
        ("\x9b2J", r"\x9b2J"),
    ],
)
def test_what_is_active_is_spelt_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_what_is_shown_is_printable_and_short(text: str) -> None:
    shown = printable(text, 20)
    assert shown.isprintable()
    assert len(shown) <= 20
