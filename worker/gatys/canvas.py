"""The picture being painted: where it starts, and where each larger size of it does."""

import torch
from torch import Tensor

from worker.contract import Init
from worker.gatys.scales import resized


def first_canvas(
    photo: Tensor | None, size: tuple[int, int], init: Init, *, jitter: float, noise: torch.Generator
) -> Tensor:
    """The start, RGB, 1x3xHxW in [0, 1]: the photo under a little seeded noise, or noise around grey."""
    if photo is None or init is Init.NOISE:
        grey = torch.full((1, 3, *size), 0.5)
        return rough(grey if photo is None else grey.to(photo.device), 0.15, noise)
    return rough(resized(photo, size), jitter, noise)


def rough(x: Tensor, deviation: float, noise: torch.Generator) -> Tensor:
    """A canvas under Gaussian noise, in [0, 1], drawn on the CPU: a seed means the same noise on every device.

    The fine detail of an enlarged picture lies along rows and columns, and descent feeds what it finds: without noise,
    which has all directions, the skies of large paintings are a mesh.
    """
    return (x + deviation * torch.randn(x.shape, generator=noise).to(x.device)).clamp(0, 1)
