"""Shares of a blend, as 70/30 or 2:1: beside a word for it, or where the numbers can hardly be anything else."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.request.amounts import SHARE, han, shares
from bot.request.options import Number, setting

_KEY: Final = r"(?<![a-z])(?:weights?|weighted|shares|proportions?)|权重|比重|配比|占比"
_BLEND: Final = r"(?<![a-z])(?:blend|mix|combin|merg)(?:e|ed|ing|ture)?|混合|融合|混搭|搭配|结合"
_RATIO: Final = r"(?<!aspect )(?<![a-z])(?:ratio|split)|比例"
_BETWEEN: Final = (
    r"(?:[\s:=(]|of|is|are|at|in|with|by|as|them|these|those|the|two|three|both|my|a|about|paintings?|styles?|pictures?"
    r"|weights?|ratio|比|为|是|按照?|成|用|以|的|两|三|幅|张|画|个|它们|一下){0,12}"
)
_SIGN: Final = r"(?: ?[/:比-] ?| to )"
_LIST: Final = r"(?: ?[,+&] ?| and |和| )"
_BEFORE: Final = r"(?<![\d.,/x$€£-])(?<!\d:)"
_BEHIND: Final = r"(?![\d/:x-]|[.,]\d|[a-z]| ?(?:am|pm|o'clock|点|分|年|月|日|号)(?![a-z]))"


def _row(sign: str) -> str:
    third = rf"(?:{sign}(?P<third>{SHARE}) ?%?)?"
    return rf"{_BEFORE}(?P<shares>(?P<first>{SHARE}) ?%?{sign}(?P<second>{SHARE}) ?%?{third}){_BEHIND}"


_CUE: Final = rf"(?:(?P<key>{_KEY})|(?P<blend>{_BLEND})|(?P<ratio>{_RATIO})){_BETWEEN}"
_CUED = re.compile(_CUE + _row(_SIGN))
_LISTED = re.compile(_CUE + _row(_LIST))
_FOLLOWED = re.compile(rf"{_row(_SIGN)}(?=(?: |的)?(?:(?:blend|mix|split|ratio|weight)|混合|融合|搭配|比例))")
_PLAIN = re.compile(rf"(?<!from )(?<!since )(?<!on )(?<!at ){_row(_SIGN)}")
_HAN = re.compile(r"(?<![\u4e00-\u9fff])([一二三四五六七八九])比([一二三四五六七八九])(?![\u4e00-\u9fff])")


def _written(match: re.Match[str]) -> str:
    """With one sign between the shares, whatever was written there."""
    return "/".join(share for share in match.group("first", "second", "third") if share)


def _numbers(match: re.Match[str]) -> tuple[float, ...]:
    return shares(_written(match))


def balanced(numbers: Sequence[float]) -> bool:
    """Shares of a hundred, or of one; 33/33/33 too."""
    total = sum(numbers)
    return abs(total - 100) <= len(numbers) - 2 + 1e-6 or math.isclose(total, 1)


def _modest(numbers: Sequence[float]) -> bool:
    """2:1, but neither 16:9 nor 24/7."""
    return balanced(numbers) or max(numbers) <= 10


def _clock(match: re.Match[str]) -> bool:
    return re.fullmatch(r"(?:1?\d|2[0-3]):[0-5]\d", match["shares"]) is not None


def _cued(text: str) -> Iterator[Number]:
    for match in _CUED.finditer(text):
        numbers = _numbers(match)
        if match["key"] or (_modest(numbers) if match["ratio"] else not _clock(match)):
            yield _at(match)


def _listed(text: str) -> Iterator[Number]:
    """`blend 2 and 3` are pictures, `weights 2 and 3` and `blend 40 and 60` are shares."""
    return (_at(match) for match in _LISTED.finditer(text) if match["key"] or balanced(_numbers(match)))


def _followed(text: str) -> Iterator[Number]:
    return (_at(match) for match in _FOLLOWED.finditer(text) if _modest(_numbers(match)))


def _plain(text: str) -> Iterator[Number]:
    """Without a cue: shares of a hundred; of ten, or some to one, only where nothing else is said."""
    for match in _PLAIN.finditer(text):
        numbers = _numbers(match)
        to_one = ":" in match["shares"] and min(numbers) == 1 and max(numbers) <= 10
        if balanced(numbers) or sum(numbers) == 10 or to_one:
            yield _at(match, lone=not balanced(numbers))


def _han(text: str) -> Iterator[Number]:
    """七比三."""
    for match in _HAN.finditer(text):
        yield Number.at(match, setting("weights", f"{han(match[1])}/{han(match[2])}"), lone=True)


def _at(match: re.Match[str], lone: bool = False) -> Number:
    return Number(*match.span("shares"), setting("weights", _written(match)) or {}, lone)


RATIOS: Final = (_cued, _listed, _followed, _plain, _han)
