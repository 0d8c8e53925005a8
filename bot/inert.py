"""Text that somebody else wrote, made harmless for a terminal: what would move, colour or reorder is spelt out."""

import unicodedata

_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi, zero width), surrogate, private, unassigned, line and paragraph separators."""


def inert(text: object, longest: int = 200) -> str:
    r"""`text` on one line, at most `longest` characters, what is active spelt as \x1b or \u202e, spaces plain."""
    shown = "".join(_spelt(character) for character in str(text)[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _spelt(character: str) -> str:
    if unicodedata.category(character) not in _ACTIVE:
        return " " if character.isspace() else character
    return character.encode("unicode_escape").decode("ascii")
