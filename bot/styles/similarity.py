"""What a picture is like, in a few numbers, and how well two pictures go together."""

import io
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

EDGE_PX: Final = 128
"""Long side at which pictures are measured."""

_HUES = 12
_FORMATS = ("JPEG", "PNG", "WEBP")
# sRGB (linear) -> LMS and LMS^(1/3) -> Oklab: Ottosson, "A perceptual color space for image processing" (2020).
_TO_LMS = np.array(
    [[0.4122215, 0.5363325, 0.0514460], [0.2119035, 0.6806995, 0.1073970], [0.0883025, 0.2817188, 0.6299787]]
)
_TO_LAB = np.array(
    [[0.2104543, 0.7936178, -0.0040720], [1.9779985, -2.4285922, 0.4505937], [0.0259040, 0.7827718, -0.8086758]]
)


class Why(StrEnum):
    """In what a style goes well with a photo."""

    PALETTE = "palette"
    LIGHT = "light"
    TEXTURE = "texture"


@dataclass(frozen=True)
class Signature:
    """A picture measured at EDGE_PX; all numbers are about 0 to 1."""

    hues: NDArray[np.float64]
    """Share of each of 12 hues in what colour there is, blurred over the neighbours; sums to 1."""
    colour: float
    """How colourful it is; 0 is grey."""
    lightness: float
    contrast: float
    """Standard deviation of lightness."""
    detail: tuple[float, float, float]
    """Mean absolute Laplacian of lightness at full, half and quarter size, relative to contrast."""


def measure(picture: bytes | Path) -> Signature:
    """The signature of an image file. Raises OSError where it cannot be read."""
    with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture, formats=_FORMATS) as image:
        image.thumbnail((EDGE_PX, EDGE_PX))
        lab = _oklab(np.asarray(image.convert("RGB"), dtype=np.float64) / 255)
    light = lab[..., 0]
    contrast = float(light.std())
    fine, middle, coarse = (_laplacian(_shrunk(light, step)) / (contrast + 0.02) for step in (1, 2, 4))
    hues, colour = _hues(lab)
    return Signature(hues, colour, float(light.mean()), contrast, (fine, middle, coarse))


def affinity(photo: Signature, style: Signature) -> dict[Why, float]:
    """How well they go together in each respect, 0 to 1.

    Colours near the photo's keep its mood; a style with more contrast than a flat photo lifts it, with less it drowns;
    fine grain keeps a detailed photo readable, a plain one carries broad strokes.
    """
    shared = float(np.minimum(photo.hues, style.hues).sum())
    lift = style.contrast - photo.contrast
    grain = abs(np.log((np.mean(photo.detail) + 0.05) / (np.mean(style.detail) + 0.05)))
    return {
        Why.PALETTE: shared * photo.colour + (1 - abs(photo.colour - style.colour)) * (1 - photo.colour),
        Why.LIGHT: float(np.exp(-3 * abs(photo.lightness - style.lightness)) * (1 if lift > 0 else np.exp(6 * lift))),
        Why.TEXTURE: float(np.exp(-grain)),
    }


def _oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB in [0, 1] to Oklab, HxWx3."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T)


def _hues(lab: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    angle = (np.arctan2(lab[..., 2], lab[..., 1]) / (2 * np.pi)) % 1
    colourful = np.clip(chroma / 0.12, 0, 1)
    shares = np.bincount((angle * _HUES).astype(int).ravel() % _HUES, weights=colourful.ravel(), minlength=_HUES)
    # A sky is not all one hue: a third of each spills over to its neighbours. Grey alone counts as every hue.
    blurred = (shares + np.roll(shares, 1) + np.roll(shares, -1)) / 3 + 1e-9
    return blurred / blurred.sum(), float(np.sqrt(colourful.mean()))


def _shrunk(light: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    height, width = (max(step, side - side % step) for side in light.shape)
    whole = light[:height, :width]
    if min(whole.shape) < step:
        return whole
    return np.asarray(whole.reshape(whole.shape[0] // step, step, whole.shape[1] // step, step).mean(axis=(1, 3)))


def _laplacian(light: NDArray[np.float64]) -> float:
    padded = np.pad(light, 1, mode="edge")
    ring = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return float(np.abs(light - ring / 4).mean())
