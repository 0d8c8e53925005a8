"""Numbers without a key of their own: sizes, shares of a blend and percentages, where they are meant as wishes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.request.amounts import HAN, PART, PIXELS, SIDES, SPACED_THOUSANDS, THOUSANDS, han
from bot.request.options import Setting, setting


@dataclass(frozen=True, slots=True)
class Number:
    """What stands at `start` to `end` of a text, and what it sets: nothing where it only tells of something."""

    start: int
    end: int
    sets: Setting
    lone: bool = False
    """Counts only in a mention that says nothing else that is not understood."""


def _number(match: re.Match[str], sets: Setting | None, lone: bool = False) -> Number:
    return Number(*match.span(), sets or {}, lone)


_SIZE: Final = rf"(?:{SIDES}(?: ?{PIXELS})?|(?:{THOUSANDS}|{SPACED_THOUSANDS}|\d{{2,5}}) ?{PIXELS})"
_NOT_IN_A_NUMBER: Final = r"(?<![\d.,'])"
_PHOTO: Final = r"(?:photos?|pictures?|images?|pics?|originals?|files?|scans?|it|this|that|they|which)"
_TOLD_SIZE = re.compile(
    rf"(?:(?:(?<![a-z]){_PHOTO}(?:'s| is| was| are| were| has)|(?:照片|图片|图|原图|原片|张)(?:是|有|本来是|原来是))"
    r"(?: only| just| about|大概|只)?"
    rf"|(?<![a-z])(?:shot|taken|captured|scanned|photographed)(?: at| in| with)?) ?{_SIZE}"
)
"""The size that a photo has, not one that its painting shall have."""
_SIDES_ASKED = re.compile(
    r"(?:(?<![a-z])(?:at|in|to|into|as|size|resolution|output|want|need|give me|make (?:it|this|that|them|these))"
    rf"|尺寸|大小|分辨率|成|到|要|用)(?: an?| about| around| of|是|为)? ?[:=]? ?(?P<size>{SIDES})(?: ?{PIXELS})?"
    rf"|{_NOT_IN_A_NUMBER}(?P<pixels>{SIDES} ?{PIXELS})"
)
_PIXELS = re.compile(rf"{_NOT_IN_A_NUMBER}(?:{THOUSANDS}|{SPACED_THOUSANDS}|\d{{2,5}}) ?{PIXELS}")
_SIDES = re.compile(rf"{_NOT_IN_A_NUMBER}{SIDES}")


def _told_sizes(text: str) -> Iterator[Number]:
    return (_number(match, None) for match in _TOLD_SIZE.finditer(text))


def _sizes(text: str) -> Iterator[Number]:
    for match in _SIDES_ASKED.finditer(text):
        yield _number(match, setting("size", match["size"] or match["pixels"]))


def _pixels(text: str) -> Iterator[Number]:
    return (_number(match, setting("size", match[0])) for match in _PIXELS.finditer(text))


def _sides(text: str) -> Iterator[Number]:
    return (_number(match, setting("size", match[0]), lone=True) for match in _SIDES.finditer(text))


_PARTS = re.compile(rf"(?<![\d.,/:])({PART}) ?(?:of )?(?:the )?(?:strength|intensity|style|的?(?:强度|力度))(?! ?\d)")


def _parts(text: str) -> Iterator[Number]:
    """8/10 strength."""
    return (_number(match, setting("strength", match[1])) for match in _PARTS.finditer(text))


_OLD: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Setting | None]], ...]] = (
    (
        re.compile(r"(?<![\d.])(\d{1,3})\s?[/:]\s?(\d{1,3})(?:\s?[/:]\s?(\d{1,3}))?(?![\d.])"),
        lambda m: setting("weights", "/".join(g for g in m.groups() if g)),
    ),
    (
        re.compile(
            r"(?<![\d.])(\d{1,3})\s?%[\s,，/和&+]{0,3}(?:and )?(\d{1,3})\s?%"
            r"(?:[\s,，/和&+]{0,3}(?:and )?(\d{1,3})\s?%)?"
        ),
        lambda m: setting("weights", "/".join(g for g in m.groups() if g)),
    ),
    (
        re.compile(r"(?<![\d.])(\d{1,3})\s?(?:%|per ?cent)(?: (?:strength|style))?"),
        lambda m: setting("strength", m[1]),
    ),
    (re.compile(rf"(?:百分之|强度|力度)(?:为|是|到|设为|调到)?({HAN})"), lambda m: {"strength": han(m[1])}),
    (re.compile(r"([一二三四五六七八九])成(?![\u4e00-\u9fff])"), lambda m: {"strength": 10 * han(m[1])}),
)


def _old(
    pattern: re.Pattern[str], read: Callable[[re.Match[str]], Setting | None]
) -> Callable[[str], Iterator[Number]]:
    return lambda text: (_number(match, read(match)) for match in pattern.finditer(text))


NUMBERS: Final[tuple[Callable[[str], Iterator[Number]], ...]] = (
    _told_sizes,
    _sizes,
    _pixels,
    _sides,
    _parts,
    *(_old(pattern, read) for pattern, read in _OLD),
)
"""In this order: what one has found, the next does not see."""
