"""Text as people type it, made plain: one case, one width, no marks, nothing invisible, bounded length."""

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
