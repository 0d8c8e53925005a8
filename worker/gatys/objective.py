"""The loss that a scale lowers, and its gradient: how far a picture is from the photo and the styles' statistics."""

from collections.abc import Collection, Sequence

import torch
from torch import Tensor

from worker.gatys.guide import Guide
from worker.gatys.losses import content_loss, gram_gradient, gram_sum, positions, style_loss, total_variation
from worker.gatys.recipe import Recipe
from worker.gatys.scales import SMALLEST_SIDE_PX, fitted, resized
from worker.gatys.tiles import Tile, tiled
from worker.gatys.vgg import Vgg, stride_of

Taps = dict[str, Tensor]


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
        if guide is not None:
            sizes = {tap: (size[0] // stride_of(tap), size[1] // stride_of(tap)) for tap in self._layers}
            self._T = {tap: guide.style_mask(sizes[tap]) for tap in recipe.style_weights}
            self._content_masks = {tap: guide.content_mask(sizes[tap]) for tap in self._keeps}
        self._P, self._sizes_of_P = self._content_targets(None if photo is None else resized(photo, size))
        self._positions: dict[str, Tensor | int] = {
            tap: (size[0] // stride_of(tap)) * (size[1] // stride_of(tap)) for tap in recipe.style_weights
        }
        self._positions |= {tap: positions(T) for tap, T in self._T.items()}

    def loss_and_gradient(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of x (RGB, 1x3xHxW, sRGB in [0, 1]), a scalar on its device, and its gradient, like x."""
        x = x.detach()
        loss, g = total_variation(x)
        loss, g = self._recipe.tv_weight * loss, self._recipe.tv_weight * g
        known = None if len(self._tiles) == 1 else self._style(self._grams(x))
        for n, tile in enumerate(self._tiles):
            part = tile.read(x).detach().requires_grad_()
            taps = self._net(part, self._layers)
            with torch.no_grad():
                style, D = known or self._style(self._grams_of(tile, taps))
                content, pulls = self._pulls(n, taps, D)
            tile.read(g).add_(torch.autograd.grad([taps[tap] for tap in pulls], part, list(pulls.values()))[0])
            loss = loss + content
        return loss + style, g

    @torch.no_grad()
    def _grams(self, x: Tensor) -> Taps:
        """The Gram matrices of a whole that is too large for one piece."""
        G: Taps = {}
        for tile in self._tiles:
            part = self._grams_of(tile, self._net(tile.read(x), self._recipe.style_weights))
            G = {tap: G[tap] + matrix if tap in G else matrix for tap, matrix in part.items()}
        return G

    def _grams_of(self, tile: Tile, taps: Taps) -> Taps:
        """What a tile's own features add to the Gram matrices of the whole."""
        return {
            tap: gram_sum(tile.own(taps[tap], stride_of(tap)), self._mask(self._T, tile, tap)) / self._positions[tap]
            for tap in self._recipe.style_weights
        }

    def _style(self, G: Taps) -> tuple[Tensor, Taps]:
        """The style's loss, and its gradient with respect to the sums that the Gram matrices are means of."""
        loss, D = torch.zeros((), device=self._net.mean.device), {}
        for tap, weight in self._recipe.style_weights.items():
            distance, gradient = style_loss(G[tap], self._A[tap])
            loss = loss + weight * distance
            D[tap] = gradient * (weight / self._positions[tap])
        return loss, D

    def _pulls(self, n: int, taps: Taps, D: Taps) -> tuple[Tensor, Taps]:
        """The n-th tile's share of the content loss, and the gradient of all losses with respect to its taps.

        Only what a tile owns is pulled. Each content layer counts relative to the photo's own features there.
        """
        tile, loss, pulls = self._tiles[n], torch.zeros((), device=self._net.mean.device), Taps()
        for tap, matrix in D.items():
            F = tile.own(taps[tap], stride_of(tap))
            pulls[tap] = gram_gradient(F, matrix, self._mask(self._T, tile, tap))
        for tap, weight in self._keeps.items():
            F = tile.own(taps[tap], stride_of(tap))
            share = weight / self._sizes_of_P[tap]
            error, gradient = content_loss(F, self._P[n][tap], self._mask(self._content_masks, tile, tap))
            loss = loss + share * error
            gradient = gradient * share.to(F.dtype)
            pulls[tap] = pulls[tap] + gradient if tap in pulls else gradient
        if len(self._tiles) > 1:
            pulls = {tap: _placed(pull, tile, taps[tap], stride_of(tap)) for tap, pull in pulls.items()}
        return loss, pulls

    @staticmethod
    def _mask(masks: Taps, tile: Tile, tap: str) -> Tensor | None:
        return tile.own_of_whole(masks[tap], stride_of(tap)) if masks else None

    @torch.no_grad()
    def _content_targets(self, photo: Tensor | None) -> tuple[list[Taps], Taps]:
        """P of each tile, and its sum of squares over the whole photo."""
        if photo is None:
            return [{} for _ in self._tiles], {}
        P = [
            {tap: tile.own(F, stride_of(tap)).clone() for tap, F in self._net(tile.read(photo), self._keeps).items()}
            for tile in self._tiles
        ]
        return P, {tap: torch.stack([p[tap].float().square().sum() for p in P]).sum() + 1e-6 for tap in self._keeps}


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


def _placed(pull: Tensor, tile: Tile, F: Tensor, stride: int) -> Tensor:
    whole = torch.zeros_like(F)
    tile.own(whole, stride).copy_(pull)
    return whole
