"""What the style's statistics are measured in: features whose rare directions count beside common ones.

A Gram matrix is ruled by its few largest eigenvalues, of a style's ground and of its commonest stroke; a star or a
sharp edge hardly changes it. So each layer is seen through A^(-POWER/2), A the style's own Gram matrix, before the
painting's is taken: eigenvalues that were r times apart are r^(1 - POWER) times apart. At a power of 1 this is the
whitening of Li et al. (2017), "Universal Style Transfer via Feature Transforms". Of wide layers, only the directions
that have most of the style are seen, which is less to multiply.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from worker.gatys.vgg import Vgg

POWER = 0.4

LEAST = 1e-3
"""Of the largest eigenvalue: what a smaller one counts as. Below it is the rounding of bfloat16."""

RICH = 0.25
"""Share of a layer's directions above LEAST from which on the power is whole: paintings and photos have as many.

Stripes, or a single colour, have few. What they lack would count so much that nothing but its absence is painted.
"""

NARROW = 64
"""Channels up to which a layer is seen along all of the style's directions; of a wider one NARROW or half, if more."""


def whitened(net: Vgg, statistics: Mapping[str, Tensor]) -> Vgg:
    """The network with each of these taps seen through the largest axes of its Gram matrix A, CxC, to A^(-POWER/2)."""
    if not statistics:
        return net
    spectra = {tap: _spectrum(A) for tap, A in statistics.items()}
    shares = [(values > LEAST).double().mean() for values, _ in spectra.values()]
    power = POWER * (torch.stack(shares).min() / RICH).clamp(max=1)
    return net.seen_through({tap: _map(*spectrum, power) for tap, spectrum in spectra.items()})


def _map(values: Tensor, axes: Tensor, power: Tensor) -> Tensor:
    """What features are multiplied by, KxC: the K largest axes of the style, each to its power."""
    seen = max(min(len(values), NARROW), len(values) // 2)
    return (axes * values.clamp_min(LEAST) ** (-power / 2))[:, -seen:].T


def _spectrum(A: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues, C, ascending, as shares of the largest, and their axes, CxC."""
    values, axes = torch.linalg.eigh(A.double())
    return values / values[-1].clamp_min(1e-12), axes
