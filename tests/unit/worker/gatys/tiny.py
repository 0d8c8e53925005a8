"""A network and pictures small enough to paint with in milliseconds."""

import torch
from torch import Tensor

from worker.gatys.vgg import Vgg


def tiny_net(dtype: torch.dtype = torch.float32) -> Vgg:
    """Random weights, four to eight channels."""
    torch.manual_seed(1)
    return Vgg((4, 4, 8, 8, 8)).to(dtype)


def picture(height: int, width: int, seed: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Noise that is smooth over a few pixels, RGB, 1x3xHxW in [0, 1]."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, -(-height // 4), -(-width // 4), generator=generator, dtype=dtype)
    return torch.nn.functional.interpolate(coarse, size=(height, width), mode="bilinear")
