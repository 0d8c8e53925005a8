"""A photo and styles in, ever finer iterates out: the loop of Gatys, Ecker & Bethge (2016), coarse to fine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys.canvas import Average, first_canvas
from worker.gatys.guide import Guide
from worker.gatys.objective import Objective
from worker.gatys.optimise import Adam
from worker.gatys.precision import in_fast_dtype
from worker.gatys.recipe import Recipe
from worker.gatys.scales import SMALLEST_SIDE_PX, fitted, ladder, resized, widened
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
    """Scalar on the device; reading it waits for the device."""
    done: bool
    _average: Average
    _crop: tuple[int, int]

    @property
    def image(self) -> Tensor:
        """The painting so far, RGB, 1x3xHxW, sRGB in [0, 1]; read it before asking for the next iterate."""
        height, width = self._crop
        return self._average.picture()[..., :height, :width]


def stylize(
    photo: Tensor | None,
    styles: Sequence[Tensor],
    recipe: Recipe,
    net: Vgg,
    *,
    seed: int,
    guide: Guide | None = None,
) -> Iterator[Iterate]:
    """Paint the photo in the styles; without a photo, a square texture of them.

    photo and styles: RGB, 1x3xHxW float32, sRGB in [0, 1], of any size. The last iterate is `done` and holds the
    finished painting, whose long side is recipe.edge_px. Raises Diverged.
    """
    device = net.mean.device
    photo = None if photo is None else photo.to(device)
    styles = [style.to(device) for style in styles]
    net = in_fast_dtype(net)
    crop = (recipe.edge_px, recipe.edge_px) if photo is None else fitted(photo.shape[-2:], recipe.edge_px)
    if photo is not None and min(crop) < SMALLEST_SIDE_PX:
        photo = widened(resized(photo, crop))
    size = (max(SMALLEST_SIDE_PX, crop[0]), max(SMALLEST_SIDE_PX, crop[1]))
    scales = ladder(size, first_px=recipe.first_px, steps=recipe.steps, fewer=recipe.fewer)
    work, total = 0, sum(scale.pixels * scale.steps for scale in scales)
    canvas = first_canvas(photo, scales[0].size, recipe.init, jitter=recipe.jitter, seed=seed).to(device)
    for scale in scales:
        objective = Objective(photo, styles, recipe, net, size=scale.size, guide=guide)
        x = resized(canvas, scale.size).clone().requires_grad_()
        adam, average = Adam(x, step_size=recipe.step_size), Average(x, 0.9)
        shown = (crop[0] * scale.size[0] // size[0], crop[1] * scale.size[1] // size[1])
        for step in range(1, scale.steps + 1):
            loss = objective(x)
            (g,) = torch.autograd.grad(loss, x)
            adam.step(x, g)
            average.add(x.detach())
            work += scale.pixels
            done = scale is scales[-1] and step == scale.steps
            yield Iterate(scale.edge_px, step, scale.steps, work / total, loss.detach(), done, average, shown)
        canvas = average.picture()
