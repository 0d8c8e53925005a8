"""What the windows of a painting of one size are pulled to: the windows of the styles at the same size."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys.guide import Guide
from worker.gatys.losses import style_loss
from worker.gatys.partners import partners, places, unlike
from worker.gatys.recipe import Recipe
from worker.gatys.scales import resized, style_size
from worker.gatys.tiles import Tile, tiled
from worker.gatys.vgg import Vgg, layer_size, stride_of
from worker.gatys.windows import Windows, window_positions, window_sums

FAINT = 0.05
"""Of the mean square of the style's windows, added to each one's: a black window counts no more than the others."""


@dataclass(frozen=True, slots=True, eq=False)
class WindowTarget:
    """One layer's."""

    weight: float
    """Of the mean over windows."""
    windows: tuple[Windows, ...]
    """By tile: the parts over the positions that the tile owns."""
    A: tuple[Tensor, ...]
    """Mean Gram matrices of each style's windows, SxCxC."""
    apart: tuple[Tensor, ...]
    """How unlike the places of each style's windows are to those of the photo's, RxS; 0 without a photo."""
    shares: tuple[float, ...]
    """Of each style."""
    T: Tensor | None
    """Guidance channel, 1x1xHxW; None counts all positions alike."""
    N: Tensor
    """Positions that each window's Gram matrix sums over, R."""
    least: Tensor
    """Added to the square of each target."""

    def mask(self, tile: Tile, stride: int) -> Tensor | None:
        """The guidance channel of the positions that a tile owns."""
        return None if self.T is None else tile.own_of_whole(self.T, stride)

    def loss(self, sums: Tensor) -> tuple[Tensor, Tensor]:
        """Weighted mean of the windows' distances to their partners, and its gradient by the sums, RxCxC."""
        G = sums / self.N[:, None, None]
        distances, gradient = style_loss(G, partners(G, self.A, self.apart, self.shares), self.least)
        return self.weight * distances.mean(), gradient * (self.weight / len(G) / self.N)[:, None, None]


def window_targets(
    photo: Tensor | None,
    styles: Sequence[Tensor],
    recipe: Recipe,
    net: Vgg,
    tiles: Sequence[Tile],
    *,
    size: tuple[int, int],
    guide: Guide | None,
    tile_px: int | None,
) -> dict[str, WindowTarget]:
    """Those of paintings of (height, width), by layer. photo and styles: RGB, 1x3xHxW, sRGB in [0, 1]."""
    shares, ones = recipe.shares(len(styles)), torch.ones((), device=net.mean.device)
    pictures = [resized(style, style_size(style.shape[-2:], max(size) * recipe.style_scale)) for style in styles]
    found: dict[str, WindowTarget] = {}
    for tap, weight in recipe.window_weights.items() if styles else ():
        at, spacing = layer_size(tap, size), recipe.window_share * max(size) / stride_of(tap)
        A = tuple(_means(net, picture, tap, spacing, tile_px) for picture in pictures)
        windows = Windows.over(at, spacing, ones)
        apart = tuple(_apart(photo, picture, layer=tap, size=size, spacing=spacing) for picture in pictures)
        T = None if guide is None else guide.style_mask(at)
        N = window_positions(windows, ones.expand(1, 1, *at) if T is None else T)
        own = tuple(windows.within(tile, at, stride_of(tap)) for tile in tiles)
        least = FAINT * torch.cat(A).square().sum((1, 2)).mean()
        found[tap] = WindowTarget(weight, own, A, apart, shares, T, N, least)
    return found


@torch.no_grad()
def _means(net: Vgg, picture: Tensor, tap: str, spacing: float, tile_px: int | None) -> Tensor:
    """Mean Gram matrix of each window of a picture, SxCxC."""
    size = (picture.shape[-2], picture.shape[-1])
    at, ones = layer_size(tap, size), torch.ones((), device=picture.device)
    windows, sums = Windows.over(at, spacing, ones), torch.zeros((), device=picture.device)
    for tile in tiled(size, tile_px):
        F = tile.own(net(tile.read(picture), (tap,))[tap], stride_of(tap))
        sums = sums + window_sums(F, windows.within(tile, at, stride_of(tap)))
    return sums / window_positions(windows, ones.expand(1, 1, *at))[:, None, None]


def _apart(photo: Tensor | None, style: Tensor, *, layer: str, size: tuple[int, int], spacing: float) -> Tensor:
    """How unlike the places of a style's windows are to the photo's, for a painting of (height, width): RxS."""
    if photo is None:
        return torch.zeros((), device=style.device)
    sizes = (layer_size(layer, size), layer_size(layer, (style.shape[-2], style.shape[-1])))
    some, others = (places(p, at, Windows.over(at, spacing, p)) for p, at in zip((photo, style), sizes, strict=True))
    return unlike(some, others)
