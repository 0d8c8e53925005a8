"""Which window of a style each window of a painting is pulled to: one that is alike, and none of the style left out.

With each window's nearest alone, a grey sky becomes the style's greyest patch everywhere, and bold patches are nobody's
nearest. So the style's windows have prices, by which they are chosen about equally often: optimal transport between the
two sets (Cuturi 2013, "Sinkhorn Distances"; Kolkin et al. 2019, "Style Transfer by Relaxed Optimal Transport and
Self-Similarity", use it between features). Beside the statistics, what is light or high in the photo goes with what is
light or high in the style, skies with skies; and a window with nothing in it that is darker than what lies left and
right not with one that has, for that would leave scraps of the style's trees in the sky. Left and right, because a sky
at dusk is darkest at its top. A star is no hindrance: it is light.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as nnf

from worker.gatys.losses import squared_norm
from worker.gatys.luminance import luminance
from worker.gatys.windows import Windows, window_means

LIGHT, HIGH, DARK = 6.0, 5.0, 6.0
"""Cost of the squared distance in rank of lightness, in height, and in rank of the darkest part beside its row's: of
ranks a sixth between two windows at random; the mean distance of their statistics costs 1.
"""

DARKEST = 8
"""Power of darkness whose mean over a window tells how dark its darkest part is: a grey counts a 256th of black."""

AS_LIGHT, AS_DARK = 1e-6, 0.05
"""Differences that count for none, of means by rounding, of darkest parts by shading; white has 1."""

SMOOTH = 0.03
"""Of the mean cost: the entropy that keeps prices smooth."""

ROUNDS = 20

FARTHEST = 70.0
"""Cost over the best one's, in units of the entropy, that counts as any greater: e^-70 is above 0 in float32."""

PRICE = 0.7
"""Share of the price that is charged: 0 gives each window its nearest, 1 lets all of the style's be chosen alike."""


def places(picture: Tensor, size: tuple[int, int], windows: Windows) -> Tensor:
    """Of each window over a layer the rank of lightness, the height, and the rank of its darkest part: Rx3 in [0, 1].

    picture: RGB, 1x3xHxW, sRGB in [0, 1]. size: the layer's height and width. The darkest has the lowest rank, equals
    share theirs; height is 0 at the top. Of a darkest part its distance from the median in its row is ranked.
    """
    luma = nnf.interpolate(luminance(picture), size=size, mode="area")
    down = torch.linspace(0, 1, size[0]).to(luma)[None, None, :, None].expand(1, 1, *size)
    darkest = 1 - window_means((1 - luma).clamp_min(0) ** DARKEST, windows) ** (1 / DARKEST)
    rows = darkest.view(-1, windows.columns.windows)
    beside = (rows - rows.median(1, keepdim=True).values).flatten()
    light, dark = _ranks(window_means(luma, windows), AS_LIGHT), _ranks(beside, AS_DARK)
    return torch.stack([light, window_means(down, windows), dark], 1)


def _ranks(values: Tensor, equal: float) -> Tensor:
    """Which share of R values each is above, those nearer than `equal` counted by half: R in (0, 1)."""
    above = nnf.hardshrink(values[:, None] - values, equal)
    return (above.sign().mean(1) + 1) / 2


def unlike(some: Tensor, others: Tensor) -> Tensor:
    """How far apart the places of windows are, Rx3 and Sx3 -> RxS."""
    return (some[:, None] - others).square() @ some.new_tensor([LIGHT, HIGH, DARK])


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
