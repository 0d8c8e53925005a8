"""The constants of one scale: the styles' statistics, the photo's features, and where each of them counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys.guide import Guide
from worker.gatys.losses import content_sums, gram_sum, positions
from worker.gatys.recipe import Recipe
from worker.gatys.scales import resized, style_size
from worker.gatys.structure import binding, structure
from worker.gatys.tiles import Tile, tiled
from worker.gatys.vgg import Vgg, layer_size, stride_of
from worker.gatys.window_targets import WindowTarget, window_targets

Taps = dict[str, Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class StyleTarget:
    """What one layer's statistics are pulled to."""

    weight: float
    A: Tensor
    """Mean Gram matrix of the styles, CxC."""
    T: Tensor | None
    """Guidance channel, 1x1xHxW; None counts all positions alike."""
    N: Tensor | int
    """How many positions the painting's Gram matrix sums over."""

    def mask(self, tile: Tile, stride: int) -> Tensor | None:
        """The guidance channel of the positions that a tile owns."""
        return None if self.T is None else tile.own_of_whole(self.T, stride)


@dataclass(frozen=True, slots=True, eq=False)
class ContentTarget:
    """What one layer's features are pulled to."""

    weight: Tensor
    """Of the layer's loss: its share of the content's, times what the mask leaves of PP."""
    weights: Tensor
    """Weight of each position, 1x1xHxW: the mask."""
    P: tuple[Tensor, ...]
    """The photo's features, by tile: those that the tile owns."""
    PP: Tensor
    """Weighted sum of their squares over the whole photo; never 0."""

    def mask(self, tile: Tile, stride: int) -> Tensor:
        """The weight of each position that a tile owns."""
        return tile.own_of_whole(self.weights, stride)


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """What a painting of one size is measured against, by layer."""

    tiles: tuple[Tile, ...]
    style: Mapping[str, StyleTarget]
    windows: Mapping[str, WindowTarget]
    content: Mapping[str, ContentTarget]

    @property
    def layers(self) -> Collection[str]:
        """Every layer that has a target."""
        return {**self.style, **self.windows, **self.content}.keys()

    @classmethod
    def of(
        cls,
        photo: Tensor | None,
        styles: Sequence[Tensor],
        recipe: Recipe,
        net: Vgg,
        *,
        size: tuple[int, int],
        guide: Guide | None = None,
        tile_px: int | None = None,
    ) -> "Targets":
        """Those of paintings of (height, width). photo and styles: RGB, 1x3xHxW, sRGB in [0, 1]."""
        tiles = tiled(size, tile_px)
        style = _style(style_targets(styles, recipe, net, max(size), tile_px), recipe, size, guide)
        windows = window_targets(photo, styles, recipe, net, tiles, size=size, guide=guide, tile_px=tile_px)
        content = {} if photo is None else _content(photo, recipe, net, tiles, size=size, guide=guide)
        return cls(tiles, style, windows, content)


def style_targets(styles: Sequence[Tensor], recipe: Recipe, net: Vgg, edge_px: int, tile_px: int | None = None) -> Taps:
    """A of each layer with statistics, CxC, blended by the styles' shares, for a painting of edge_px."""
    layers, targets = {**recipe.style_weights, **recipe.window_weights}, Taps()
    for share, style in zip(recipe.shares(len(styles)), styles, strict=True):
        size = style_size(style.shape[-2:], recipe.style_px(style.shape[-2:], edge_px))
        for tap, A in _grams(net, resized(style, size), layers, tile_px).items():
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


def _style(grams: Taps, recipe: Recipe, size: tuple[int, int], guide: Guide | None) -> dict[str, StyleTarget]:
    found: dict[str, StyleTarget] = {}
    for tap, weight in recipe.style_weights.items() if grams else ():
        height, width = layer_size(tap, size)
        T = None if guide is None else guide.style_mask((height, width))
        found[tap] = StyleTarget(weight, grams[tap], T, height * width if T is None else positions(T))
    return found


@torch.no_grad()
def _content(
    photo: Tensor,
    recipe: Recipe,
    net: Vgg,
    tiles: Sequence[Tile],
    *,
    size: tuple[int, int],
    guide: Guide | None,
) -> dict[str, ContentTarget]:
    at_size, layers = resized(photo, size), recipe.content_weights
    lines = structure(photo) if guide is None else guide.bound(structure(photo))
    P = [
        {tap: tile.own(F, stride_of(tap)).clone() for tap, F in net(tile.read(at_size), layers).items()}
        for tile in tiles
    ]
    found: dict[str, ContentTarget] = {}
    for tap, share in layers.items():
        mask = binding(lines, recipe.content_floor, layer_size(tap, size))
        mask = mask if guide is None else mask * guide.content_mask(layer_size(tap, size))
        own = tuple(taps[tap] for taps in P)
        parts = [tile.own_of_whole(mask, stride_of(tap)) for tile in tiles]
        PP = _squares(own, parts)
        weight = recipe.content_weight * share * PP / _squares(own, [None] * len(own))
        found[tap] = ContentTarget(weight, mask, own, PP)
    return found


def _squares(P: Sequence[Tensor], masks: Sequence[Tensor | None]) -> Tensor:
    sums = [content_sums(F, F, mask)[1] for F, mask in zip(P, masks, strict=True)]
    return torch.stack(sums).sum() + 1e-6
