"""Statistics place by place: the Gram matrices of overlapping windows, each compared with the style's nearest one.

A Gram matrix of a whole picture can be met by half of it. Li & Wand (2016), "Combining Markov Random Fields and
Convolutional Neural Networks", and Kolkin et al. (2022), "Neural Neighbor Style Transfer", match patches and single
features with the nearest of the style; here it is the statistics of windows: strokes everywhere, objects nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys.tiles import Tile, part

FEWEST_POSITIONS = 2
"""Least distance between the centres of two windows, in positions."""


@dataclass(frozen=True, slots=True, eq=False)
class Hat:
    """One side of a window: weights that fall from 1 at its centre to 0 at its neighbours' centres."""

    start: int
    weights: Tensor

    def within(self, own: slice) -> "Hat":
        """What lies in a part of the side, counted from there."""
        start, stop = max(self.start, own.start), min(self.start + len(self.weights), own.stop)
        return Hat(max(0, start - own.start), self.weights[max(0, start - self.start) : max(0, stop - self.start)])

    @property
    def span(self) -> slice:
        """Positions of a non-zero weight."""
        return slice(self.start, self.start + len(self.weights))


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """A grid of windows over a layer; at every position their weights sum to 1."""

    rows: tuple[Hat, ...]
    columns: tuple[Hat, ...]

    @classmethod
    def over(cls, size: tuple[int, int], spacing: float, like: Tensor) -> "Windows":
        """A grid over (height, width) positions, its centres about `spacing` positions apart."""
        rows, columns = (tuple(_hats(side, spacing, like)) for side in size)
        return cls(rows, columns)

    def within(self, tile: Tile, size: tuple[int, int], stride: int) -> "Windows":
        """The parts of the windows over the positions that a tile owns, of a layer of (height, width)."""
        rows, columns = part(tile.rows, size[0], stride), part(tile.columns, size[1], stride)
        return Windows(tuple(h.within(rows) for h in self.rows), tuple(h.within(columns) for h in self.columns))

    def pairs(self) -> list[tuple[Hat, Hat]]:
        """Row and column of each window."""
        return [(row, column) for row in self.rows for column in self.columns]


def _hats(side: int, spacing: float, like: Tensor) -> list[Hat]:
    count = max(1, round(side / max(FEWEST_POSITIONS, spacing)))
    if count == 1:
        return [Hat(0, like.new_ones(side))]
    centres = (torch.arange(count, device=like.device, dtype=like.dtype) + 0.5) * (side / count) - 0.5
    at = torch.arange(side, device=like.device, dtype=like.dtype).clamp(centres[0], centres[-1])
    weights = (1 - (at - centres[:, None]).abs() * (count / side)).clamp_min(0)
    bounds = [
        (max(0, int((n - 0.5) * side / count)), min(side, int((n + 1.5) * side / count) + 1)) for n in range(count)
    ]
    return [Hat(start, row[start:stop]) for row, (start, stop) in zip(weights, bounds, strict=True)]


def window_sums(F: Tensor, windows: Windows, T: Tensor | None = None) -> Tensor:
    """G of eq. 3 of each window, weighted by it: 1xCxHxW -> RxCxC float32. T: a guidance channel, as in `gram_sum`."""
    F = F if T is None else F * T.to(F.dtype)
    return torch.stack([_window_sum(F, row, column) for row, column in windows.pairs()])


def _window_sum(F: Tensor, row: Hat, column: Hat) -> Tensor:
    f = F[0, :, row.span, column.span]
    weighted = f * (row.weights[:, None] * column.weights).to(F.dtype)
    return (weighted.flatten(1) @ f.flatten(1).T).float()


def window_gradient(F: Tensor, D: Tensor, windows: Windows, T: Tensor | None = None) -> Tensor:
    """Gradient with respect to F, 1xCxHxW, of the sum of D * window_sums(F), for symmetric matrices D, RxCxC."""
    gradient = torch.zeros_like(F)
    for D_r, (row, column) in zip((2 * D).to(F.dtype), windows.pairs(), strict=True):
        f = F[0, :, row.span, column.span]
        pull = (D_r @ f.flatten(1)).view_as(f) * (row.weights[:, None] * column.weights).to(F.dtype)
        gradient[0, :, row.span, column.span] += pull
    return gradient if T is None else gradient * T.square().to(F.dtype)


def window_positions(windows: Windows, T: Tensor) -> Tensor:
    """How many positions each window's Gram matrix sums over, R: each counts by its weight and the square of T."""
    ones = T.square()[0, 0]
    sums = [(ones[r.span, c.span] * r.weights[:, None] * c.weights).sum() for r, c in windows.pairs()]
    return torch.stack(sums).clamp_min(1e-6)


def nearest(G: Tensor, A: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """For each of G, RxCxC, the nearest of each style's windows, SxCxC, blended by the styles' shares."""
    found = torch.zeros_like(G)
    for own, share in zip(A, shares, strict=True):
        apart = own.square().sum((1, 2)) - 2 * G.flatten(1) @ own.flatten(1).T
        found += share * own[apart.argmin(1)]
    return found
