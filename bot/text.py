"""Text of strangers and for strangers: folded for reading, escaped for a terminal, weighed as X weighs it."""

import re
import unicodedata

READ_CHARACTERS = 2000
"""What is written after this is not read; nobody asks for a painting on the second page."""

_RAW_CHARACTERS = 10_000
# Addresses are taken out first: `@alice@mosaic.social` asks for no mosaic.
_ADDRESS = re.compile(r"https?://\S{1,2000}|@[\w.-]{1,80}(?:@[\w.-]{1,253})?|:[a-z0-9_]{2,40}:(?!\d)", re.IGNORECASE)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "…": " ", "\x01": " "})
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_OTHER_SCRIPTS = re.compile(r"[぀-ヿ가-힯ᄀ-ᇿ]")
_LATIN = re.compile(r"[a-z]{2,}")
_SYNTAX = re.compile(r"[#!]\w+|(?<![a-z])[a-z]{1,15} ?[=:] ?\S+")


def fold(text: str) -> str:
    """Casefolded NFKD without combining marks, control and format characters, handles, links and custom emoji.

    Marks are dropped before normalising, because reordering ten thousand of them takes quadratic time.
    """
    bare = _ADDRESS.sub(" ", _without_marks(text[:_RAW_CHARACTERS]))
    folded = _without_marks(unicodedata.normalize("NFKD", bare)).casefold()
    return folded.translate(_APOSTROPHES)[:READ_CHARACTERS]


def compact(text: str) -> str:
    """Letters and digits only: the form in which a title and its hashtag are the same."""
    return "".join(c for c in fold(text) if c.isalnum())


def language_of(text: str, declared: str = "") -> str:
    """`zh` or `en`: by the letters where there are any (clients often declare a default), else as declared."""
    letters = _SYNTAX.sub(" ", fold(text))
    if _OTHER_SCRIPTS.search(letters):
        return "en"
    if _HAN.search(letters):
        return "zh"
    if _LATIN.search(letters):
        return "en"
    chinese = declared.lower().startswith("zh") or (not declared and _HAN.search(fold(text)) is not None)
    return "zh" if chinese else "en"


def _without_marks(text: str) -> str:
    return "".join(c for c in _BLANKS.sub(" ", text) if unicodedata.category(c) not in _INVISIBLE)


_BLANKS = re.compile(r"[\t\n\r]")
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co"})


# Escaped for a terminal.

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


# Weighed, after twitter-text's configuration v3: a text is never shorter on X than on Mastodon.

LINK_WEIGHT = 23
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
# One emoji is a base with modifiers, joined by U+200D, or two regional indicators: two units however long.
_PICTOGRAM = "[\u2600-\u27bf\U0001f300-\U0001faff]"
_EMOJI = re.compile(
    rf"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTOGRAM}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}"
    rf"(?:\u200d{_PICTOGRAM}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}){{0,8}}"
)
_LINK = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|social|art|example|dev|app|co|me|ai)\b")


def weight(text: str) -> int:
    """Weighted characters: most scripts 1, CJK 2, an emoji 2, a link 23 whatever its length."""
    links = len(_LINK.findall(text))
    rest = _LINK.sub("", text)
    emoji = len(_EMOJI.findall(rest))
    plain = _EMOJI.sub("", rest)
    return LINK_WEIGHT * links + 2 * emoji + sum(1 if _is_light(ord(c)) else 2 for c in plain)


def cut(text: str, room: int) -> str:
    """`text` in at most `room` units, ended with an ellipsis where something had to go."""
    if weight(text) <= room:
        return text
    kept = text
    while kept and weight(kept) + 2 > room:
        kept = kept[: min(len(kept) - 1, max(0, room))]
    return f"{kept.rstrip()}…" if kept else ""


def has_link(text: str) -> bool:
    """True when X would bill this text as a post with a URL."""
    return _LINK.search(text) is not None


def _is_light(code: int) -> bool:
    return any(low <= code <= high for low, high in _LIGHT)
