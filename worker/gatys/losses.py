"""The losses of Gatys, Ecker & Bethge (2016) as pure functions, in the paper's letters: F, P, G, A, E.

Each returns its value and its gradient by hand, as the paper's eq. 2 and 6 do: autograd would spend a third of an
iteration on them.
"""

import torch
from torch import Tensor
from torch.nn import functional as nnf

EVEN = 0.01
"""Difference of neighbours, root mean square of the channels, that hardly counts in the total variation."""


def gram_sum(F: Tensor, T: Tensor | None = None) -> Tensor:
    """G of eq. 3, a sum over positions: 1xCxHxW -> CxC float32.

    T, 1x1xHxW in [0, 1], is the guidance channel of Gatys et al. (2017), "Controlling Perceptual Factors", eq. 4: it
    multiplies the features.
    """
    if T is not None:
        F = F * T.to(F.dtype)
    # Position-major: channels_last features are read in the order they lie in.
    f = F.permute(0, 2, 3, 1).reshape(-1, F.shape[1])
    return (f.T @ f).float()


def gram_gradient(F: Tensor, D: Tensor, T: Tensor | None = None) -> Tensor:
    """Gradient with respect to F, 1xCxHxW, of the sum of D * gram_sum(F, T), for a symmetric CxC matrix D."""
    gradient = nnf.conv2d(F, (2 * D).to(F.dtype)[:, :, None, None])
    return gradient if T is None else gradient * T.square().to(F.dtype)


def positions(T: Tensor) -> Tensor:
    """How many positions a guided Gram matrix sums over: each counts by the square of T."""
    return T.square().sum().clamp_min(1e-6)


def style_loss(
    G: Tensor, A: Tensor, least: Tensor | float = 0.0, weight: Tensor | float = 1.0
) -> tuple[Tensor, Tensor]:
    """|G - A| / |A| in the Frobenius norm: 0 at the style's own statistics, 1 where all is black.

    G, A: CxC, or several, RxCxC, and then several values. `least` is added to |A|^2, and the gradient
    alone is multiplied by `weight`, one or R.

    Departs from eq. 4 twice. Relative, a layer counts alike in every network and for every style. Not squared, each
    layer pulls with the same force until it is there: squared, the layer that is farthest off silences the others.
    """
    difference, size = G - A, squared_norm(A) + least + 1e-12
    distance = (squared_norm(difference) / size + 1e-8).sqrt()
    return distance - 1e-4, difference * (weight / (size * distance))[..., None, None]


def squared_norm(matrices: Tensor) -> Tensor:
    """Of a matrix, or of each of several, in the Frobenius norm."""
    norm: Tensor = torch.linalg.vector_norm(matrices.flatten(-2), dim=-1)
    return norm.square()


def content_sums(F: Tensor, P: Tensor, weight: Tensor | None = None) -> Tensor:
    """The sums of FP and of F^2 over positions and channels, two float32. F, P: 1xCxHxW; weight: 1x1xHxW."""
    F_weighted = F if weight is None else F * weight.to(F.dtype)
    dtype = torch.promote_types(F.dtype, torch.float32)
    return torch.stack([(F_weighted * other).sum(dtype=dtype) for other in (P, F)])


def content_loss(sums: Tensor, PP: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """1 - cos(F, P), from the content sums of F and the sum of P^2: 0 for the photo.

    Also a and b, of which weight * (a F - b P) is the gradient with respect to F. Departs from eq. 1, the square of
    F - P, which takes a painting with more contrast than its photo for another motif.
    """
    FP, FF = sums[0], sums[1] + 1e-6
    norms = (FF * PP).sqrt()
    cosine = FP / norms
    return 1 - cosine, cosine / FF, 1 / norms


def total_variation(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean length of the slope, its three channels together, after Rudin, Osher & Fatemi (1992). x: RGB, 1x3xHxW.

    Not its square, as other programs have it: a step costs as much as a ramp of its height, so there are planes with
    edges where the square makes reliefs. Slopes well under EVEN count by their square.
    """
    across, down = torch.zeros_like(x), torch.zeros_like(x)
    across[..., :-1] = x[..., 1:] - x[..., :-1]
    down[..., :-1, :] = x[..., 1:, :] - x[..., :-1, :]
    length = ((across.square() + down.square()).mean(1, keepdim=True) + EVEN**2).sqrt()
    weight = 1 / (length * (3 * length.numel()))
    across, down = across * weight, down * weight
    gradient = -across - down
    gradient[..., 1:] += across[..., :-1]
    gradient[..., 1:, :] += down[..., :-1, :]
    return length.mean() - EVEN, gradient


def resized_mask(T: Tensor, size: tuple[int, int]) -> Tensor:
    """A mask, 1x1xHxW in [0, 1], at a layer's (height, width), each position the mean of what it covers."""
    return nnf.interpolate(T, size=size, mode="area") if tuple(T.shape[-2:]) != size else T
