"""Numbers as people write them: decimal commas, thousands, parts of a whole, two sides, and Chinese ones."""

import math
import re
from typing import Final

PART: Final = r"\d{1,4}(?:[.,]\d{1,2})? ?(?:/|out of) ?\d{1,4}(?![.,/:]?\d)"
"""80/100, 8 out of 10."""
THOUSANDS: Final = r"[1-9]\d?[.,']\d{3}(?!\d)"
SPACED_THOUSANDS: Final = r"(?<!picture )(?<!painting )(?<!photo )(?<!image )(?<!style )[1-9] \d{3}(?!\d)"
"""A thin space reads as a space: 2 048, but not the 512 px of picture 2."""
PIXELS: Final = r"(?:px|pixels?|像素)"
_SIDE: Final = rf"(?:{THOUSANDS}|{SPACED_THOUSANDS}|\d{{3,5}})"
SIDES: Final = rf"{_SIDE} ?{PIXELS}? ?(?:[x×*]|by) ?{_SIDE}(?!\d)"
"""1280x720, 512 px × 512."""
SHARE: Final = r"(?:0(?:[.,]\d{1,2})?|[1-9]\d{0,3}(?:\.\d{1,2})?)"
"""One share of several; 07 is a minute or a month."""
_SHARES = re.compile(rf"({SHARE})%?[,/:+-]({SHARE})%?(?:[,/:+-]({SHARE})%?)?")
HAN: Final = r"一?百|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"


def number(written: str) -> float | None:
    """A number with a decimal point or comma, perhaps with % or x behind it."""
    try:
        value = float(written[:20].rstrip("%x").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def whole(written: str) -> float | None:
    """The same where fractions make no sense, so that a point or a comma before three digits groups thousands."""
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,' ]\d{3}){1,3}", written)
    return float(re.sub(r"\D", "", written)) if grouped else number(written)


def part(written: str) -> float | None:
    """The quotient of a PART, up to 1."""
    sides = re.split(r"/|out of", written)
    if len(sides) != 2:
        return None
    share, total = (number(side.strip()) for side in sides)
    return share / total if share is not None and total and 0 <= share <= total else None


def shares(written: str) -> tuple[float, ...]:
    """Two or three shares, as 70/30 or 2,1; none where they are anything else."""
    match = _SHARES.fullmatch(written)
    found = [number(share) for share in match.groups() if share] if match else []
    return tuple(share for share in found if share is not None)


def pixels(written: str) -> float | None:
    """A length in pixels; of two sides the longer; 2k is 2048."""
    sides = [side.strip(" .,") for side in re.split(rf"{PIXELS}|[x×*]|by", written) if side.strip(" .,")]
    lengths = [_length(side) for side in sides[:3]]
    known = [length for length in lengths if length is not None]
    return max(known) if known and len(known) == len(lengths) <= 2 else None


def _length(written: str) -> float | None:
    thousands = re.fullmatch(r"([1-9](?:[.,]\d)?)k", written)
    return 1024 * float(thousands[1].replace(",", ".")) if thousands else whole(written)


def han(written: str) -> int:
    """一 to 一百."""
    if written.endswith("百"):
        return 100
    tens, ten, ones = written.rpartition("十")
    digits = "零一二三四五六七八九"
    return (10 * (digits.index(tens) if tens else 1) if ten else 0) + (digits.index(ones) if ones else 0)
