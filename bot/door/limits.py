"""How large a picture may be, on the way in and on the way out."""

from dataclasses import dataclass

from bot.errors import PictureError, PictureReason


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults are Mastodon's own (16 MiB, 33.2 Mpx), rounded up where a camera needs it."""

    input_bytes: int = 16 * 2**20
    pixels: int = 40_000_000
    shortest_px: int = 16
    longest_px: int = 16_384
    ratio: float = 20.0
    """Long side over short side at most."""
    edge_px: int = 2048
    """Long side of what is kept; a larger picture is scaled down to it."""
    png_pixels: int = 1_000_000
    """A photo of more is kept as JPEG of quality 95 without chroma subsampling: as a blob it takes room in Redis."""
    output_bytes: int = 16 * 2**20
    memory_bytes: int = 2**30
    """Address space of the decoding process."""
    cpu_s: int = 10
    wall_s: float = 15.0

    def check(self, height_px: int, width_px: int) -> None:
        """Raise PictureError when a picture of this size is not wanted; called before any pixel is decoded."""
        short, long = sorted((height_px, width_px))
        if long > self.longest_px or short * long > self.pixels:
            raise PictureError(PictureReason.TOO_MANY_PIXELS)
        if short < self.shortest_px:
            raise PictureError(PictureReason.TOO_SMALL)
        if long > self.ratio * short:
            raise PictureError(PictureReason.TOO_NARROW)
