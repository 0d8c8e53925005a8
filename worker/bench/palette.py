"""Whether paintings are muddy or saturated: the colours of each beside those of its style."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

_LOOK_PX = 384
_LUMINANCE = (0.2126, 0.7152, 0.0722)
"""Rec. 709."""
_CLIPPED = 2 / 255
"""A channel this near to 0 or 1 holds no more detail."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Of one picture, sRGB in [0, 1]."""

    lightness: float
    """Mean luminance; of the sRGB values as they are."""
    contrast: float
    """Deviation of the luminance."""
    chroma: float
    """Mean difference of the largest and the smallest channel: 0 is grey."""
    clipped: float
    """Share of the pixels with a channel at its end."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """Of a picture file, looked at in small."""
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        picture.thumbnail((_LOOK_PX, _LOOK_PX))
        rgb = np.asarray(picture, np.float64) / 255
        luminance = rgb @ np.array(_LUMINANCE)
        ends = ((rgb <= _CLIPPED) | (rgb >= 1 - _CLIPPED)).any(-1)
        chroma = rgb.max(-1) - rgb.min(-1)
        return cls(float(luminance.mean()), float(luminance.std()), float(chroma.mean()), float(ends.mean()))


def show(table: Sequence[Sequence[Path]], styles: Sequence[Path]) -> None:
    """Print for each style its own palette, and the mean of its paintings'; a column of `table` is one style."""
    shown = Table("style", "lightness", "contrast", "chroma", "clipped", title="Style -> mean of its paintings")
    for style, column in zip(styles, zip(*table, strict=True), strict=True):
        own, made = Palette.of(style), [Palette.of(path) for path in column]
        shown.add_row(
            style.stem,
            *(
                f"{getattr(own, what):.2f} -> {np.mean([getattr(palette, what) for palette in made]):.2f}"
                for what in ("lightness", "contrast", "chroma", "clipped")
            ),
        )
    Console(width=100).print(shown)
