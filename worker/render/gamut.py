"""The colours of some pictures, and the nearest of them to any other: a painting has none that its pictures have not.

A gamut is a convex polygon in the plane of chroma (colour without luminance), so it holds every mixture of colours that
occur: a point for grey pictures, a line for sepia ones. Pictures are RGB, 1x3xHxW, sRGB in [0, 1].
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from worker.gatys.luminance import luminance
from worker.render.colour import chroma_of, with_chroma

DIRECTIONS = 24
"""Of the plane, in each of which the polygon reaches as far as the colours do."""

CELL = 4 / 255
"""Side of the cells in which colours are counted, in units of the full range of a channel."""

CELLS = 2 * math.ceil(1 / CELL) + 1
"""Of a side of the plane, which reaches from -1 to 1."""

SHARE = 1e-4
"""Of a picture's pixels in one cell, from which the colour counts as the picture's: less is noise."""

GREY = 1 / 512
"""Distance from grey below which a colour is grey: half of what 8 bits can tell."""


@dataclass(frozen=True, slots=True, eq=False)
class Gamut:
    """A convex polygon of chroma, its corners anticlockwise, Mx2; with one or two corners, a point or a line."""

    corners: Tensor

    @classmethod
    def of(cls, pictures: Iterable[Tensor]) -> Self:
        """The smallest that holds the colours of all."""
        colours = torch.cat([_occurring(picture) for picture in pictures])
        angles = torch.arange(DIRECTIONS) * (2 * math.pi / DIRECTIONS)
        farthest = (colours @ torch.stack([angles.cos(), angles.sin()])).argmax(0)
        return cls(colours[torch.unique_consecutive(farthest)])

    def nearest(self, colours: Tensor) -> Tensor:
        """Colours of the plane, Nx2, each moved to the nearest point of the polygon; those inside stay as they are."""
        starts, ends = self.corners, self.corners.roll(-1, 0)
        outside = torch.full((len(colours),), len(starts) < 3)
        for start, end in zip(starts, ends, strict=True):
            outside |= _turn(end - start, colours - start) < 0
        moved = colours.clone()
        moved[outside] = _nearest_on_edges(colours[outside], starts, ends)
        return moved

    def kept(self, painting: Tensor) -> Tensor:
        """The painting with every colour moved into the gamut, luminance kept."""
        chroma = chroma_of(painting)
        kept = self.nearest(chroma[0].flatten(1).T).T.reshape(chroma.shape)
        return with_chroma(luminance(painting), kept)


def _occurring(picture: Tensor) -> Tensor:
    """The colours that occur, Nx2: the mean of each cell that holds its share of the pixels; near grey is grey."""
    colours = chroma_of(picture.float().cpu())[0].flatten(1)
    rows, columns = (colours / CELL).round().long() + CELLS // 2
    which = rows * CELLS + columns
    counts = torch.bincount(which, minlength=CELLS**2)
    means = torch.stack([torch.bincount(which, axis, minlength=CELLS**2) for axis in colours], 1)
    common = counts >= max(1.0, SHARE * len(which))
    means = means[common] / counts[common, None]
    return torch.where(means.norm(dim=1, keepdim=True) < GREY, torch.zeros(()), means)


def _nearest_on_edges(colours: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
    best, distance = torch.zeros_like(colours), torch.full((len(colours), 1), math.inf)
    for start, end in zip(starts, ends, strict=True):
        along = end - start
        t = ((colours - start) @ along / along.square().sum().clamp_min(1e-12)).clamp(0, 1)
        on_edge = start + t[:, None] * along
        here = (colours - on_edge).square().sum(1, keepdim=True)
        best, distance = torch.where(here < distance, on_edge, best), torch.minimum(here, distance)
    return best


def _turn(a: Tensor, b: Tensor) -> Tensor:
    """Positive where b lies to the left of a."""
    return a[0] * b[:, 1] - a[1] * b[:, 0]
