"""The ladder from coarse to fine: at which sizes a picture is painted, and how long at each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as nnf

SMALLEST_SIDE_PX = 32
"""Below this a side has less than two positions at relu5_1; narrower pictures are widened while they are painted."""

FEWEST = 18
"""Iterations at any scale but a shorter first one: with less, the finest octave of a large painting stays a photo."""

_STRETCH = 0.2
"""Octaves by which a scale may be more than twice as large as the one before, rather than that there is one more."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One rung: a picture's (height, width) and the iterations spent there."""

    size: tuple[int, int]
    steps: int

    @property
    def edge_px(self) -> int:
        """The long side."""
        return max(self.size)

    @property
    def pixels(self) -> int:
        """Height times width."""
        return self.size[0] * self.size[1]


def fitted(size: Sequence[int], edge_px: float) -> tuple[int, int]:
    """The (height, width) of a picture of this shape whose long side is edge_px; no side is under one pixel."""
    k = edge_px / max(size)
    return max(1, round(size[0] * k)), max(1, round(size[1] * k))


def style_size(size: Sequence[int], edge_px: float) -> tuple[int, int]:
    """The (height, width) at which a style of this shape is looked at; no side is too narrow for the network."""
    height, width = fitted(size, edge_px)
    return max(SMALLEST_SIDE_PX, height), max(SMALLEST_SIDE_PX, width)


def ladder(size: tuple[int, int], *, first_px: int, steps: int, fewer: float) -> tuple[Scale, ...]:
    """Scales for a painting of (height, width): evenly apart, most iterations where pixels are few.

    The first is first_px on its long side, or larger where its short side would be too narrow for the network; each
    next one is about twice as large and at most 2.3 times. The first gets `steps` iterations, and each later one
    2^(-fewer) times those of the one before, but not less than FEWEST.
    """
    edge = max(size)
    rungs = max(0, math.ceil(math.log2(edge / first_px) - _STRETCH))
    factor = (edge / first_px) ** (1 / max(1, rungs))
    sizes = [fitted(size, edge / factor**n) for n in range(rungs, 0, -1)]
    sizes = [s for s in sizes if min(s) >= SMALLEST_SIDE_PX] + [size]
    return tuple(Scale(s, max(min(steps, FEWEST), round(steps * 2 ** (-fewer * n)))) for n, s in enumerate(sizes))


def resized(x: Tensor, size: tuple[int, int]) -> Tensor:
    """A picture at another (height, width), antialiased bicubic, in [0, 1]. x: RGB, 1x3xHxW."""
    return interpolated(x, size).clamp(0, 1)


def interpolated(x: Tensor, size: tuple[int, int]) -> Tensor:
    """The same of anything that is 1xCxHxW, in any range."""
    if tuple(x.shape[-2:]) == size:
        return x
    return nnf.interpolate(x, size=size, mode="bicubic", antialias=True, align_corners=False)


def widened(x: Tensor) -> Tensor:
    """A picture no side of which is under SMALLEST_SIDE_PX: its border is repeated below and to the right."""
    height, width = x.shape[-2:]
    below, right = max(0, SMALLEST_SIDE_PX - height), max(0, SMALLEST_SIDE_PX - width)
    return nnf.pad(x, (0, right, 0, below), mode="replicate") if below or right else x
