"""What the benchmark ran on."""

import os
import platform
from pathlib import Path

import torch

from worker.gatys.precision import fast_dtype


def describe(device: torch.device) -> dict[str, str]:
    """The processor or accelerator by name, threads, torch and the number format in use."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else _processor()
    return {
        "device": name,
        "threads": f"{torch.get_num_threads()} of {os.cpu_count()} cores",
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "torch": torch.__version__,
        "format": str(fast_dtype(device)).removeprefix("torch."),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    fields = [line.partition(":") for line in cpuinfo.read_text().splitlines()] if cpuinfo.exists() else []
    facts = {key.strip(): value.strip() for key, _, value in fields}
    family = f" (family {facts['cpu family']}, model {facts['model']})" if "model" in facts else ""
    return facts.get("model name", platform.processor() or platform.machine()) + family
