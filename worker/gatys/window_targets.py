"""What the windows of a painting of one size are pulled to: the windows of the styles at the same size."""

from collections.abc import Mapping, Sequence
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

    def means(self, sums: Tensor) -> Tensor:
        """Mean Gram matrices of the windows, from the sums, RxCxC."""
        return sums / self.N[:, None, None]

    def partners(self, sums: Tensor) -> Tensor:
        """What each window is pulled to, RxCxC."""
        return partners(self.means(sums), self.A, self.apart, self.shares)

    def loss(self, sums: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """Weighted mean of the windows' distances to the chosen partners, and its gradient by the sums, RxCxC."""
        weight = self.weight / len(sums) / self.N
        distances, gradient = style_loss(self.means(sums), chosen, self.least, weight)
        return self.weight * distances.mean(), gradient


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
    sizes = [style_size(style.shape[-2:], recipe.style_px(style.shape[-2:], max(size))) for style in styles]
    pictures = [resized(style, own) for style, own in zip(styles, sizes, strict=True)]
    spacings = {tap: recipe.window_share * max(size) / stride_of(tap) for tap in recipe.window_weights}
    means = [_means(net, picture, spacings, tile_px) for picture in pictures]
    found: dict[str, WindowTarget] = {}
    for tap, spacing in spacings.items() if styles else ():
        at, A = layer_size(tap, size), tuple(own[tap] for own in means)
        windows = Windows.over(at, spacing, ones)
        apart = tuple(_apart(photo, picture, layer=tap, size=size, spacing=spacing) for picture in pictures)
        T = None if guide is None else guide.style_mask(at)
        N = window_positions(windows, ones.expand(1, 1, *at) if T is None else T)
        own = tuple(windows.within(tile, at, stride_of(tap)) for tile in tiles)
        least = FAINT * torch.cat(A).square().sum((1, 2)).mean()
        found[tap] = WindowTarget(recipe.window_weights[tap], own, A, apart, shares, T, N, least)
    return found


@torch.no_grad()
def _means(net: Vgg, picture: Tensor, spacings: Mapping[str, float], tile_px: int | None) -> dict[str, Tensor]:
    """Mean Gram matrix of each window of a picture, SxCxC, by layer; the windows are as far apart as spacings say."""
    size, ones = (picture.shape[-2], picture.shape[-1]), torch.ones((), device=picture.device)
    grids = {tap: Windows.over(layer_size(tap, size), spacing, ones) for tap, spacing in spacings.items()}
    sums = dict.fromkeys(spacings, torch.zeros((), device=picture.device))
    for tile in tiled(size, tile_px):
        for tap, F in net(tile.read(picture), spacings).items():
            own = grids[tap].within(tile, layer_size(tap, size), stride_of(tap))
            sums[tap] = sums[tap] + window_sums(tile.own(F, stride_of(tap)), own)
    return {tap: sums[tap] / _positions(grids[tap], layer_size(tap, size), ones) for tap in spacings}


def _positions(windows: Windows, at: tuple[int, int], ones: Tensor) -> Tensor:
    """How many positions each window of a whole layer sums over, Sx1x1."""
    return window_positions(windows, ones.expand(1, 1, *at))[:, None, None]


def _apart(photo: Tensor | None, style: Tensor, *, layer: str, size: tuple[int, int], spacing: float) -> Tensor:
    """How unlike the places of a style's windows are to the photo's, for a painting of (height, width): RxS."""
    if photo is None:
        return torch.zeros((), device=style.device)
    sizes = (layer_size(layer, size), layer_size(layer, (style.shape[-2], style.shape[-1])))
    some, others = (places(p, at, Windows.over(at, spacing, p)) for p, at in zip((photo, style), sizes, strict=True))
    return unlike(some, others)
