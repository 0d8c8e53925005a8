"""Percentages: how strongly to paint, or how much of each painting; said of anything else, no wish."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from bot.request.amounts import HAN, PART, han
from bot.request.options import Number, setting
from bot.request.ratios import balanced
from bot.request.vocabulary.phrase import CONSUMED

_NUMBER: Final = r"(?<![\d.])(?<!\d[,/:])\d{1,3}(?:[.,]\d{1,2})?"


def _percent(where: str = "") -> str:
    """One percentage; the names of its groups begin with `where`, so that an expression may hold two."""
    return (
        rf"(?:(?P<{where}digits>{_NUMBER}) ?(?:%|per ?cent(?![a-z]))|百分之(?P<{where}han>{HAN})"
        rf"|(?P<{where}tenths>[1-9一二三四五六七八九])成(?=第|的|强|$|[^\u4e00-\u9fff]))"
    )


_DEGREE: Final = r"(?:strength|intensity|opacity|styli[sz]ed|styli[sz]ation|强度|力度|浓度|风格化)"
_PAINT: Final = (
    r"(?<![a-z])(?:paint|draw|make|render|turn|set|do|go|restyle|styli[sz]e|apply|use|try)(?:ed|ing)?(?![a-z])"
)
_END: Final = rf"(?= ?(?:$|[,.;!?){CONSUMED}]|(?:please|pls|plz|thanks|thx|and|but|with)(?![a-z])))"
_PARTS = re.compile(rf"(?<![\d.,/:])({PART}) ?(?:of )?(?:the )?(?:{_DEGREE}|style)(?! ?\d)")
_CUED = re.compile(
    rf"{_DEGREE}(?:[\s:=]|of |is |at |to |about |around |up |为|是|到|调到|设为|大概|大约){{0,4}}{_percent('after_')}"
    rf"|{_percent('before_')} ?的?(?:of )?(?:the )?{_DEGREE}"
    rf"|(?:强度|力度)(?:为|是|到|设为|调到)?(?P<plain_han>{HAN})"
)
_ASKED = re.compile(
    rf"{_PAINT}[^%.!?;\n]{{0,40}}? (?:at|to|by|about|around|it|this|that|them) (?:about |around )?{_percent()}{_END}"
)
_STYLE = re.compile(
    rf"(?:(?<![a-z])style|风格)(?: is| at| to|是|占)?[ :=]?{_percent('after_')}"
    rf"|{_percent('before_')} ?(?:of )?(?:(?:the|that|this|its) )?(?:style|的?风格)(?![a-z])"
)
_WHICH: Final = (
    r"(?:(?<![a-z])(?:(?:the|my|a) )?(?:(?:first|second|third|1st|2nd|3rd|last|final|other|rest)(?![a-z])"
    r"(?: (?:one|painting|picture|pic|image|style|artwork)(?![a-z]))?"
    r"|(?:painting|picture|pic|image|style|artwork|number|no\.?) ?#?[1-4](?!\d))"
    r"|(?:第[一二三四1-4]|最后一?|另一?)[张幅个种]?(?:图片?|画|风格)?)"
)
_SHARE = re.compile(
    rf"(?:(?P<before>{_WHICH})(?: ?[:=(-] ?| (?:(?:at|is|gets|with|by|about|to|should be) )?|占|用|是|要|的)?)?"
    rf"{_percent()}"
    rf"(?(before)|(?: ?(?:(?:of|for|from|like|in|to|as|with) |的|给|用|像)?(?P<after>{_WHICH}))?)"
)
_PLACES: Final = (
    ("last|final|other|rest|最后|另", 5),
    ("first|1|一", 1),
    ("second|2|二", 2),
    ("third|3|三", 3),
    ("4|四", 4),
)
_BLEND = re.compile(r"(?<![a-z])(?:blend|mix|weight|combin|merg)|混合|融合|混搭|结合|权重|比例")
_BETWEEN = re.compile(r"[\s,/和与&+、]{0,3}(?:and )?")


def _amount(match: re.Match[str]) -> float:
    found = {name.rpartition("_")[2]: value for name, value in match.groupdict().items() if value}
    if "digits" in found:
        return float(found["digits"].replace(",", "."))
    if "han" in found:
        return han(found["han"])
    return 10 * (int(found["tenths"]) if found["tenths"].isdecimal() else han(found["tenths"]))


def _strength(match: re.Match[str], lone: bool = False) -> Number:
    return Number.at(match, setting("strength", str(round(_amount(match)))), lone)


def _parts(text: str) -> Iterator[Number]:
    """8/10 strength."""
    return (Number.at(match, setting("strength", match[1])) for match in _PARTS.finditer(text))


def _cued(text: str) -> Iterator[Number]:
    return map(_strength, _CUED.finditer(text))


def _percentages(text: str) -> Iterator[Number]:
    """Several are shares of the paintings, in their order or by their place, or nothing of ours; one is a strength."""
    found = list(_SHARE.finditer(text))
    if len(found) > 1:
        return _several(text, found)
    return (_single(text, match) for match in found)


def _single(text: str, share: re.Match[str]) -> Number:
    which, amount = _which(share), _amount(share)
    if which and 0 < amount < 100:
        both = (amount, 100 - amount) if _place(which) == 1 else (100 - amount, amount)
        return Number.at(share, setting("weights", "/".join(f"{share:g}" for share in both)), lone=True)
    asked = _STYLE.search(text) or _ASKED.search(text)
    return _strength(share, lone=asked is None)


def _several(text: str, found: Sequence[re.Match[str]]) -> Iterator[Number]:
    first, *others = found
    yield Number.at(first, setting("weights", _weights(found)) if _are_shares(text, found) else None)
    yield from (Number.at(share, None) for share in others)


def _weights(found: Sequence[re.Match[str]]) -> str:
    """In the paintings' order where each has a place of its own, else in the order they were said."""
    places = [_place(which) for share in found if (which := _which(share))]
    ordered = sorted(range(len(found)), key=places.__getitem__) if len(set(places)) == len(found) else range(len(found))
    return "/".join(f"{_amount(found[index]):g}" for index in ordered)


def _are_shares(text: str, found: Sequence[re.Match[str]]) -> bool:
    gaps = (text[one.end() : other.start()] for one, other in pairwise(found))
    together = (
        all(map(_which, found)) or _BLEND.search(text) is not None or all(_BETWEEN.fullmatch(gap) for gap in gaps)
    )
    return together or balanced([_amount(share) for share in found])


def _which(share: re.Match[str]) -> str:
    return share["before"] or share["after"] or ""


def _place(which: str) -> int:
    return next(place for words, place in _PLACES if re.search(words, which))


PERCENTAGES: Final = (_parts, _cued, _percentages)
