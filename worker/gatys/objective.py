"""The loss that a scale lowers, and its gradient: how far a picture is from the photo and the styles' statistics."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from worker.gatys.guide import Guide
from worker.gatys.losses import (
    content_loss,
    content_sums,
    gram_gradient,
    gram_sum,
    positions,
    style_loss,
    total_variation,
)
from worker.gatys.recipe import Recipe
from worker.gatys.scales import SMALLEST_SIDE_PX, fitted, resized
from worker.gatys.structure import binding, structure
from worker.gatys.tiles import Tile, tiled
from worker.gatys.vgg import Vgg, stride_of

Taps = dict[str, Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """What the losses are made of, summed over positions: Gram matrices, and the content's products."""

    grams: Taps
    content: Taps

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(_added(self.grams, other.grams), _added(self.content, other.content))


@dataclass(slots=True, eq=False)
class _Verdict:
    """The losses of the whole, and what their gradients with respect to features are made of."""

    loss: Tensor
    D: Taps
    """Of the Gram sums."""
    ab: dict[str, tuple[Tensor, Tensor]]
    """Of the content: its gradient is a F - b P."""


class Objective:
    """L_total of Gatys et al. (2016), eq. 7, with a total variation; its targets are constants of one scale."""

    def __init__(
        self,
        photo: Tensor | None,
        styles: Sequence[Tensor],
        recipe: Recipe,
        net: Vgg,
        *,
        size: tuple[int, int],
        guide: Guide | None = None,
        tile_px: int | None = None,
    ) -> None:
        """size: the (height, width) of the pictures it judges. tile_px: None judges them in one piece."""
        self._recipe, self._net = recipe, net
        self._tiles = tiled(size, tile_px)
        self._keeps: dict[str, float] = {}
        if photo is not None:
            self._keeps = {tap: recipe.content_weight * share for tap, share in recipe.content_weights.items()}
        self._layers = {**recipe.style_weights, **self._keeps}.keys()
        self._A = style_targets(styles, recipe, net, max(size), tile_px)
        self._T: Taps = {}
        self._content_masks: Taps = {}
        sizes = {tap: (size[0] // stride_of(tap), size[1] // stride_of(tap)) for tap in self._layers}
        if photo is not None:
            lines = structure(photo)
            self._content_masks = {tap: binding(lines, recipe.content_floor, sizes[tap]) for tap in self._keeps}
        if guide is not None:
            self._T = {tap: guide.style_mask(sizes[tap]) for tap in recipe.style_weights}
            for tap, mask in self._content_masks.items():
                self._content_masks[tap] = mask * guide.content_mask(sizes[tap])
        self._P, self._PP, self._boosts = self._content_targets(None if photo is None else resized(photo, size))
        self._positions: dict[str, Tensor | int] = {
            tap: (size[0] // stride_of(tap)) * (size[1] // stride_of(tap)) for tap in recipe.style_weights
        }
        self._positions |= {tap: positions(T) for tap, T in self._T.items()}

    def loss_and_gradient(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of x (RGB, 1x3xHxW, sRGB in [0, 1]), a scalar on its device, and its gradient, like x."""
        x = x.detach()
        loss, g = total_variation(x)
        loss, g = self._recipe.tv_weight * loss, self._recipe.tv_weight * g
        verdict = None if len(self._tiles) == 1 else self._judged(self._sums_of_whole(x))
        for n, tile in enumerate(self._tiles):
            part = tile.read(x).detach().requires_grad_()
            taps = self._net(part, self._layers)
            with torch.no_grad():
                verdict = verdict or self._judged(self._sums(n, taps))
                pulls = self._pulls(n, taps, verdict)
            tile.read(g).add_(torch.autograd.grad([taps[tap] for tap in pulls], part, list(pulls.values()))[0])
        return loss + verdict.loss if verdict else loss, g

    @torch.no_grad()
    def _sums_of_whole(self, x: Tensor) -> _Sums:
        """Those of a whole that is too large for one piece."""
        parts = (self._sums(n, self._net(tile.read(x), self._layers)) for n, tile in enumerate(self._tiles))
        return reduce(_Sums.__add__, parts)

    def _sums(self, n: int, taps: Taps) -> _Sums:
        """What the n-th tile's own features add to the sums over the whole."""
        tile = self._tiles[n]
        own = {tap: tile.own(F, stride_of(tap)) for tap, F in taps.items()}
        return _Sums(
            {tap: gram_sum(own[tap], self._mask(self._T, tile, tap)) for tap in self._recipe.style_weights},
            {
                tap: content_sums(own[tap], P, self._mask(self._content_masks, tile, tap))
                for tap, P in self._P[n].items()
            },
        )

    def _judged(self, sums: _Sums) -> _Verdict:
        verdict = _Verdict(torch.zeros((), device=self._net.mean.device), {}, {})
        for tap, weight in self._recipe.style_weights.items():
            distance, gradient = style_loss(sums.grams[tap] / self._positions[tap], self._A[tap])
            verdict.loss = verdict.loss + weight * distance
            verdict.D[tap] = gradient * (weight / self._positions[tap])
        for tap, weight in self._keeps.items():
            boosted = weight * self._boosts[tap]
            distance, a, b = content_loss(sums.content[tap], self._PP[tap])
            verdict.loss = verdict.loss + boosted * distance
            verdict.ab[tap] = (boosted * a, boosted * b)
        return verdict

    def _pulls(self, n: int, taps: Taps, verdict: _Verdict) -> Taps:
        """The gradient of all losses with respect to the n-th tile's taps. Only what a tile owns is pulled."""
        tile, pulls = self._tiles[n], Taps()
        for tap, matrix in verdict.D.items():
            F = tile.own(taps[tap], stride_of(tap))
            pulls[tap] = gram_gradient(F, matrix, self._mask(self._T, tile, tap))
        for tap, (a, b) in verdict.ab.items():
            F, mask = tile.own(taps[tap], stride_of(tap)), self._mask(self._content_masks, tile, tap)
            pull = F * a.to(F.dtype) - self._P[n][tap] * b.to(F.dtype)
            pull = pull if mask is None else pull * mask.to(F.dtype)
            pulls[tap] = pulls[tap] + pull if tap in pulls else pull
        if len(self._tiles) > 1:
            pulls = {tap: _placed(pull, tile, taps[tap], stride_of(tap)) for tap, pull in pulls.items()}
        return pulls

    @staticmethod
    def _mask(masks: Taps, tile: Tile, tap: str) -> Tensor | None:
        return tile.own_of_whole(masks[tap], stride_of(tap)) if masks else None

    @torch.no_grad()
    def _content_targets(self, photo: Tensor | None) -> tuple[list[Taps], Taps, Taps]:
        """P of each tile, the weighted sum of its squares over the whole photo, and that over the plain sum."""
        if photo is None:
            return [{} for _ in self._tiles], {}, {}
        P = [
            {tap: tile.own(F, stride_of(tap)).clone() for tap, F in self._net(tile.read(photo), self._keeps).items()}
            for tile in self._tiles
        ]
        weighted, plain = self._squares(P, self._content_masks), self._squares(P, {})
        return P, weighted, {tap: PP / plain[tap] for tap, PP in weighted.items()}

    def _squares(self, P: Sequence[Taps], masks: Taps) -> Taps:
        """The sum of P^2 over the whole photo, by weight; never 0."""
        parts = (
            {tap: content_sums(F, F, self._mask(masks, tile, tap))[1] for tap, F in own.items()}
            for tile, own in zip(self._tiles, P, strict=True)
        )
        return {tap: PP + 1e-6 for tap, PP in reduce(_added, parts).items()}


def style_targets(styles: Sequence[Tensor], recipe: Recipe, net: Vgg, edge_px: int, tile_px: int | None = None) -> Taps:
    """A of each style layer, CxC, blended by the styles' shares, for a painting whose long side is edge_px."""
    targets: Taps = {}
    for share, style in zip(recipe.shares(len(styles)), styles, strict=True):
        height, width = fitted(style.shape[-2:], edge_px * recipe.style_scale)
        size = (max(SMALLEST_SIDE_PX, height), max(SMALLEST_SIDE_PX, width))
        for tap, A in _grams(net, resized(style, size), recipe.style_weights, tile_px).items():
            targets[tap] = targets[tap] + share * A if tap in targets else share * A
    return targets


@torch.no_grad()
def _grams(net: Vgg, x: Tensor, layers: Collection[str], tile_px: int | None) -> Taps:
    size = (x.shape[-2], x.shape[-1])
    sums: Taps = {}
    for tile in tiled(size, tile_px):
        for tap, F in net(tile.read(x), layers).items():
            own = gram_sum(tile.own(F, stride_of(tap)))
            sums[tap] = sums[tap] + own if tap in sums else own
    return {tap: G / ((size[0] // stride_of(tap)) * (size[1] // stride_of(tap))) for tap, G in sums.items()}


def _added(some: Taps, more: Taps) -> Taps:
    return {tap: t + more[tap] for tap, t in some.items()}


def _placed(pull: Tensor, tile: Tile, F: Tensor, stride: int) -> Tensor:
    whole = torch.zeros_like(F)
    tile.own(whole, stride).copy_(pull)
    return whole
