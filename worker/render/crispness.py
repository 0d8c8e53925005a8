"""How crisp a picture is, and a painting made crisper: the level of its finest light and shade.

That is its luminance less its Gaussian blur, and to raise it is unsharp masking, up to a level and no further.
Pictures are RGB, 1x3xHxW, sRGB in [0, 1].
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from worker.gatys.luminance import luminance
from worker.render.gaussian import blurred, reach_px
from worker.render.strips import Own, strips

FINE_PX = 1.0
"""Deviation of the blur."""

STRIP_PIXELS = 2**20
"""Pixels worked on at a time."""


def level(picture: Tensor) -> float:
    """Mean square of the fine luminance."""
    sums = [_fine(strip)[own].square().sum() for strip, own in _strips(picture)]
    return float(torch.stack(sums).sum()) / (picture.shape[-2] * picture.shape[-1])


def raised(painting: Tensor, least: float) -> Tensor:
    """The painting at a level of at least `least`."""
    gain = (least / max(level(painting), 1e-12)) ** 0.5
    if gain <= 1:
        return painting
    parts = [(strip + (gain - 1) * _fine(strip))[own] for strip, own in _strips(painting)]
    return torch.cat(parts, 2).clamp(0, 1)


def _fine(picture: Tensor) -> Tensor:
    Y = luminance(picture)
    return Y - blurred(Y, FINE_PX)


def _strips(picture: Tensor) -> Iterator[tuple[Tensor, Own]]:
    return strips(picture, pixels=STRIP_PIXELS, halo_px=reach_px(FINE_PX))
