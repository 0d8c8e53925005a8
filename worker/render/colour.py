"""Keeping the photo's colours: the two ways of Gatys, Bethge, Hertzmann & Shechtman (2016), "Preserving Color".

Luminance only: paint in grey (`grey`, with the style's greys fitted by `match_luminance`), then give the painted
luminance the photo's chroma (`recolour`). Colour statistics: give the style the photo's colours before painting
(`match_statistics`). Pictures are RGB, 1x3xHxW, sRGB in [0, 1].
"""

import torch
from torch import Tensor

from worker.gatys.luminance import REC601, luminance

COVARIANCE_FLOOR = 1e-5
"""Added to the diagonal of a covariance (of values in [0, 1]), so that a grey or flat picture has a square root."""


def grey(image: Tensor) -> Tensor:
    """The picture without its colours, still 1x3xHxW."""
    return luminance(image).expand(-1, 3, -1, -1).contiguous()


def match_luminance(style: Tensor, photo: Tensor) -> Tensor:
    """The style in grey, with the mean and standard deviation of the photo's luminance.

    L_S' = (sigma_C / sigma_S)(L_S - mu_S) + mu_C, clamped to [0, 1].
    """
    L_S, L_C = luminance(style), luminance(photo)
    scale = L_C.std() / L_S.std().clamp_min(1e-3)
    return (scale * (L_S - L_S.mean()) + L_C.mean()).clamp(0, 1).expand(-1, 3, -1, -1).contiguous()


def chroma_of(image: Tensor) -> Tensor:
    """The colour less the luminance, in the two coordinates that are left, 1x2xHxW: 0 for grey."""
    chroma: Tensor = torch.einsum("bchw,ck->bkhw", image - luminance(image), _plane(image))
    return chroma


def recolour(painting: Tensor, photo: Tensor) -> Tensor:
    """The painting's luminance with the photo's chroma; both have the same size. Departs from the paper where the sum
    leaves the cube of colours: it clips, which shifts luminance and chroma.
    """
    return with_chroma(luminance(painting), chroma_of(photo))


def with_chroma(Y: Tensor, chroma: Tensor) -> Tensor:
    """The picture of this luminance, 1x1xHxW, and this chroma, 1x2xHxW.

    Where the sum leaves the cube of colours, chroma is shrunk and luminance kept.
    """
    Y = Y.clamp(0, 1)
    colour: Tensor = torch.einsum("bkhw,ck->bchw", chroma, _plane(chroma))
    room = torch.where(colour > 0, 1 - Y, Y) / colour.abs().clamp_min(1e-6)
    return (Y + colour * room.amin(1, keepdim=True).clamp(max=1)).clamp(0, 1)


def match_statistics(style: Tensor, photo: Tensor) -> Tensor:
    """The style with the mean and covariance of the photo's colours, clamped to [0, 1].

    x' = A x + b with A = Sigma_C^(1/2) Sigma_S^(-1/2) and b = mu_C - A mu_S: the paper's "Image Analogies" colour
    transfer, which it prefers to the Cholesky form.
    """
    mu_S, Sigma_S = statistics(style)
    mu_C, Sigma_C = statistics(photo)
    A = power(Sigma_C, 0.5) @ power(Sigma_S, -0.5)
    pixels = style.flatten(2)[0].double()
    matched = A @ (pixels - mu_S) + mu_C
    return matched.to(style.dtype).reshape(style.shape).clamp(0, 1)


def _plane(like: Tensor) -> Tensor:
    """Two orthonormal directions of RGB without luminance, 3x2."""
    R, G, B = REC601
    across = torch.tensor(((G, -R, 0.0), (R * B, G * B, -R * R - G * G)), dtype=torch.float64)
    plane: Tensor = (across / across.norm(dim=1, keepdim=True)).T
    return plane.to(like)


def statistics(image: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (Cx1) and covariance (CxC) of a picture's colours, or of its chroma, 1xCxHxW, in float64."""
    pixels = image.flatten(2)[0].double()
    mu = pixels.mean(1, keepdim=True)
    centred = pixels - mu
    eye = torch.eye(len(pixels), dtype=pixels.dtype, device=pixels.device)
    return mu, centred @ centred.T / pixels.shape[1] + COVARIANCE_FLOOR * eye


def power(matrix: Tensor, exponent: float) -> Tensor:
    """A symmetric positive matrix to a power, by its eigenvectors."""
    values, vectors = torch.linalg.eigh(matrix)
    powered: Tensor = vectors * values.clamp_min(1e-12) ** exponent @ vectors.T
    return powered
