"""The losses of Gatys, Ecker & Bethge (2016) as pure functions, in the paper's letters: F, P, G, A, E."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as nnf


def gram_sum(F: Tensor, T: Tensor | None = None) -> Tensor:
    """G of eq. 3, a sum over positions: 1xCxHxW -> CxC float32.

    T, 1x1xHxW in [0, 1], is the guidance channel of Gatys et al. (2017), "Controlling Perceptual Factors", eq. 4: it
    multiplies the features.
    """
    if T is not None:
        F = F * T.to(F.dtype)
    # Position-major, so that channels_last features are read, and their gradient written, in the order they lie in.
    outer: Tensor = _Outer.apply(F.permute(0, 2, 3, 1).reshape(-1, F.shape[1]))
    return outer


def positions(F: Tensor, T: Tensor | None = None) -> Tensor | int:
    """How many positions the Gram matrix sums over; guided, each counts by the square of T."""
    return F.shape[-2] * F.shape[-1] if T is None else T.float().square().sum().clamp_min(1e-6)


def gram(F: Tensor, T: Tensor | None = None) -> Tensor:
    """G of eq. 3 divided by the number of positions, so that pictures of any size compare."""
    return gram_sum(F, T) / positions(F, T)


def style_loss(G: Tensor, A: Tensor) -> Tensor:
    """|G - A| / |A| in the Frobenius norm: 0 at the style's own statistics, 1 where all is black.

    Departs from eq. 4 twice. Relative, a layer counts alike in every network and for every style. Not squared, each
    layer pulls with the same force until it is there: squared, the layer that is farthest off silences the others.
    """
    relative = (G - A).square().sum() / (A.square().sum() + 1e-12)
    return (relative + 1e-8).sqrt() - 1e-4


def content_loss(F: Tensor, P: Tensor, weight: Tensor | None = None) -> Tensor:
    """Sum of (F - P)^2: eq. 1 without its 1/2. F and P: 1xCxHxW; weight: 1x1xHxW."""
    error = (F.float() - P.float()).square()
    return error.sum() if weight is None else (error * weight).sum()


def total_variation(x: Tensor) -> Tensor:
    """Mean square difference of neighbours, down plus across. x: RGB, 1x3xHxW."""
    variation: Tensor = _Variation.apply(x)
    return variation


def resized_mask(T: Tensor, size: tuple[int, int]) -> Tensor:
    """A mask, 1x1xHxW in [0, 1], at a layer's (height, width), each position the mean of what it covers."""
    return nnf.interpolate(T, size=size, mode="area") if T.shape[-2:] != torch.Size(size) else T


class _Outer(torch.autograd.Function):
    """f^T f in float32, whose gradient is one product where autograd, not knowing of the symmetry, takes two."""

    @staticmethod
    def forward(ctx: Any, f: Tensor) -> Tensor:
        ctx.save_for_backward(f)
        return (f.T @ f).float()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        (f,), (D,) = ctx.saved_tensors, grads
        gradient: Tensor = f @ (D + D.T).to(f.dtype)
        return gradient


class _Variation(torch.autograd.Function):
    """Total variation with its gradient by hand: autograd fills and adds four whole pictures for the slices."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        down, across = x[..., 1:, :] - x[..., :-1, :], x[..., :, 1:] - x[..., :, :-1]
        ctx.save_for_backward(down, across)
        return _mean_square(down) + _mean_square(across)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        down, across = ctx.saved_tensors
        *_, height, width = down.shape[:-2], down.shape[-2] + 1, down.shape[-1]
        g = down.new_zeros((*down.shape[:-2], height, width))
        for difference, dim in ((down, -2), (across, -1)):
            scale, n = 2 / max(1, difference.numel()), difference.shape[dim]
            g.narrow(dim, 1, n).add_(difference, alpha=scale)
            g.narrow(dim, 0, n).sub_(difference, alpha=scale)
        gradient: Tensor = g.mul_(grads[0])
        return gradient


def _mean_square(difference: Tensor) -> Tensor:
    return difference.square().sum() / max(1, difference.numel())
