"""Which window of a style each window of a painting is pulled to: one that is alike, and none of the style left out.

With each window's nearest alone, a grey sky becomes the style's greyest patch everywhere, and bold patches are nobody's
nearest. So the style's windows have prices, by which they are chosen about equally often: optimal transport between the
two sets (Cuturi 2013, "Sinkhorn Distances"; Kolkin et al. 2019, "Style Transfer by Relaxed Optimal Transport and
Self-Similarity", use it between features). Beside the statistics, what is light or high in the photo goes with what is
light or high in the style: skies with skies.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.gatys.losses import squared_norm
from worker.gatys.luminance import luminance
from worker.gatys.windows import Windows, window_means

LIGHT, HIGH = 6.0, 3.0
"""Cost of the squared distance in rank of lightness, and in height, which is a sixth between two windows at random; the
mean distance of their statistics costs 1.
"""

SMOOTH = 0.03
"""Of the mean cost: the entropy that keeps prices smooth."""

ROUNDS = 20

FARTHEST = 70.0
"""Cost over the best one's, in units of the entropy, that counts as any greater: e^-70 is above 0 in float32."""

PRICE = 0.7
"""Share of the price that is charged: 0 gives each window its nearest, 1 lets all of the style's be chosen alike."""


def places(picture: Tensor, size: tuple[int, int], windows: Windows) -> Tensor:
    """Rank of lightness and height of each window over a layer of this (height, width): Rx2 in [0, 1].

    picture: RGB, 1x3xHxW, sRGB in [0, 1]. The darkest has rank 0, equals share theirs; height is 0 at the top.
    """
    luma = luminance(picture)
    light = window_means(nnf.interpolate(luma, size=size, mode="area"), windows)
    down = torch.linspace(0, 1, size[0]).to(luma)[None, None, :, None].expand(1, 1, *size)
    rank = ((light[:, None] - light).sign().mean(1) + 1) / 2
    return torch.stack([rank, window_means(down, windows)], 1)


def unlike(some: Tensor, others: Tensor) -> Tensor:
    """How far apart the places of windows are, Rx2 and Sx2 -> RxS."""
    apart = (some[:, None] - others).square()
    return LIGHT * apart[..., 0] + HIGH * apart[..., 1]


def partners(G: Tensor, A: Sequence[Tensor], apart: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """For each of G, RxCxC, its partner among each style's windows, SxCxC, blended by the styles' shares: RxCxC.

    apart: of each style, RxS, added to the distance of statistics, whose mean is 1.
    """
    found = [own[(cost + PRICE * prices(cost)).argmin(1)] for own, cost in _costs(G, A, apart)]
    return found[0] if len(found) == 1 else torch.einsum("n,nrcd->rcd", G.new_tensor(shares), torch.stack(found))


def _costs(G: Tensor, A: Sequence[Tensor], apart: Sequence[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
    """Each style's windows, and what each of them costs each of G, RxS."""
    for own, more in zip(A, apart, strict=True):
        between = _squared_distances(G, own)
        yield own, between / between.mean().clamp_min(1e-12) + more


def _squared_distances(some: Tensor, others: Tensor) -> Tensor:
    """RxCxC and SxCxC -> RxS, from the squares of both: as exact as choosing needs, three times as fast as cdist."""
    products = some.flatten(1) @ others.flatten(1).T
    return (squared_norm(some)[:, None] + squared_norm(others) - 2 * products).clamp_min(0)


def prices(cost: Tensor) -> Tensor:
    """Of each column, 1xS, in units of the cost, RxS: with them on it all columns are chosen about equally often."""
    smooth = SMOOTH * cost.mean().clamp_min(1e-12)
    over_best = (cost - cost.amin(1, keepdim=True)) / smooth
    near = (-over_best.clamp_max(FARTHEST)).exp()
    column = torch.ones_like(near[0])
    for _ in range(ROUNDS):
        row = 1 / (near @ column * len(near))
        column = 1 / (row @ near * len(column))
    return (-column.log() * smooth)[None]
