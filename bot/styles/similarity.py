"""What a picture is like, in a few numbers, and how well two pictures go together.

Plain Python: a picture is measured so small that it takes a few hundredths of a second, and NumPy would be two fifths
of what a host for the bot alone installs.
"""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import fmean, pstdev
from typing import Final

from PIL import Image

EDGE_PX: Final = 128
"""Long side at which pictures are measured."""

Grid = Sequence[Sequence[float]]
"""Rows of lightness."""

_HUES = 12
_FORMATS = ("JPEG", "PNG", "WEBP")
# sRGB (linear) -> LMS and LMS^(1/3) -> Oklab: Ottosson, "A perceptual color space for image processing" (2020).
_TO_LMS = ((0.4122215, 0.5363325, 0.0514460), (0.2119035, 0.6806995, 0.1073970), (0.0883025, 0.2817188, 0.6299787))
_TO_LAB = ((0.2104543, 0.7936178, -0.0040720), (1.9779985, -2.4285922, 0.4505937), (0.0259040, 0.7827718, -0.8086758))
_LINEAR = [
    value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in (n / 255 for n in range(256))
]


class Why(StrEnum):
    """In what a style goes well with a photo."""

    PALETTE = "palette"
    LIGHT = "light"
    TEXTURE = "texture"


@dataclass(frozen=True)
class Signature:
    """A picture measured at EDGE_PX; all numbers are about 0 to 1."""

    hues: tuple[float, ...]
    """Share of each of 12 hues in what colour there is, blurred over the neighbours; sums to 1."""
    colour: float
    """How colourful it is; 0 is grey."""
    lightness: float
    contrast: float
    """Standard deviation of lightness."""
    detail: tuple[float, float, float]
    """Mean absolute Laplacian of lightness at full, half and quarter size, relative to contrast."""


def measure(picture: bytes | Path) -> Signature:
    """The signature of an image file. Raises OSError where it cannot be read."""
    with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture, formats=_FORMATS) as image:
        image.thumbnail((EDGE_PX, EDGE_PX))
        small = image.convert("RGB")
    lab = [_oklab(*pixel) for pixel in zip(*(channel.tobytes() for channel in small.split()), strict=True)]
    lights = [light for light, _, _ in lab]
    contrast = pstdev(lights)
    whole = [lights[start : start + small.width] for start in range(0, len(lights), small.width)]
    fine, middle, coarse = (_laplacian(_shrunk(whole, step)) / (contrast + 0.02) for step in (1, 2, 4))
    hues, colour = _hues((a, b) for _, a, b in lab)
    return Signature(hues, colour, fmean(lights), contrast, (fine, middle, coarse))


def affinity(photo: Signature, style: Signature) -> dict[Why, float]:
    """How well they go together in each respect, 0 to 1.

    Colours near the photo's keep its mood; a style with more contrast than a flat photo lifts it, with less it drowns;
    fine grain keeps a detailed photo readable, a plain one carries broad strokes.
    """
    shared = sum(map(min, photo.hues, style.hues))
    lift = style.contrast - photo.contrast
    grain = abs(math.log((fmean(photo.detail) + 0.05) / (fmean(style.detail) + 0.05)))
    return {
        Why.PALETTE: shared * photo.colour + (1 - abs(photo.colour - style.colour)) * (1 - photo.colour),
        Why.LIGHT: math.exp(-3 * abs(photo.lightness - style.lightness)) * (1 if lift > 0 else math.exp(6 * lift)),
        Why.TEXTURE: math.exp(-grain),
    }


def _oklab(red: int, green: int, blue: int) -> tuple[float, float, float]:
    """8-bit sRGB to Oklab."""
    r, g, b = _LINEAR[red], _LINEAR[green], _LINEAR[blue]
    long, middle, short = (math.cbrt(x * r + y * g + z * b) for x, y, z in _TO_LMS)
    (l0, l1, l2), (a0, a1, a2), (b0, b1, b2) = _TO_LAB
    return (
        l0 * long + l1 * middle + l2 * short,
        a0 * long + a1 * middle + a2 * short,
        b0 * long + b1 * middle + b2 * short,
    )


def _hues(chroma: Iterable[tuple[float, float]]) -> tuple[tuple[float, ...], float]:
    """Shares of the hues, and how colourful it is, of Oklab's (a, b)."""
    shares, colourful = [0.0] * _HUES, []
    for a, b in chroma:
        weight = min(1.0, math.hypot(a, b) / 0.12)
        shares[int((math.atan2(b, a) / math.tau) % 1 * _HUES) % _HUES] += weight
        colourful.append(weight)
    # A sky is not all one hue: a third of each spills over to its neighbours. Grey alone counts as every hue.
    blurred = [(shares[n] + shares[n - 1] + shares[(n + 1) % _HUES]) / 3 + 1e-9 for n in range(_HUES)]
    return tuple(share / sum(blurred) for share in blurred), math.sqrt(fmean(colourful))


def _shrunk(light: Grid, step: int) -> Grid:
    """Means of step x step; what is left over at the edges is left out."""
    height, width = len(light), len(light[0])
    if step == 1 or min(height, width) < step:
        return light
    return [
        [
            sum(sum(row[left : left + step]) for row in light[top : top + step]) / step**2
            for left in range(0, width - step + 1, step)
        ]
        for top in range(0, height - step + 1, step)
    ]


def _laplacian(light: Grid) -> float:
    """Mean absolute difference of each from the mean of its four neighbours; the edge goes on outside."""
    total = 0.0
    for number, row in enumerate(light):
        above, below = light[max(0, number - 1)], light[min(len(light) - 1, number + 1)]
        padded = [row[0], *row, row[-1]]
        beside = zip(padded, padded[2:], strict=False)
        total += sum(
            abs(here - (up + down + left + right) / 4)
            for here, up, down, (left, right) in zip(row, above, below, beside, strict=False)
        )
    return total / (len(light) * len(light[0]))
