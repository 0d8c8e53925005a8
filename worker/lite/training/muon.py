"""Muon (Jordan et al., 2024): momentum whose every matrix is made orthogonal before it moves a weight.

Learns these narrow networks in well under half of Adam's steps. torch.optim.Muon takes no convolution kernels.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

_QUINTIC = (3.4445, -4.7750, 2.0315)


class Muon(torch.optim.Optimizer):
    """For weights of two or more dimensions, each seen as a matrix of one row an output channel."""

    def __init__(self, groups: Iterable[dict[str, Any]], *, momentum: float = 0.95) -> None:
        super().__init__(groups, {"lr": 0.0, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]  # takes no closure
        """Move every weight by about `lr` an entry, root mean square."""
        for group in self.param_groups:
            for weight in group["params"]:
                self._move(weight, group["lr"], group["momentum"])

    def _move(self, weight: nn.Parameter, lr: float, decay: float) -> None:
        if weight.grad is None:
            return
        state = self.state[weight]
        mean = state.setdefault("mean", torch.zeros_like(weight))
        mean.lerp_(weight.grad, 1 - decay)
        ahead = weight.grad.lerp(mean, decay).flatten(1)
        # An orthogonal matrix of n x m has entries of size max(n, m)^-1/2.
        weight.sub_(orthogonal(ahead).view_as(weight) * (lr * max(ahead.shape) ** 0.5))


def orthogonal(matrix: Tensor) -> Tensor:
    """U V^T for a matrix U S V^T, roughly: five Newton-Schulz steps bring its singular values to 0.7-1.2."""
    a, b, c = _QUINTIC
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    X: Tensor = wide / (torch.linalg.vector_norm(wide) + 1e-9)
    for _ in range(5):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X if matrix.shape[0] <= matrix.shape[1] else X.T
