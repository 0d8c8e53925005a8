"""A photo and styles in, ever finer iterates out: the loop of Gatys, Ecker & Bethge (2016), coarse to fine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys import memory
from worker.gatys.canvas import first_canvas, rough
from worker.gatys.descent import Descended, descend
from worker.gatys.guide import Guide
from worker.gatys.objective import Objective
from worker.gatys.precision import in_fast_dtype
from worker.gatys.recipe import Recipe
from worker.gatys.scales import SMALLEST_SIDE_PX, Scale, fitted, resized, widened
from worker.gatys.vgg import Vgg


@dataclass(frozen=True, slots=True, eq=False)
class Iterate:
    """The painting after one iteration."""

    edge_px: int
    """Long side of the scale at work."""
    step: int
    """From 1 to steps, within this scale."""
    steps: int
    fraction: float
    """Share of the whole render's work that is done, in [0, 1]."""
    loss: Tensor
    """Scalar on the device; reading it makes the host wait for the device."""
    done: bool
    _picture: Tensor
    _shown: tuple[int, int]

    @property
    def image(self) -> Tensor:
        """The painting so far, RGB, 1x3xHxW, sRGB in [0, 1]; read it before asking for the next iterate."""
        height, width = self._shown
        return self._picture[..., :height, :width]


def stylize(
    photo: Tensor | None,
    styles: Sequence[Tensor],
    recipe: Recipe,
    net: Vgg,
    *,
    seed: int,
    budget_bytes: float,
    guide: Guide | None = None,
) -> Iterator[Iterate]:
    """Paint the photo in the styles; without a photo, a square texture of them.

    photo and styles: RGB, 1x3xHxW float32, sRGB in [0, 1], of any size. budget_bytes: memory to stay within, by tiles
    if need be. The last iterate is `done` and holds the finished painting, whose long
    side is recipe.edge_px. Raises Diverged and OutOfMemory.
    """
    painter = _Painter(photo, styles, recipe, in_fast_dtype(net), guide=guide, budget_bytes=budget_bytes)
    scales = recipe.scales(painter.size)
    noise = torch.Generator().manual_seed(seed)
    canvas = first_canvas(painter.photo, scales[0].size, recipe.init, jitter=recipe.jitter, noise=noise)
    work, total = 0, sum(scale.pixels * scale.steps for scale in scales)
    for scale in scales:
        if scale is not scales[0]:
            canvas = rough(resized(canvas, scale.size), recipe.grain, noise)
        for at in painter.paint(canvas.to(net.mean.device), scale):
            done = at.last and scale is scales[-1]
            fraction = 1.0 if done else (work + scale.pixels * at.step) / total
            yield Iterate(
                scale.edge_px, at.step, scale.steps, fraction, at.loss, done, at.picture, painter.shown(scale)
            )
        work += scale.pixels * scale.steps
        canvas = at.picture


class _Painter:
    """What all scales of one painting share."""

    def __init__(
        self,
        photo: Tensor | None,
        styles: Sequence[Tensor],
        recipe: Recipe,
        net: Vgg,
        *,
        guide: Guide | None,
        budget_bytes: float,
    ) -> None:
        device = net.mean.device
        self._styles, self._recipe, self._net, self._guide = [s.to(device) for s in styles], recipe, net, guide
        self._budget_bytes = budget_bytes
        square = (recipe.edge_px, recipe.edge_px)
        self._asked = square if photo is None else fitted(photo.shape[-2:], recipe.edge_px)
        self.size = (max(SMALLEST_SIDE_PX, self._asked[0]), max(SMALLEST_SIDE_PX, self._asked[1]))
        """(height, width) that is painted: what was asked for, widened where that is too narrow for the network."""
        self.photo = None if photo is None else widened(resized(photo.to(device), self._asked))

    def shown(self, scale: Scale) -> tuple[int, int]:
        """The part of a scale's picture that was asked for."""
        height, width = (
            max(1, round(side * at / whole)) for side, at, whole in zip(scale.size, self._asked, self.size, strict=True)
        )
        return height, width

    def paint(self, canvas: Tensor, scale: Scale) -> Iterator[Descended]:
        """One scale; where memory runs out, again from its start in tiles half as large."""
        tile_px = memory.tile_px(self._net, scale.size, self._budget_bytes)
        while True:
            try:
                objective = Objective(
                    self.photo,
                    self._styles,
                    self._recipe,
                    self._net,
                    size=scale.size,
                    guide=self._guide,
                    tile_px=tile_px,
                )
                steps = descend(
                    canvas, objective.loss_and_gradient, steps=scale.steps, step_size=self._recipe.step_size
                )
                yield from steps
                return
            except memory.SHORTAGES as error:
                tile_px = memory.smaller(error, tile_px, scale.size)
