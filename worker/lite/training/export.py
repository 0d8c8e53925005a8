"""From a trained student to the file that ships: half precision, heads folded into square maps."""

import hashlib
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from worker.lite.training.student import DEVIATION, Student

LICENCE = "MIT"


def metric(head: Tensor) -> Tensor:
    """M, CxC and symmetric, with M M = P^T P C/T for a head P of TxC: distances seen through M are the head's.

    |M (G - G') M| over C x C entries has the mean square that |P (G - G') P^T| has over T x T, so a loss weight
    means the same on lite and on the network that taught it.
    """
    squared = (head.T @ head).double() * head.shape[1] / head.shape[0]
    values, vectors = torch.linalg.eigh(squared)
    root: Tensor = (vectors * values.clamp_min(0).sqrt()) @ vectors.T
    return root.to(head.dtype)


def export(student: Student, path: Path, *, steps: int, seed: int) -> str:
    """Write lite's weights and their description; returns the file's SHA-256."""
    body = student.body
    tensors = {f"convs.{name}": tensor for name, tensor in body.convs.state_dict().items()}
    tensors["convs.conv1_1.weight"] = tensors["convs.conv1_1.weight"] / DEVIATION
    tensors |= {f"metrics.{tap}.weight": metric(head.detach())[:, :, None, None] for tap, head in student.heads.items()}
    halves = {name: tensor.half().contiguous().cpu() for name, tensor in tensors.items()}
    metadata = {
        "name": "lite",
        "widths": ",".join(map(str, body.widths)),
        "pool": body.pool,
        "padding": body.padding,
        "mean": ",".join(f"{value:g}" for value in body.mean.flatten().tolist()),
        "taps": ",".join(student.heads),
        "input": "RGB, Bx3xHxW, sRGB in [0, 1], minus mean",
        "licence": LICENCE,
        "training": f"worker.lite.training, {steps} steps, seed {seed}",
    }
    unfinished = path.with_suffix(".part")
    save_file(halves, unfinished, metadata)
    unfinished.chmod(0o644)
    unfinished.replace(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()
