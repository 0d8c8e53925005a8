"""A film as a worker makes it, for tests that only pass it on."""

from functools import cache

import torch

from worker.contract import Film
from worker.render.film import Reel


@cache
def short_film(kind: Film) -> bytes:
    """Of a very small painting."""
    reel = Reel(kind)
    for step in range(12):
        reel.add(torch.rand(1, 3, 48, 64, generator=torch.Generator().manual_seed(step)), lambda picture: picture)
    return reel.film(torch.rand(1, 3, 48, 64, generator=torch.Generator().manual_seed(0)), lambda: None)
