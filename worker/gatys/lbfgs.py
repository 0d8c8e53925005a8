"""L-BFGS on the pixels, kept in [0, 1], with nothing that makes the device wait for the host."""

import torch
from torch import Tensor

from worker.gatys.smoothing import Smoothing

LARGEST = 10.0
"""Times the first step, beyond which no step goes."""

CURVED = 1e-6
"""A pair of which the cosine between step and change of gradient is lower says nothing of the curvature."""

PAIRS = 6
"""Steps and changes of gradient that are remembered. With 20, the loss after 100 iterations was 0.2% lower."""

REMEMBERED_BYTES = 2**29
"""Of them, at most; two pairs are always remembered."""


def pairs_for(numbers: int) -> int:
    """How many pairs are remembered of a picture of so many numbers (3 a pixel)."""
    return max(2, min(PAIRS, REMEMBERED_BYTES // (2 * 4 * numbers)))


class Lbfgs:
    """The limited-memory BFGS of Nocedal (1980) for a picture, in the compact form of Byrd, Nocedal & Schnabel (1994).

    Theorem 2.2 of the latter takes few products of large matrices, where the usual recursion takes one scalar after the
    other. Departs from both: the initial matrix is a smoothing, a step has no line search but a largest
    length, and pixels that a bound holds take no part in it (Bertsekas 1982, "Projected Newton methods").
    """

    def __init__(self, x: Tensor, *, step_size: float) -> None:
        """step_size: root mean square of the first step, in units of the full range of a pixel."""
        self._step_size, self._pairs = step_size, (pairs := pairs_for(x.numel()))
        self._smoothing = Smoothing((x.shape[-2], x.shape[-1]), x.device)
        self._S = x.new_zeros(pairs, x.numel())
        self._BY = x.new_zeros(pairs, x.numel())
        """Changes of gradient, smoothed."""
        self._SY, self._YBY = x.new_zeros(pairs, pairs), x.new_zeros(pairs, pairs)
        self._good = x.new_zeros(pairs)
        """1 for a pair that counts."""
        self._gamma = x.new_ones(())
        self._before: tuple[Tensor, Tensor] | None = None
        self._t = 0

    @torch.no_grad()
    def step(self, x: Tensor, g: Tensor) -> None:
        """Move x, 1x3xHxW, in place, against its gradient g, and keep it in [0, 1]."""
        free = ~(((x <= 0) & (g > 0)) | ((x >= 1) & (g < 0)))
        q = g * free
        if self._before is None:
            d = self._smoothing(q)
            d *= self._step_size / _rms(d)
        else:
            s, g_before = self._before
            d = self._direction(q, s, g - g_before)
            d *= (LARGEST * self._step_size / _rms(d)).clamp(max=1)
        old = x.clone()
        x.sub_(d.mul_(free)).clamp_(0, 1)
        self._before = (x - old, g)

    def _direction(self, q: Tensor, s: Tensor, y: Tensor) -> Tensor:
        """The inverse Hessian's estimate, with one more pair, times q."""
        S_q, BY_q = self._remembered(q, s, y)
        newest = self._t % self._pairs
        self._t += 1

        def ordered(t: Tensor) -> Tensor:
            return torch.roll(t, [-newest - 1] * t.ndim, list(range(t.ndim)))

        good = ordered(self._good)
        both, alone = good[:, None] * good[None, :], torch.diag(1 - good)
        SY = ordered(self._SY) * both
        R, D = SY.triu() + alone, torch.diag(SY.diagonal())
        p, b = (good * ordered(S_q))[:, None], (good * ordered(BY_q))[:, None]
        u = torch.linalg.solve_triangular(R, p, upper=True)
        middle = (D + self._gamma * ordered(self._YBY) * both) @ u - self._gamma * b
        w = torch.linalg.solve_triangular(R.T, middle, upper=False)
        u, w = (torch.roll(c[:, 0] * good, newest + 1) for c in (u, w))
        moved = w @ self._S - (self._gamma * u) @ self._BY
        return moved.view_as(q).add_(self._smoothing(q) * self._gamma)

    def _remembered(self, q: Tensor, s: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Put a pair in the place of the oldest. Returns the products of all pairs with q."""
        k = self._t % self._pairs
        self._S[k] = s.reshape(-1)
        self._BY[k] = self._smoothing(y).reshape(-1)
        both = torch.stack([y.reshape(-1), q.reshape(-1)])
        with_S, with_BY = both @ self._S.T, both @ self._BY.T
        self._SY[:, k], self._YBY[:, k], self._YBY[k] = with_S[0], with_BY[0], with_BY[0]
        sy, yBy = with_S[0, k], with_BY[0, k]
        good = sy > CURVED * s.norm() * y.norm()
        self._good[k] = good
        self._gamma = torch.where(good, sy / yBy.clamp_min(1e-30), self._gamma)
        return with_S[1], with_BY[1]


def _rms(d: Tensor) -> Tensor:
    return d.square().mean().sqrt().clamp_min(1e-20)
