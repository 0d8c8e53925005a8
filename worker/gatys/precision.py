"""The number format that a device multiplies fastest without harm to the picture."""

import copy

import torch

from worker.gatys.vgg import Vgg


def fast_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the device has units for it (AMX, AVX512-BF16, Ampere and later), else float32."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    if device.type == "cpu" and (torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()):
        return torch.bfloat16
    return torch.float32


def in_fast_dtype(net: Vgg) -> Vgg:
    """A copy of the network that computes in the fast format, or the network itself where that is float32.

    The picture and the mean that is taken from it stay float32.
    """
    dtype = fast_dtype(net.mean.device)
    if dtype is net.convs["conv1_1"].weight.dtype:
        return net
    twin = copy.deepcopy(net)
    twin.convs.to(dtype)
    twin.metrics.to(dtype)
    return twin
