"""A picture in tiles that overlap by what the network sees, so that the parts add up to the whole."""

from dataclasses import dataclass

from torch import Tensor

STRIDE = 16
"""Pixels a position of relu5_1: tiles that start at a multiple of it pool the same pixels together as the whole."""

HALO_PX = 96
"""relu5_1 of VGG-19 sees 85 px to each side; with so many around it, a tile's own features are those of the whole."""


@dataclass(frozen=True, slots=True)
class Span:
    """One side of a tile: what it reads and, within that, what it owns, in pixels of the picture."""

    outer: slice
    inner: slice
    last: bool

    def own(self, positions: int, stride: int) -> slice:
        """The features it owns among the positions of a layer with this stride."""
        start = (self.inner.start - self.outer.start) // stride
        return slice(start, positions if self.last else (self.inner.stop - self.outer.start) // stride)


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a picture; every position of every layer is owned by exactly one."""

    rows: Span
    columns: Span

    def read(self, x: Tensor) -> Tensor:
        """What the network must see of x, 1xCxHxW."""
        return x[..., self.rows.outer, self.columns.outer]

    def own(self, F: Tensor, stride: int) -> Tensor:
        """Those features of what was read that are the tile's own. F: 1xCxHxW."""
        return F[..., self.rows.own(F.shape[-2], stride), self.columns.own(F.shape[-1], stride)]

    def own_of_whole(self, F: Tensor, stride: int) -> Tensor:
        """The tile's own part of a map of the whole picture, such as a mask at a layer's size."""
        return F[..., part(self.rows, F.shape[-2], stride), part(self.columns, F.shape[-1], stride)]


def tiled(size: tuple[int, int], tile_px: int | None) -> tuple[Tile, ...]:
    """Tiles that own at most about tile_px by tile_px of a picture of (height, width); None is one tile."""
    height, width = size
    rows, columns = _spans(height, tile_px or height), _spans(width, tile_px or width)
    return tuple(Tile(r, c) for r in rows for c in columns)


def _spans(side: int, tile_px: int) -> list[Span]:
    pieces = -(-side // tile_px)
    own = max(STRIDE, -(-side // (pieces * STRIDE)) * STRIDE) if pieces > 1 else side
    return [_span(start, min(start + own, side), side) for start in range(0, side, own)]


def _span(start: int, stop: int, side: int) -> Span:
    return Span(slice(max(0, start - HALO_PX), min(side, stop + HALO_PX)), slice(start, stop), last=stop == side)


def part(span: Span, positions: int, stride: int) -> slice:
    return slice(span.inner.start // stride, positions if span.last else span.inner.stop // stride)
