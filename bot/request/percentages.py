"""Percentages: how strongly to paint, or how much of each painting; said of anything else, no wish."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from bot.request.amounts import HAN, PART, han
from bot.request.options import Number, Setting, setting

_PARTS = re.compile(rf"(?<![\d.,/:])({PART}) ?(?:of )?(?:the )?(?:strength|intensity|style|的?(?:强度|力度))(?! ?\d)")


def _parts(text: str) -> Iterator[Number]:
    """8/10 strength."""
    return (Number.at(match, setting("strength", match[1])) for match in _PARTS.finditer(text))


_OLD: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Setting | None]], ...]] = (
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
    return lambda text: (Number.at(match, read(match)) for match in pattern.finditer(text))


PERCENTAGES: Final = (_parts, *(_old(pattern, read) for pattern, read in _OLD))
