"""A painting smoothed along its strokes and nowhere across them.

What a network sees leaves a grain in a painting that no brush would: bristles run along a stroke. Each pixel is
averaged with what lies a pixel before and behind it in the direction of least change, which the structure tensor of
Förstner & Gülch (1987) tells, and again in large paintings, whose strokes are longer; Kyprianidis & Kang (2011), "Image
and Video Abstraction by Coherence-Enhancing Filtering", smooth along it over far longer ways. Pictures are RGB,
1x3xHxW, sRGB in [0, 1].
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.render.gaussian import blurred, reach_px
from worker.render.strips import strips

WEIGHT = 0.6
"""Of what lies before and of what lies behind, against 1 of the pixel itself."""

REACH_PX = 2.0
"""Deviation of the Gaussian over which the direction is asked for: single pixels have none."""

PASS_PX = 512
"""Of the long side, for each pass; smaller paintings have one as well."""

HALO_PX = reach_px(REACH_PX) + 2
STRIP_PIXELS = 2**20
"""Pixels worked on at a time: their directions and samples take some ten times their memory."""


def brushed(painting: Tensor) -> Tensor:
    """The painting, each pixel averaged with its neighbours along the stroke; where nothing has a direction, less."""
    for _ in range(max(1, max(painting.shape[-2:]) // PASS_PX)):
        parts = strips(painting, pixels=STRIP_PIXELS, halo_px=HALO_PX)
        painting = torch.cat([_smoothed(strip)[own] for strip, own in parts], 2)
    return painting


def _smoothed(picture: Tensor) -> Tensor:
    height, width = picture.shape[-2:]
    direction, certainty = _strokes(picture)
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    here = torch.stack([x, y], -1).to(picture)
    weight = WEIGHT * certainty
    whole, summed = 1 + 2 * weight, picture
    for way in (direction, -direction):
        summed = summed + weight * _sampled(picture, here + way)
    return summed / whole


def _sampled(picture: Tensor, at: Tensor) -> Tensor:
    """The picture at places between its pixels, HxWx2, x before y; beyond its border the border goes on."""
    size = at.new_tensor([picture.shape[-1], picture.shape[-2]])
    grid = (2 * at + 1) / size - 1
    return nnf.grid_sample(picture, grid[None], mode="bilinear", padding_mode="border", align_corners=False)


def _strokes(picture: Tensor) -> tuple[Tensor, Tensor]:
    """The direction of least change at each place, HxWx2 of length 1, and how certain it is, 1x1xHxW in [0, 1]."""
    padded = nnf.pad(picture, (1, 1, 1, 1), mode="replicate")
    across = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2
    down = (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2
    tensor = torch.cat([(a * b).sum(1, keepdim=True) for a, b in ((across, across), (across, down), (down, down))], 1)
    smooth = blurred(tensor, REACH_PX)
    xx, xy, yy = smooth[:, :1], smooth[:, 1:2], smooth[:, 2:]
    along = 0.5 * torch.atan2(2 * xy, xx - yy)[0, 0] + math.pi / 2
    certainty = ((xx - yy).square() + 4 * xy.square()).sqrt() / (xx + yy).clamp_min(1e-6)
    return torch.stack([along.cos(), along.sin()], -1), certainty.clamp(0, 1)
