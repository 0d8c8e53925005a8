"""Size limits of pictures, on the way in and out."""

from dataclasses import dataclass, replace
from typing import Self

from bot.errors import PictureError, PictureReason

BYTES_PER_PIXEL = 12
"""What decoding takes at most: the picture with alpha, the same in another mode, and what is made of them."""

JPEG_LONGEST_PX = 65_535
"""A JPEG's sides are 16 bits (T.81, B.2.2)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults are Mastodon's own (16 MiB, 33.2 Mpx), rounded up where a camera needs it."""

    input_bytes: int = 16 * 2**20
    pixels: int = 40_000_000
    jpeg_pixels: int = 120_000_000
    """Of a JPEG that is decoded smaller, whatever its size: not of a progressive one, which is held whole."""
    shortest_px: int = 16
    longest_px: int = 16_384
    ratio: float = 20.0
    """Long side over short side at most."""
    edge_px: int = 2048
    """Long side of what is kept; a larger picture is scaled down to it."""
    png_pixels: int = 1_000_000
    """A photo of more is kept as JPEG of quality 95 without chroma subsampling."""
    kept_bytes: int = 960_000
    """What is kept of noise is of less quality: four pictures of each of 200 mentions have to fit into Redis."""
    output_bytes: int = 16 * 2**20
    fit_bytes: int = 0
    """Where it is not 0: a JPEG of the best quality that is no larger than this."""
    memory_bytes: int = 2**30
    """Address space of the decoding process."""
    cpu_s: int = 10
    wall_s: float = 15.0

    def keeping(self, edge_px: int) -> Self:
        """The same for paintings of up to edge_px: what is kept is as large, and never smaller than by default."""
        edge_px = max(self.edge_px, edge_px)
        larger = edge_px**2 / self.edge_px**2
        return replace(
            self,
            edge_px=edge_px,
            output_bytes=int(self.output_bytes * larger),
            kept_bytes=int(self.kept_bytes * larger),
        )

    @classmethod
    def own_files(cls, edge_px: int, free_bytes: int) -> Self:
        """For files that the operator names: what the memory holds, and as much time as that takes.

        edge_px: the painting's long side, times the size of its strokes where that is over 1. free_bytes: what memory
        the machine has left.
        """
        ours = cls().keeping(edge_px)
        memory_bytes = max(ours.memory_bytes, free_bytes // 2)
        return replace(
            ours,
            input_bytes=memory_bytes // 4,
            pixels=memory_bytes // BYTES_PER_PIXEL,
            jpeg_pixels=max(ours.jpeg_pixels, memory_bytes // BYTES_PER_PIXEL),
            kept_bytes=ours.output_bytes,
            longest_px=JPEG_LONGEST_PX,
            memory_bytes=memory_bytes,
            cpu_s=600,
            wall_s=900.0,
        )

    def check(self, height_px: int, width_px: int, *, decoded_smaller: bool = False) -> None:
        """Raise PictureError when a picture of this size is not wanted; called before any pixel is decoded."""
        short, long = sorted((height_px, width_px))
        if long > self.longest_px or short * long > (self.jpeg_pixels if decoded_smaller else self.pixels):
            raise PictureError(PictureReason.TOO_MANY_PIXELS)
        if short < self.shortest_px:
            raise PictureError(PictureReason.TOO_SMALL)
        if long > self.ratio * short:
            raise PictureError(PictureReason.TOO_NARROW)
