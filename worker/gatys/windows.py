"""Statistics place by place: the Gram matrices of overlapping windows.

A Gram matrix of a whole picture can be met by half of it. Li & Wand (2016), "Combining Markov Random Fields and
Convolutional Neural Networks", and Kolkin et al. (2022), "Neural Neighbor Style Transfer", match patches and single
features with the nearest of the style; here it is the statistics of windows: strokes everywhere, objects nowhere.

The weights of a window fall from 1 at its centre to 0 at its neighbours' centres, so that each position lies in at most
two windows of a side and in four of the grid.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.gatys.tiles import Tile, part

FEWEST_POSITIONS = 2
"""Least distance between the centres of two windows, in positions."""

AT_ONCE = 2**16
"""Positions of windows that are worked on at once; each position of a layer is one of four windows."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a grid of windows: in which two windows each position lies, and how much of it in the second."""

    windows: int
    before: tuple[int, ...]
    """Of each position, in ascending order, the first of its windows: -1 before the first centre."""
    share: tuple[float, ...]
    """Weight of each position in the next window; the one before has the rest of 1."""

    @classmethod
    def over(cls, positions: int, spacing: float) -> "Side":
        """Windows about `spacing` positions apart over so many positions."""
        windows = max(1, round(positions / max(FEWEST_POSITIONS, spacing)))
        at = [(n + 0.5) * windows / positions - 0.5 for n in range(positions)]
        before = [math.floor(x) for x in at]
        share = [1.0 if n < 0 else 0.0 if n == windows - 1 else x - n for x, n in zip(at, before, strict=True)]
        return cls(windows, tuple(before), tuple(share))

    def within(self, own: slice) -> "Side":
        """A part of the side, its positions counted from there."""
        return Side(self.windows, self.before[own], self.share[own])

    @property
    def seen(self) -> range:
        """The windows that have positions."""
        return range(max(0, self.before[0]), min(self.windows, self.before[-1] + 2))

    def members(self) -> tuple[Tensor, Tensor]:
        """Positions of each window that has any, wxn, and their weights, wxn: 0 where a window has fewer than n."""
        found = [[(n, self._weight(n, w)) for n, k in enumerate(self.before) if w - 1 <= k <= w] for w in self.seen]
        longest = max(map(len, found))
        padded = torch.tensor([own + [(0, 0.0)] * (longest - len(own)) for own in found], dtype=torch.float64)
        return padded[..., 0].long(), padded[..., 1]

    def homes(self) -> tuple[Tensor, Tensor, Tensor]:
        """Of each position and its two windows, px2: which of `seen`, which of its members, and with what weight."""
        starts = [next(n for n, k in enumerate(self.before) if w - 1 <= k) for w in self.seen]
        first, last = self.seen[0], self.seen[-1]
        pairs = [(min(max(k, first), last), min(max(k + 1, first), last)) for k in self.before]
        which = torch.tensor(pairs) - first
        member = torch.tensor([[n - starts[w - first] for w in pair] for n, pair in enumerate(pairs)])
        weight = [[self._weight(n, w) for w in (k, k + 1)] for n, k in enumerate(self.before)]
        return which, member, torch.tensor(weight, dtype=torch.float64)

    def _weight(self, position: int, window: int) -> float:
        if not 0 <= window < self.windows:
            return 0.0
        share = self.share[position]
        return share if window > self.before[position] else 1 - share


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """A grid of windows over a layer; at every position their weights sum to 1."""

    rows: Side
    columns: Side
    places: Tensor
    """Index of each position of each window in the layer read row by row, RxP; shorter ones repeat the first."""
    weights: Tensor
    """Of each of them, RxP; 0 where repeated."""
    homes: Tensor
    """Index among `places` of each position of the layer, as a member of its four windows, Nx4."""
    shares: Tensor
    """Weights of those four, Nx4, summing to 1."""

    @classmethod
    def over(cls, size: tuple[int, int], spacing: float, like: Tensor) -> "Windows":
        """A grid over (height, width) positions, its centres about `spacing` positions apart; on the device of like."""
        return cls._of(Side.over(size[0], spacing), Side.over(size[1], spacing), like)

    @classmethod
    def _of(cls, rows: Side, columns: Side, like: Tensor) -> "Windows":
        (y, down), (x, across) = rows.members(), columns.members()
        places = y[:, None, :, None] * len(columns.before) + x[None, :, None, :]
        weights = down[:, None, :, None] * across[None, :, None, :]
        row, n, above = rows.homes()
        column, m, left = columns.homes()
        window = row[:, None, :, None] * len(x) + column[None, :, None, :]
        member = n[:, None, :, None] * x.shape[1] + m[None, :, None, :]
        shares = above[:, None, :, None] * left[None, :, None, :]
        places, weights = places.flatten(2).flatten(0, 1), weights.flatten(2).flatten(0, 1)
        homes = (window * places.shape[1] + member).flatten(2).flatten(0, 1)
        on = like.device
        return cls(rows, columns, places.to(on), weights.to(like), homes.to(on), shares.view(-1, 4).to(like))

    def within(self, tile: Tile, size: tuple[int, int], stride: int) -> "Windows":
        """The parts of the windows over the positions that a tile owns, of a layer of (height, width)."""
        rows, columns = part(tile.rows, size[0], stride), part(tile.columns, size[1], stride)
        return self._of(self.rows.within(rows), self.columns.within(columns), self.weights)

    def __len__(self) -> int:
        return self.rows.windows * self.columns.windows

    @property
    def _grid(self) -> tuple[int, int]:
        return self.rows.windows, self.columns.windows

    @property
    def _seen(self) -> tuple[slice, slice]:
        rows, columns = self.rows.seen, self.columns.seen
        return slice(rows.start, rows.stop), slice(columns.start, columns.stop)

    def strips(self) -> Iterator[slice]:
        """Windows in parts that are worked on at once."""
        seen, members = self.places.shape
        step = max(1, AT_ONCE // members)
        return (slice(start, start + step) for start in range(0, seen, step))

    def of_all(self, found: Tensor) -> Tensor:
        """What was found of the windows that have positions here, for all: 0 for the others. Rx..."""
        if len(found) == len(self):
            return found
        rows, columns = self._seen
        whole = found.new_zeros(*self._grid, *found.shape[1:])
        whole[rows, columns] = found.view(rows.stop - rows.start, columns.stop - columns.start, *found.shape[1:])
        return whole.flatten(0, 1)

    def of_seen(self, D: Tensor) -> Tensor:
        """The other way round: of all, Rx..., those that have positions here."""
        rows, columns = self._seen
        return D if len(self.places) == len(D) else D.view(*self._grid, *D.shape[1:])[rows, columns].flatten(0, 1)


def window_sums(F: Tensor, windows: Windows, T: Tensor | None = None) -> Tensor:
    """G of eq. 3 of each window, weighted by it: 1xCxHxW -> RxCxC float32. T: a guidance channel, as in `gram_sum`."""
    f, found = _by_position(F if T is None else F * T.to(F.dtype)), []
    roots = windows.weights.sqrt().to(F.dtype)  # each product of two features has the weight once
    for strip in windows.strips():
        own = _members(f, windows.places[strip]).mul_(roots[strip, :, None])
        found.append((own.mT @ own).float())
    return windows.of_all(torch.cat(found))


def window_gradient(F: Tensor, D: Tensor, windows: Windows, T: Tensor | None = None) -> Tensor:
    """Gradient with respect to F, 1xCxHxW, of the sum of D * window_sums(F), for symmetric matrices D, RxCxC."""
    f, D_seen = _by_position(F), windows.of_seen(2 * D).to(F.dtype)
    pulls = f.new_empty(*windows.places.shape, f.shape[1])
    for strip in windows.strips():
        torch.bmm(_members(f, windows.places[strip]), D_seen[strip], out=pulls[strip])
    shares = windows.shares.to(F.dtype)
    gradient = nnf.embedding_bag(windows.homes, pulls.flatten(0, 1), per_sample_weights=shares, mode="sum")
    gradient = gradient.view(1, *F.shape[-2:], F.shape[1]).permute(0, 3, 1, 2)
    return gradient if T is None else gradient * T.square().to(F.dtype)


def _by_position(F: Tensor) -> Tensor:
    """Features row by row: 1xCxHxW -> HWxC."""
    return F.permute(0, 2, 3, 1).reshape(-1, F.shape[1])


def _members(f: Tensor, places: Tensor) -> Tensor:
    """The rows of f, HWxC, at these places, RxP: RxPxC. On a CPU index_select is twice as fast as an index."""
    return f.index_select(0, places.flatten()).view(*places.shape, f.shape[1])


def window_positions(windows: Windows, T: Tensor) -> Tensor:
    """How many positions each window's Gram matrix sums over, R: each counts by its weight and the square of T."""
    counted = T.square().flatten()[windows.places] * windows.weights
    return windows.of_all(counted.sum(1)).clamp_min(1e-6)


def window_means(m: Tensor, windows: Windows) -> Tensor:
    """Mean of a map over a whole layer, 1x1xHxW, in each window, weighted by it: R."""
    return (m.flatten()[windows.places] * windows.weights).sum(1) / windows.weights.sum(1)
