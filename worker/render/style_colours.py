"""The photo in the styles' colours: what the painting starts from and keeps to.

Its chroma (colour without luminance) gets their mean and covariance, by the linear map that moves colours least (Pitié
& Kokaram 2007, "The linear Monge-Kantorovitch linear colour mapping for example-based colour transfer"). Luminance
stays.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from worker.gatys.luminance import luminance
from worker.render import colour
from worker.render.pixels import shrunk

SEEN_PX = 512
"""Long side at which colours are measured."""

MOST = 1.5
"""Times that chroma is raised: a nearly grey photo's tint is no motif."""


def tinted(photo: Tensor, styles: Sequence[Tensor], shares: Sequence[float], much: float) -> Tensor:
    """The photo with this much of its chroma, in [0, 1], moved to that of the styles, blended by their shares.

    photo and styles: RGB, 1x3xHxW, sRGB in [0, 1].
    """
    chroma = colour.chroma_of(photo)
    mean, covariance = _seen(photo)
    moved = torch.zeros_like(chroma)
    for style, share in zip(styles, shares, strict=True):
        mean_wanted, covariance_wanted = _seen(style)
        A = _map(covariance, covariance_wanted)
        moved += share * (torch.einsum("jk,bkhw->bjhw", A, chroma - mean) + mean_wanted)
    return colour.with_chroma(luminance(photo), chroma.lerp(moved, much))


def _seen(picture: Tensor) -> tuple[Tensor, Tensor]:
    """Mean, 2x1x1, and covariance, 2x2, of the chroma."""
    mean, covariance = colour.statistics(colour.chroma_of(shrunk(picture, SEEN_PX)))
    return mean[..., None].to(picture.dtype), covariance


def _map(covariance: Tensor, wanted: Tensor) -> Tensor:
    """The symmetric matrix, 2x2 float32, that gives colours of this covariance the wanted one, raising none by more
    than MOST."""
    root, inverse = colour.power(covariance, 0.5), colour.power(covariance, -0.5)
    values, vectors = torch.linalg.eigh(inverse @ colour.power(root @ wanted @ root, 0.5) @ inverse)
    least: Tensor = vectors * values.clamp(max=MOST) @ vectors.T
    return least.float()
