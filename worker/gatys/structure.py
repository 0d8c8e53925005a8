"""How much structure a photo has at each place: where the content binds, and where the style is free."""

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.gatys.luminance import luminance
from worker.gatys.scales import fitted, interpolated, resized

SEEN_PX = 256
"""Long side at which a photo is looked at, so that every scale of a painting is bound at the same places."""

BLUR = 0.02
"""Reach of a line beyond itself, as a share of the long side."""

FULL = 0.8
"""Quantile of the slope from which on a place counts as all structure."""

DARK = 0.4
"""Of the mean luma, added to a place's own, by which its slope is divided: fainter lines count in the dark (Weber)."""

RAREST = 0.5
"""Share of the steepest slope that counts as all structure in a photo that is nearly all even."""


@torch.no_grad()
def structure(photo: Tensor) -> Tensor:
    """The smoothed slope of the photo's luma relative to the luma, over its FULL quantile: 1x1xHxW in [0, 1].

    At most SEEN_PX long.
    photo: RGB, 1x3xHxW, sRGB in [0, 1]. An even photo has no structure: 0 everywhere.
    """
    small = resized(photo, fitted(photo.shape[-2:], min(SEEN_PX, max(photo.shape[-2:]))))
    luma = luminance(small)
    padded = nnf.pad(luma, (0, 1, 0, 1), mode="replicate")
    down, across = padded[..., 1:, :-1] - luma, padded[..., :-1, 1:] - luma
    slope = (down.square() + across.square()).sqrt()
    light = _blurred(_blurred(luma, BLUR), BLUR) + DARK * luma.mean()
    slope = _blurred(_blurred(slope / light.clamp_min(1e-4), BLUR), BLUR)
    full = torch.maximum(slope.quantile(FULL), RAREST * slope.max()).clamp_min(1e-4)
    return (slope / full).clamp(0, 1)


def binding(structure: Tensor, floor: float, size: tuple[int, int]) -> Tensor:
    """Weight of the content at each position of a layer of this (height, width): `floor` without structure."""
    return (floor + (1 - floor) * interpolated(structure, size)).clamp(floor, 1)


def _blurred(m: Tensor, reach: float) -> Tensor:
    k = max(1, round(reach * max(m.shape[-2:]))) | 1
    return nnf.avg_pool2d(nnf.pad(m, (k // 2,) * 4, mode="replicate"), k, 1)
