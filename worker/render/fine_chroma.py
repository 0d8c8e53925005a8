"""Colour from pixel to pixel that no light and shade goes with, held at the level that the style has of it.

What a network sees leaves single red and green pixels in a painting. They are what is left of its chroma once
everything is taken away that follows the luminance: the guided filter of He, Sun & Tang (2013), "Guided Image
Filtering", with chroma as the input and luminance as the guide. Pictures are RGB, 1x3xHxW, sRGB in [0, 1].
"""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.gatys.luminance import luminance
from worker.render.colour import chroma_of, with_chroma
from worker.render.strips import Own, strips

RADIUS_PX = 2
"""Of the filter's windows."""

EPSILON = 1e-4
"""Variance of luminance within a window, of which less counts as none."""

ROUNDS = 3
"""Times that fine chroma is taken away at most: what is left is filtered anew and shows a little more."""

ENOUGH = 0.95
"""Of the level, within which a painting is held to it."""

HALO_PX = 2 * RADIUS_PX
STRIP_PIXELS = 2**20
"""Pixels worked on at a time: the filter takes some fifteen times their memory."""


def level(picture: Tensor) -> Tensor:
    """Second moments of the fine chroma, 2x2, in the plane of worker.render.colour.chroma_of."""
    moments = torch.zeros(2, 2)
    for strip, own in _strips(picture):
        fine = _fine(strip)[own][0].flatten(1)
        moments += fine @ fine.T
    return moments / (picture.shape[-2] * picture.shape[-1])


def held(painting: Tensor, most: Tensor) -> Tensor:
    """The painting with a level of at most `most` along each of its two axes; luminance and the rest of chroma stay."""
    values, axes = torch.linalg.eigh(most)
    for _ in range(ROUNDS):
        here = (axes.T @ level(painting) @ axes).diagonal()
        gains = (values.clamp_min(0) / here.clamp_min(1e-12)).sqrt().clamp(max=1)
        if bool((gains > ENOUGH).all()):
            break
        painting = _less(painting, torch.eye(2) - axes * gains @ axes.T)
    return painting


def _less(painting: Tensor, share: Tensor) -> Tensor:
    """The painting less a share of its fine chroma, a 2x2 map of it."""
    strips = []
    for strip, own in _strips(painting):
        chroma = chroma_of(strip) - torch.einsum("bchw,kc->bkhw", _fine(strip), share)
        strips.append(with_chroma(luminance(strip), chroma)[own])
    return torch.cat(strips, 2)


def _fine(picture: Tensor) -> Tensor:
    """Chroma less what a line through the luminance of each window says of it."""
    Y, chroma = luminance(picture), chroma_of(picture)
    mean_Y, mean_chroma = _mean(Y), _mean(chroma)
    variance = (_mean(Y.square()) - mean_Y.square()).clamp_min(0)
    slope = (_mean(chroma * Y) - mean_chroma * mean_Y) / (variance + EPSILON)
    offset = mean_chroma - slope * mean_Y
    return chroma - (_mean(slope) * Y + _mean(offset))


def _mean(x: Tensor) -> Tensor:
    """Of each position's window: by a convolution, twice as fast as avg_pool2d on a CPU."""
    side, channels = 2 * RADIUS_PX + 1, x.shape[1]
    padded = nnf.pad(x, (RADIUS_PX,) * 4, mode="replicate")
    return nnf.conv2d(padded, x.new_full((channels, 1, side, side), 1 / side**2), groups=channels)


def _strips(picture: Tensor) -> Iterator[tuple[Tensor, Own]]:
    return strips(picture, pixels=STRIP_PIXELS, halo_px=HALO_PX)
