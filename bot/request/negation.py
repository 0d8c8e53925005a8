"""Which wishes a text takes back: `no film`, `not in mosaic or woodcut`, `anything but Van Gogh`, 不要梵高."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.request.vocabulary.negation import ALSO, BEHIND, BRIDGES, NEGATIONS, REACH


class Wish(NamedTuple):
    """Where a wish stands in the text."""

    start: int
    end: int
    is_style: bool = False


class Negation(NamedTuple):
    start: int
    end: int
    manner: str
    """A group of NEGATIONS, or 'behind' where it follows what it takes back."""

    def reaches(self, wish: Wish, text: str) -> bool:
        between = text[self.end : wish.start]
        if len(between) > REACH or (self.manner == "style" and not wish.is_style):
            return False
        return BRIDGES[self.manner].fullmatch(between) is not None


def negations(text: str) -> list[Negation]:
    return [Negation(*match.span(), match.lastgroup or "") for match in NEGATIONS.finditer(text)]


def taken_back(text: str, words: Sequence[Negation], wishes: Iterable[Wish]) -> dict[int, Negation]:
    """The negated ones among `wishes`: the start of each, and what negates it."""
    ends = [word.end for word in words]
    found: dict[int, Negation] = {}
    last: tuple[int, Negation] | None = None
    for wish in sorted(wishes):
        near = words[place - 1] if (place := bisect_right(ends, wish.start)) else None
        if near is None or not near.reaches(wish, text):
            near = last[1] if last is not None and _goes_on(text[last[0] : wish.start]) else _behind(text, wish)
        if near is not None:
            found[wish.start] = near
            last = wish.end, near
    return found


def named_in_vain(text: str, start: int, end: int) -> bool:
    """Whether the name at this place of `text` is only there to be ruled out."""
    before = text[max(0, start - REACH) : start]
    return bool(taken_back(before, negations(before), [Wish(len(before), len(before) + end - start, is_style=True)]))


def _behind(text: str, wish: Wish) -> Negation | None:
    match = BEHIND.match(text, wish.end) if wish.is_style else None
    return Negation(*match.span(), "behind") if match else None


def _goes_on(between: str) -> bool:
    return len(between) <= REACH and ALSO.fullmatch(between) is not None
