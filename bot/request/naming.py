"""Which house styles a text asks for by name, misspelt or not: spans of the text and keys of the catalogue."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import islice, pairwise
from typing import Final, NamedTuple

from bot.request.negation import named_in_vain
from bot.request.vocabulary import PHRASES
from bot.request.vocabulary import naming as near
from bot.request.vocabulary.fillers import CHINESE_FILLERS, FILLERS
from bot.request.vocabulary.phrase import CONSUMED
from bot.styles.names import LONGEST, Names
from bot.text import compact

CHATTY: Final = 2
"""Unexplained words beside which a clause that is nothing but a name still asks for it."""
_NEARBY: Final = 120
"""Characters around a name that may ask for it."""
_WEIGHED: Final = 64
"""At most so many everyday names of a text are looked at."""
_TRIED: Final = 24
"""At most so many spans are compared with every name."""


class Named(NamedTuple):
    start: int
    end: int
    key: str


def hashtags(text: str, names: Names) -> Iterator[Named]:
    """Names written together behind `#` or `!`."""
    for match in islice(_HASHTAG.finditer(text), 100):
        key = names.all.get(compact(match["tag"])) or names.misspelt(match["tag"])
        if key:
            yield Named(*match.span(), key)


def anywhere(text: str, names: Names) -> Iterator[Named]:
    """Names that are no everyday words, longest first."""
    return _written(names.anywhere, text)


def asked(text: str, names: Names) -> Iterator[Named]:
    """Everyday names where the words around them ask for a style, longest first."""
    found = list(islice(_written(names.asked, text), _WEIGHED))
    clauses = _Clauses(text, found)
    return (named for named in found if clauses.asks(named.start, named.end))


def misspelt(text: str, names: Names) -> Iterator[Named]:
    """What stands where a style's name would, and is one but for a letter or two."""
    for start, end, whole in islice(_suspects(text), _TRIED):
        words = list(_WORD.finditer(text, start, min(end, start + LONGEST + 10)))[:4]
        for word in words[-1:] if whole else reversed(words):
            name = text[start : word.end()]
            key = "" if names.exact(name) else names.misspelt(name)
            if key:
                yield Named(start, word.end(), key)
                break


class _Clauses:
    """The text cut at its stops, and what is left of each part without names and known words."""

    def __init__(self, text: str, found: list[Named]) -> None:
        self._text = text
        self._rest = text
        for named in found:
            self._rest = self._rest[: named.start] + CONSUMED * (named.end - named.start) + self._rest[named.end :]
        self._bare = cache(self._says_nothing_else)

    def asks(self, start: int, end: int) -> bool:
        if named_in_vain(self._text, start, end):
            return True
        first, last = self._clause(start, end)
        before = self._text[max(first, start - _NEARBY) : start]
        after = self._text[end : min(last, end + _NEARBY)]
        if self._text[start].isascii():
            return self._asks_in_english(before, after) or self._bare(first, last)
        return _asks_in_chinese(before, after) or self._bare(first, last)

    def _asks_in_english(self, before: str, after: str) -> bool:
        if near.STYLE_NOUN.match(after):
            return True
        return near.CUE.search(before) is not None and not near.COMPARES.search(before) and not _goes_on(after)

    def _says_nothing_else(self, first: int, last: int) -> bool:
        """Nothing but the name and what we understand, in a text that says little else."""
        clause = self._rest[first:last]
        if near.STATES.search(clause) or unexplained(clause):
            return False
        return _PLEASE.search(clause) is not None or self._chattiness <= CHATTY

    @cached_property
    def _chattiness(self) -> int:
        return unexplained(self._rest)

    def _clause(self, start: int, end: int) -> tuple[int, int]:
        stops = [m.end() for m in near.STOP.finditer(self._text, 0, start)]
        return stops[-1] if stops else 0, _clause_end(self._text, end)


def _asks_in_chinese(before: str, after: str) -> bool:
    if near.STYLE_NOUN_ZH.match(after):
        return True
    if near.CUE_ZH.search(before):
        return not near.GOES_ON_ZH.match(after)
    weakly = near.CUE_ZH_WEAK.search(before) is not None and not near.COMPARES_ZH.search(before)
    return weakly and near.ENDS_ZH.match(after) is not None


def _goes_on(after: str) -> bool:
    """Whether the name is only the beginning of something longer: 'starry night sky', 'a mosaic of tiles'."""
    following = near.GOES_ON.match(after)
    if following is None:
        return False
    rest = after[following.start("word") :]
    first = next((word for word in _LETTERS.findall(rest) if not following["tie"] or word not in FILLERS), "")
    return bool(first) and unexplained(first) > 0


def unexplained(text: str) -> int:
    """Words that are neither fillers nor in the vocabulary; of Chinese, one for each two letters."""
    rest = _without_phrases(text)
    letters = sum(1 for letter in rest if "\u4e00" <= letter <= "\u9fff" and letter not in CHINESE_FILLERS)
    return sum(1 for word in _LETTERS.findall(rest) if word not in FILLERS) + -(-letters // 2)


def _without_phrases(text: str) -> str:
    """With blanks where the vocabulary has a meaning."""
    for phrase in PHRASES:
        text = phrase.pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def _suspects(text: str) -> Iterator[tuple[int, int, bool]]:
    """Spans that begin with, or `whole` are, what would be a name: behind a cue, before 'style', or alone unknown."""
    for cue in near.STRICT_CUE.finditer(text):
        if not near.COMPARES.search(text[max(0, cue.start() - 30) : cue.end()]):
            yield cue.end(), _clause_end(text, cue.end()), False
    for manner in _MANNERS.finditer(text):
        yield *manner.span("name"), True
    rest = _without_phrases(text)
    for start, end in _clauses(text):
        strange = [word for word in _LETTERS.finditer(rest, start, end) if word[0] not in FILLERS]
        if strange and len(strange) <= 3 and not near.STATES.search(text, start, end) and _adjoin(strange):
            yield strange[0].start(), strange[-1].end(), True


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in near.STOP.finditer(text):
        yield start, stop.start()
        start = stop.end()
    yield start, len(text)


def _adjoin(words: list[re.Match[str]]) -> bool:
    return all(other.start() - one.end() <= 1 for one, other in pairwise(words))


def _clause_end(text: str, start: int) -> int:
    stop = near.STOP.search(text, start)
    return stop.start() if stop else len(text)


def _written(keys: Mapping[str, str], text: str) -> Iterator[Named]:
    """Wherever one of these names stands, the longest names first."""
    for name in sorted((name for name in keys if len(name) > 1 and name in text), key=len, reverse=True):
        for match in _pattern(name).finditer(text):
            yield Named(*match.span(), keys[name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = r"\s{1,3}".join(re.escape(word) for word in name.split())
    if name.isascii():
        return re.compile(rf"(?<![a-z0-9]){words}(?![a-z0-9])")
    return re.compile(words)


_HASHTAG = re.compile(r"[#!](?P<tag>[\w-]{1,60})")
_WORD = re.compile(r"[a-z0-9'-]+")
_LETTERS = re.compile(r"[a-z][a-z']+")
_MANNERS = re.compile(r"(?P<name>(?:[a-z'-]{2,20} ){0,2}[a-z'-]{4,20})(?: |-)style(?![a-z])")
_PLEASE = re.compile(r"\b(?:please|pleease|plss?|plz)\b|请|麻烦|帮我")
