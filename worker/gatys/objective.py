"""The loss that a scale lowers, and its gradient: how far a picture is from the photo and the styles' statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from worker.gatys.guide import Guide
from worker.gatys.losses import content_loss, content_sums, gram_gradient, gram_sum, style_loss, total_variation
from worker.gatys.recipe import Recipe
from worker.gatys.targets import Taps, Targets, style_targets
from worker.gatys.tiles import Tile
from worker.gatys.vgg import Vgg, stride_of
from worker.gatys.whitening import whitened
from worker.gatys.windows import window_gradient, window_sums

PARTNERS_KEPT = 4
"""Evaluations after which each window's partner is chosen anew; at every one, the paintings are as good."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """What the losses are made of, summed over positions: Gram matrices, windows' ones, and the content's products."""

    grams: Taps
    windows: Taps
    content: Taps

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(
            _added(self.grams, other.grams), _added(self.windows, other.windows), _added(self.content, other.content)
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Losses:
    """The losses of the whole, and what their gradients with respect to features are made of."""

    loss: Tensor
    D: Taps
    """Gradient by each Gram sum, CxC."""
    D_windows: Taps
    """The same by the Gram sums of a layer's windows, RxCxC, which add up to the whole's: its gradient is in them."""
    ab: dict[str, tuple[Tensor, Tensor]]
    """The content's gradient is weight * (a F - b P)."""


class Objective:
    """L_total of Gatys et al. (2016), eq. 7, with a total variation.

    Its targets are constants of one scale, but the windows' partners are chosen anew now and then.
    """

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
        self._tv_weight = recipe.tv_weight
        self._net = whitened(net, style_targets(styles, recipe, net, max(size), tile_px))
        self._targets = Targets.of(photo, styles, recipe, self._net, size=size, guide=guide, tile_px=tile_px)
        self._evaluations, self._partners = 0, Taps()

    def loss_and_gradient(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of x (RGB, 1x3xHxW, sRGB in [0, 1]), a scalar on its device, and its gradient, like x."""
        x, tiles = x.detach(), self._targets.tiles
        loss, g = total_variation(x)
        loss, g = self._tv_weight * loss, self._tv_weight * g
        losses = None if len(tiles) == 1 else self._losses(self._sums_of_whole(x))
        for n, tile in enumerate(tiles):
            part = tile.read(x).detach().requires_grad_()
            taps = self._net(part, self._targets.layers)
            with torch.no_grad():
                losses = losses or self._losses(self._sums(n, taps))
                gradients = self._gradients(n, taps, losses)
            by_part = torch.autograd.grad([taps[tap] for tap in gradients], part, list(gradients.values()))
            tile.read(g).add_(by_part[0])
        return loss + losses.loss if losses else loss, g

    @torch.no_grad()
    def _sums_of_whole(self, x: Tensor) -> _Sums:
        """Those of a whole that is too large for one piece."""
        tiles, layers = self._targets.tiles, self._targets.layers
        return reduce(_Sums.__add__, (self._sums(n, self._net(tile.read(x), layers)) for n, tile in enumerate(tiles)))

    def _sums(self, n: int, taps: Taps) -> _Sums:
        """What the n-th tile's own features add to the sums over the whole."""
        tile, grams, windows, content = self._targets.tiles[n], Taps(), Taps(), Taps()
        for tap, places in self._targets.windows.items():
            F, T = tile.own(taps[tap], stride_of(tap)), places.mask(tile, stride_of(tap))
            windows[tap] = window_sums(F, places.windows[n], T)
        for tap, style in self._targets.style.items():
            F, T = tile.own(taps[tap], stride_of(tap)), style.mask(tile, stride_of(tap))
            grams[tap] = windows[tap].sum(0) if tap in windows else gram_sum(F, T)
        for tap, target in self._targets.content.items():
            F, mask = tile.own(taps[tap], stride_of(tap)), target.mask(tile, stride_of(tap))
            content[tap] = content_sums(F, target.P[n], mask)
        return _Sums(grams, windows, content)

    def _losses(self, sums: _Sums) -> _Losses:
        loss, D, D_windows = torch.zeros((), device=self._net.mean.device), Taps(), Taps()
        ab: dict[str, tuple[Tensor, Tensor]] = {}
        for tap, style in self._targets.style.items():
            distance, D[tap] = style_loss(sums.grams[tap] / style.N, style.A, weight=style.weight / style.N)
            loss = loss + style.weight * distance
        for tap, places in self._targets.windows.items():
            if self._evaluations % PARTNERS_KEPT == 0:
                self._partners[tap] = places.partners(sums.windows[tap])
            distance, gradient = places.loss(sums.windows[tap], self._partners[tap])
            loss, D_windows[tap] = loss + distance, gradient.add_(D.get(tap, 0))
        for tap, target in self._targets.content.items():
            distance, a, b = content_loss(sums.content[tap], target.PP)
            loss, ab[tap] = loss + target.weight * distance, (target.weight * a, target.weight * b)
        self._evaluations += 1
        return _Losses(loss, D, D_windows, ab)

    def _gradients(self, n: int, taps: Taps, losses: _Losses) -> Taps:
        """The gradient of all losses with respect to the n-th tile's taps: 0 beyond what the tile owns."""
        tile, found = self._targets.tiles[n], Taps()
        for tap, D in losses.D_windows.items():
            F, places = tile.own(taps[tap], stride_of(tap)), self._targets.windows[tap]
            found[tap] = window_gradient(F, D, places.windows[n], places.mask(tile, stride_of(tap)))
        for tap, D in losses.D.items():
            if tap not in found:
                mask = self._targets.style[tap].mask(tile, stride_of(tap))
                found[tap] = gram_gradient(tile.own(taps[tap], stride_of(tap)), D, mask)
        for tap, (a, b) in losses.ab.items():
            F, target = tile.own(taps[tap], stride_of(tap)), self._targets.content[tap]
            gradient = F * a.to(F.dtype) - target.P[n] * b.to(F.dtype)
            gradient = gradient * target.mask(tile, stride_of(tap)).to(F.dtype)
            found[tap] = found[tap] + gradient if tap in found else gradient
        if len(self._targets.tiles) > 1:
            found = {tap: _placed(gradient, tile, taps[tap], stride_of(tap)) for tap, gradient in found.items()}
        return found


def _added(some: Taps, more: Taps) -> Taps:
    return {tap: t + more[tap] for tap, t in some.items()}


def _placed(gradient: Tensor, tile: Tile, F: Tensor, stride: int) -> Tensor:
    whole = torch.zeros_like(F)
    tile.own(whole, stride).copy_(gradient)
    return whole
