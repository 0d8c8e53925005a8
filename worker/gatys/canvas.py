"""The picture being painted: where it starts, how it grows, and the average of its iterates that is shown."""

import torch
from torch import Tensor

from worker.contract import Init
from worker.gatys.scales import resized


def first_canvas(photo: Tensor | None, size: tuple[int, int], init: Init, *, jitter: float, seed: int) -> Tensor:
    """The start, RGB, 1x3xHxW in [0, 1]: the photo under a little seeded noise, or noise around grey.

    The noise is drawn on the CPU, so that a seed means the same start on every device.
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(1, 3, *size, generator=generator)
    if photo is None or init is Init.NOISE:
        start = 0.5 + 0.15 * noise
        return (start if photo is None else start.to(photo.device)).clamp(0, 1)
    return (resized(photo, size) + jitter * noise.to(photo.device)).clamp(0, 1)


class Average:
    """Exponential moving average of the iterates, corrected for its start like Adam's moments."""

    def __init__(self, like: Tensor, decay: float) -> None:
        self._decay = decay
        self._sum = torch.zeros_like(like)
        self._weight = 0.0

    def add(self, x: Tensor) -> None:
        """Count one more iterate."""
        self._sum.lerp_(x, 1 - self._decay)
        self._weight = self._decay * self._weight + 1 - self._decay

    def picture(self) -> Tensor:
        """The average so far, in [0, 1]."""
        return (self._sum / self._weight).clamp(0, 1)
