"""The loss that a scale lowers: how far a picture is from the photo's content and the styles' statistics."""

from collections.abc import Sequence

import torch
from torch import Tensor

from worker.gatys.guide import Guide
from worker.gatys.losses import content_loss, gram, style_loss, total_variation
from worker.gatys.recipe import Recipe
from worker.gatys.scales import SMALLEST_SIDE_PX, fitted, resized
from worker.gatys.vgg import Vgg


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
    ) -> None:
        self._recipe = recipe
        self._net = net
        self._guide = guide
        self._content_weights = recipe.content_weights if photo is not None else {}
        self._layers = {**recipe.style_weights, **self._content_weights}.keys()
        self._A = self._style_targets(styles, max(size))
        self._P: dict[str, Tensor] = {}
        if photo is not None:
            with torch.no_grad():
                self._P = net(resized(photo, size), self._content_weights)

    def __call__(self, x: Tensor) -> Tensor:
        """The loss of x (RGB, 1x3xHxW, sRGB in [0, 1]), a scalar on its device."""
        recipe, taps = self._recipe, self._net(x, self._layers)
        loss = recipe.tv_weight * total_variation(x)
        for tap, weight in recipe.style_weights.items():
            F = taps[tap]
            T = self._guide.style_mask(_size(F)) if self._guide else None
            loss = loss + weight * style_loss(gram(F, T), self._A[tap])
        for tap, weight in self._content_weights.items():
            F = taps[tap]
            mask = self._guide.content_mask(_size(F)) if self._guide else None
            loss = loss + recipe.content_weight * weight * content_loss(F, self._P[tap], mask)
        return loss

    @torch.no_grad()
    def _style_targets(self, styles: Sequence[Tensor], edge_px: int) -> dict[str, Tensor]:
        targets: dict[str, Tensor] = {}
        for share, style in zip(self._recipe.shares(len(styles)), styles, strict=True):
            size = fitted(style.shape[-2:], edge_px * self._recipe.style_scale)
            taps = self._net(resized(style, _wide_enough(size)), self._recipe.style_weights)
            for tap in self._recipe.style_weights:
                targets[tap] = targets.get(tap, 0) + share * gram(taps[tap])
        return targets


def _size(F: Tensor) -> tuple[int, int]:
    return F.shape[-2], F.shape[-1]


def _wide_enough(size: tuple[int, int]) -> tuple[int, int]:
    return max(SMALLEST_SIDE_PX, size[0]), max(SMALLEST_SIDE_PX, size[1])
