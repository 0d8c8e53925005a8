"""The losses of Gatys, Ecker & Bethge (2016) as pure functions, in the paper's letters: F, P, G, A, E."""

import torch
from torch import Tensor
from torch.nn import functional as nnf


def gram(F: Tensor, T: Tensor | None = None) -> Tensor:
    """G of eq. 3, divided by the number of positions so that pictures of any size compare: 1xCxHxW -> CxC float32.

    T, 1x1xHxW in [0, 1], is the guidance channel of Gatys et al. (2017), "Controlling Perceptual Factors", eq. 4:
    positions count by its square.
    """
    if T is not None:
        F = F * T.to(F.dtype)
    # Position-major, so that channels_last features are read, and their gradient written, in the order they lie in.
    f = F.permute(0, 2, 3, 1).reshape(-1, F.shape[1])
    positions = f.shape[0] if T is None else T.float().square().sum().clamp_min(1e-6)
    return (f.T @ f).float() / positions


def style_loss(G: Tensor, A: Tensor) -> Tensor:
    """Sum of (G - A)^2, relative to that of A: 0 at the style's own statistics, 1 where all is black.

    Departs from eq. 4, whose 1/(4 N^2 M^2) leaves each layer with a size of its own: relative, the layers count alike
    in every network and for every style.
    """
    return (G - A).square().sum() / (A.square().sum() + 1e-12)


def content_loss(F: Tensor, P: Tensor, weight: Tensor | None = None) -> Tensor:
    """Sum of (F - P)^2, relative to that of P (eq. 1 has 1/2 of the plain sum). Both 1xCxHxW; weight 1x1xHxW."""
    error = (F.float() - P.float()).square()
    if weight is not None:
        error = error * weight
    return error.sum() / (P.float().square().sum() + 1e-12)


def total_variation(x: Tensor) -> Tensor:
    """Mean square difference of neighbours, down plus across. x: RGB, 1x3xHxW."""
    down, across = x[..., 1:, :] - x[..., :-1, :], x[..., :, 1:] - x[..., :, :-1]
    return down.square().mean() + across.square().mean()


def resized_mask(T: Tensor, size: tuple[int, int]) -> Tensor:
    """A mask, 1x1xHxW in [0, 1], at a layer's (height, width), each position the mean of what it covers."""
    return nnf.interpolate(T, size=size, mode="area") if T.shape[-2:] != torch.Size(size) else T
