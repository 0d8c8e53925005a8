"""A picture in horizontal strips: what a filter works on at once, so that a large picture takes little memory."""

from collections.abc import Iterator

from torch import Tensor

Own = tuple[slice, ...]
"""Which part of a strip, 1xCxHxW, is no halo."""


def strips(picture: Tensor, *, pixels: int, halo_px: int) -> Iterator[tuple[Tensor, Own]]:
    """About so many pixels at a time, 1xCxHxW, each with the rows around it that a filter reads."""
    height, width = picture.shape[-2:]
    rows = max(1, pixels // width)
    for top in range(0, height, rows):
        above, below = max(0, top - halo_px), min(height, top + rows + halo_px)
        own = slice(top - above, min(height, top + rows) - above)
        yield picture[..., above:below, :], (slice(None), slice(None), own)
