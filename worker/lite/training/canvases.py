"""Paintings in the making: the student paints them, and is taught on what it painted.

Optimisation walks to pictures that no photo resembles, so features learned on photos alone mean nothing there.
This is dataset aggregation (Ross, Gordon & Bagnell, 2011) with pictures for states.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from worker.lite.training.pictures import Shelf, crop, draw


@dataclass(frozen=True, slots=True)
class Batch:
    """Some canvases with the photo and the style each is painted after; all RGB, Bx3xExE, in [0, 1]."""

    index: Tensor
    born: Tensor
    """When each canvas was begun, as a number: photo and style stay the same until the next one."""
    canvas: Tensor
    photo: Tensor
    style: Tensor


class Canvases:
    """A fixed number of paintings, each replaced by a fresh one when it is old."""

    STEP = 0.02
    """How far one step moves a pixel, as Adam counts it."""
    BETAS = (0.9, 0.99)

    def __init__(self, shelf: Shelf, count: int, edge_px: int, lifetime_steps: int, seed: int) -> None:
        self._shelf = shelf
        self._edge_px = edge_px
        self._lifetime_steps = lifetime_steps
        self._random = torch.Generator().manual_seed(seed)
        self._canvas, self._photo, self._style = (torch.zeros(count, 3, edge_px, edge_px) for _ in range(3))
        self._first, self._second = torch.zeros_like(self._canvas), torch.zeros_like(self._canvas)
        self._age = torch.zeros(count, dtype=torch.long)
        self._life = torch.zeros(count, dtype=torch.long)
        self._born = torch.zeros(count, dtype=torch.long)
        for i in range(count):
            self._begin(i)
            # Ages start apart, so that the first batches already differ in how much is left to paint.
            self._life[i] = max(1, int(self._life[i] * (i + 1) / count))

    def pick(self, size: int) -> Batch:
        index = torch.randperm(len(self._canvas), generator=self._random)[:size]
        return Batch(index, self._born[index], self._canvas[index], self._photo[index], self._style[index])

    def paint(self, index: Tensor, gradient: Tensor) -> None:
        """Move the canvases one step of Adam down their gradients, and begin anew those whose time has come."""
        first, second = self.BETAS
        # Gradients of different losses differ in size by orders of magnitude; Adam's memory should not.
        g = gradient.cpu() / gradient.cpu().square().mean((1, 2, 3), keepdim=True).sqrt().clamp_min(1e-12)
        self._first[index] = first * self._first[index] + (1 - first) * g
        self._second[index] = second * self._second[index] + (1 - second) * g.square()
        self._age[index] += 1
        age = self._age[index].view(-1, 1, 1, 1)
        m = self._first[index] / (1 - first**age)
        v = self._second[index] / (1 - second**age)
        self._canvas[index] = (self._canvas[index] - self.STEP * m / (v.sqrt() + 1e-8)).clamp(0, 1)
        for i in index.tolist():
            if self._age[i] >= self._life[i]:
                self._begin(i)

    def state_dict(self) -> dict[str, Tensor]:
        return {**{name: getattr(self, name) for name in self._STATE}, "random": self._random.get_state()}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        for name in self._STATE:
            getattr(self, name).copy_(state[name])
        self._random.set_state(state["random"])

    _STATE = ("_canvas", "_photo", "_style", "_first", "_second", "_age", "_life", "_born")

    def _begin(self, i: int) -> None:
        photo = crop(draw(self._shelf.photos, self._random), self._edge_px, self._random)
        kind = self._shelf.art if self._chance() < 0.8 else self._shelf.photos
        self._photo[i] = photo
        self._style[i] = crop(draw(kind, self._random), self._edge_px, self._random)
        self._canvas[i] = self._start(photo, self._style[i])
        self._first[i] = 0
        self._second[i] = 0
        self._age[i] = 0
        self._born[i] += 1
        self._life[i] = 1 + int(self._chance() ** 2 * 2 * self._lifetime_steps)

    def _start(self, photo: Tensor, style: Tensor) -> Tensor:
        """Where a painting begins: mostly the photo, sometimes something that no camera would take."""
        chance = self._chance()
        noise = torch.randn(photo.shape, generator=self._random)
        if chance < 0.45:
            return photo
        if chance < 0.60:
            return (photo + noise * 0.3 * self._chance()).clamp(0, 1)
        if chance < 0.75:
            return (photo.mean((1, 2), keepdim=True) + noise * 0.3 * self._chance()).clamp(0, 1)
        if chance < 0.85:
            return _blurred(photo, 2 ** (1 + int(3 * self._chance())))
        weight = self._chance()
        return weight * photo + (1 - weight) * style

    def _chance(self) -> float:
        return float(torch.rand((), generator=self._random))


def _blurred(picture: Tensor, factor: int) -> Tensor:
    small = F.avg_pool2d(picture[None], factor)
    return F.interpolate(small, size=picture.shape[1:], mode="bilinear", align_corners=False)[0]
