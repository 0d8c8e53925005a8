"""The loss that a scale lowers, and its gradient: how far a picture is from the photo and the styles' statistics."""

from collections.abc import Collection, Sequence

import torch
from torch import Tensor

from worker.gatys.guide import Guide
from worker.gatys.losses import content_loss, gram_sum, positions, style_loss, total_variation
from worker.gatys.recipe import Recipe
from worker.gatys.scales import SMALLEST_SIDE_PX, fitted, resized
from worker.gatys.tiles import Tile, tiled
from worker.gatys.vgg import Vgg, block_of

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
        self._keeps = _content_weights(recipe, guide) if photo is not None else {}
        self._layers = {**recipe.style_weights, **self._keeps}.keys()
        self._A = style_targets(styles, recipe, net, max(size), tile_px)
        self._T: Taps = {}
        self._content_masks: Taps = {}
        if guide is not None:
            sizes = {tap: (size[0] // _stride(tap), size[1] // _stride(tap)) for tap in self._layers}
            self._T = {tap: guide.style_mask(sizes[tap]) for tap in recipe.style_weights}
            self._content_masks = {tap: guide.content_mask(tap, sizes[tap]) for tap in self._keeps}
        self._P, self._sizes_of_P = self._content_targets(None if photo is None else resized(photo, size))
        self._positions: dict[str, Tensor | int] = {
            tap: (size[0] // _stride(tap)) * (size[1] // _stride(tap)) for tap in recipe.style_weights
        }
        self._positions |= {tap: positions(T, T) for tap, T in self._T.items()}

    def loss_and_gradient(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of x (RGB, 1x3xHxW, sRGB in [0, 1]), a scalar on its device, and its gradient, like x."""
        x = x.detach()
        if len(self._tiles) > 1:
            return self._by_tiles(x)
        x.requires_grad_()
        (tile,) = self._tiles
        taps = self._net(x, self._layers)
        loss = self._style(self._grams_of(tile, taps)) + self._content(0, taps) + self._variation(x)
        (g,) = torch.autograd.grad(loss, x)
        return loss.detach(), g

    def _by_tiles(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The same in bounded memory: statistics of the whole first, then what each tile adds to the gradient."""
        G = {tap: matrix.requires_grad_() for tap, matrix in self._grams(x).items()}
        style = self._style(G)
        D = dict(zip(G, torch.autograd.grad(style, list(G.values())), strict=True))
        variation = self._variation(x.requires_grad_())
        (g,) = torch.autograd.grad(variation, x)
        loss = style.detach() + variation.detach()
        for n, tile in enumerate(self._tiles):
            part = tile.read(x.detach()).clone().requires_grad_()
            taps = self._net(part, self._layers)
            pull = torch.stack([(D[tap] * matrix).sum() for tap, matrix in self._grams_of(tile, taps).items()]).sum()
            content = self._content(n, taps)
            tile.read(g).add_(torch.autograd.grad(pull + content, part)[0])
            loss = loss + content.detach()
        return loss, g

    @torch.no_grad()
    def _grams(self, x: Tensor) -> Taps:
        G: Taps = {}
        for tile in self._tiles:
            part = self._grams_of(tile, self._net(tile.read(x), self._recipe.style_weights))
            G = {tap: G[tap] + matrix if tap in G else matrix for tap, matrix in part.items()}
        return G

    def _grams_of(self, tile: Tile, taps: Taps) -> Taps:
        """What a tile's own features add to the Gram matrices of the whole."""
        grams = {}
        for tap in self._recipe.style_weights:
            T = tile.own_of_whole(self._T[tap], _stride(tap)) if self._T else None
            grams[tap] = gram_sum(tile.own(taps[tap], _stride(tap)), T) / self._positions[tap]
        return grams

    def _style(self, G: Taps) -> Tensor:
        weights = self._recipe.style_weights
        return torch.stack([weights[tap] * style_loss(matrix, self._A[tap]) for tap, matrix in G.items()]).sum()

    def _content(self, n: int, taps: Taps) -> Tensor:
        """The n-th tile's share of the content loss; each layer's is relative to the photo's own features there."""
        tile, loss = self._tiles[n], torch.zeros((), device=self._net.mean.device)
        for tap, weight in self._keeps.items():
            F, P, mask = tile.own(taps[tap], _stride(tap)), self._P[n][tap], None
            if self._content_masks:
                mask = tile.own_of_whole(self._content_masks[tap], _stride(tap))
            loss = loss + weight * content_loss(F, P, mask) / self._sizes_of_P[tap]
        return loss

    def _variation(self, x: Tensor) -> Tensor:
        return self._recipe.tv_weight * total_variation(x)

    @torch.no_grad()
    def _content_targets(self, photo: Tensor | None) -> tuple[list[Taps], Taps]:
        """P of each tile, and its sum of squares over the whole photo."""
        if photo is None:
            return [{} for _ in self._tiles], {}
        P = [
            {tap: tile.own(F, _stride(tap)).clone() for tap, F in self._net(tile.read(photo), self._keeps).items()}
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
            own = gram_sum(tile.own(F, _stride(tap)))
            sums[tap] = sums[tap] + own if tap in sums else own
    return {tap: G / ((size[0] // _stride(tap)) * (size[1] // _stride(tap))) for tap, G in sums.items()}


def _content_weights(recipe: Recipe, guide: Guide | None) -> dict[str, float]:
    weights = {tap: recipe.content_weight * weight for tap, weight in recipe.content_weights.items()}
    if guide is not None:
        weights[guide.fine_tap] = weights.get(guide.fine_tap, 0.0) + guide.fine_weight
    return weights


def _stride(tap: str) -> int:
    return 1 << (block_of(tap) - 1)
