"""What the style's statistics are measured in: features whose rare directions count beside common ones.

A Gram matrix is ruled by its few largest eigenvalues, of a style's ground and of its commonest stroke; a star or a
sharp edge hardly changes it. So each layer is seen through A^(-POWER/2), A the style's own Gram matrix, before the
painting's is taken: eigenvalues that were r times apart are r^(1 - POWER) times apart. At a power of 1 this is the
whitening of Li et al. (2017), "Universal Style Transfer via Feature Transforms".
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from worker.gatys.vgg import Vgg

POWER = 0.4

LEAST = 1e-3
"""Of the largest eigenvalue: what a smaller one counts as. Below it is the rounding of bfloat16."""


def whitened(net: Vgg, statistics: Mapping[str, Tensor]) -> Vgg:
    """The network with each of these taps seen through A^(-POWER/2) of its Gram matrix A, CxC."""
    return net.seen_through({tap: _root(A) for tap, A in statistics.items()})


def _root(A: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(A.double())
    shares = values / values[-1].clamp_min(1e-12)
    root: Tensor = vectors * shares.clamp_min(LEAST) ** (-POWER / 2) @ vectors.T
    return root
