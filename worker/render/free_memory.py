"""Memory that a painting may take on a device."""

import torch

from worker import host_memory

SHARE = 0.6
"""Share of the free memory that one painting may take."""


def free_bytes(device: torch.device) -> int:
    """Bytes that can still be had on the device."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return host_memory.free_bytes()


def budget_bytes(device: torch.device) -> float:
    """Bytes that a painting may take on the device now."""
    return SHARE * free_bytes(device)
