"""Whether paintings are muddy or saturated: the colours of each beside those of its style."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Self

from rich.console import Console
from rich.table import Table

from worker.gatys.luminance import luminance
from worker.gatys.scales import fitted, resized
from worker.render.pixels import decode

_LOOK_PX = 384
_CLIPPED = 2 / 255
"""A channel this near to 0 or 1 holds no more detail."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Of one picture, sRGB in [0, 1]."""

    lightness: float
    """Mean luminance, as worker.gatys.luminance has it."""
    contrast: float
    """Deviation of the luminance."""
    chroma: float
    """Mean difference of the largest and the smallest channel: 0 is grey."""
    clipped: float
    """Share of the pixels with a channel at its end."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """Of a picture file, looked at in small."""
        picture = decode(path.read_bytes())
        picture = resized(picture, fitted(picture.shape[-2:], min(_LOOK_PX, max(picture.shape[-2:]))))
        Y = luminance(picture)
        chroma = picture.amax(1) - picture.amin(1)
        ends = ((picture <= _CLIPPED) | (picture >= 1 - _CLIPPED)).any(1).float()
        return cls(*(value.item() for value in (Y.mean(), Y.std(correction=0), chroma.mean(), ends.mean())))


def show(table: Sequence[Sequence[Path]], styles: Sequence[Path]) -> None:
    """Print for each style its own palette, and the mean of its paintings'; a column of `table` is one style."""
    shown = Table("style", "lightness", "contrast", "chroma", "clipped", title="Style -> mean of its paintings")
    for style, column in zip(styles, zip(*table, strict=True), strict=True):
        own, made = Palette.of(style), [Palette.of(path) for path in column]
        shown.add_row(
            style.stem,
            *(
                f"{getattr(own, what):.2f} -> {fmean(getattr(palette, what) for palette in made):.2f}"
                for what in ("lightness", "contrast", "chroma", "clipped")
            ),
        )
    Console(width=100).print(shown)
