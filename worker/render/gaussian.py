"""The Gaussian blur."""

import math

import torch
from torch import Tensor
from torch.nn import functional as nnf


def reach_px(deviation_px: float) -> int:
    """How far it looks: beyond three deviations nothing counts."""
    return math.ceil(3 * deviation_px)


def blurred(x: Tensor, deviation_px: float) -> Tensor:
    """x, 1xCxHxW, each channel by itself; beyond its border the border goes on."""
    reach = reach_px(deviation_px)
    kernel = torch.exp(-torch.arange(-reach, reach + 1).to(x).square() / (2 * deviation_px**2))
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, 1, -1)
    for side in (kernel, kernel.transpose(2, 3)):
        pad = (0, 0, reach, reach) if side.shape[2] > 1 else (reach, reach, 0, 0)
        x = nnf.conv2d(nnf.pad(x, pad, mode="replicate"), side, groups=x.shape[1])
    return x
