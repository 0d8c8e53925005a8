"""One scale of a painting: steps from a start, with a plateau that ends it and an explosion that is caught."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from torch import Tensor

from worker.contract.errors import Diverged
from worker.gatys.lbfgs import Lbfgs

CHECK_EVERY = 20
"""Iterations between two looks at the loss: a look makes the host wait for the device."""

PLATEAU = 1e-3
"""A scale ends when the mean loss of CHECK_EVERY iterations is not lower by this share than that of those before."""

EXPLOSION = 10.0
"""Times the first loss, beyond which a loss is taken for an explosion."""

ATTEMPTS = 3
"""Tries at a scale, each with a quarter of the step size of the one before."""

Evaluate = Callable[[Tensor], tuple[Tensor, Tensor]]
"""The loss of a picture, a scalar on its device, and its gradient."""


@dataclass(frozen=True, slots=True, eq=False)
class Descended:
    """Where one step led."""

    step: int
    loss: Tensor
    picture: Tensor
    last: bool


def descend(start: Tensor, evaluate: Evaluate, *, steps: int, step_size: float) -> Iterator[Descended]:
    """At most `steps` evaluations; the last says so, and only looks at where the others led.

    A loss that is not finite or has grown tenfold starts the scale again with a smaller step, counting from 1. Raises
    Diverged when that does not help.
    """
    for attempt in range(ATTEMPTS):
        watch, x = Watch(), start.clone()
        lbfgs = Lbfgs(x, step_size=step_size / 4**attempt)
        for step in range(1, steps + 1):
            loss, g = evaluate(x)
            trend = watch.trend(loss, look=step % CHECK_EVERY == 0 or step == steps)
            if trend is Trend.EXPLODED:
                break
            last = step == steps or trend is Trend.FLAT
            if not last:
                lbfgs.step(x, g)
            yield Descended(step, loss, x, last)
            if last:
                return
    raise Diverged(f"the loss was not finite or grew tenfold at {max(start.shape)} px, {ATTEMPTS} times")


class Trend(Enum):
    """Which way a loss goes."""

    ON = auto()
    FLAT = auto()
    EXPLODED = auto()


class Watch:
    """Sums the loss on its device, and looks at the sum only when told to."""

    def __init__(self) -> None:
        self._first: Tensor | None = None
        self._sum: Tensor | None = None
        self._count = 0
        self._before = math.inf

    def trend(self, loss: Tensor, *, look: bool) -> Trend:
        """Count one more loss, and with `look`, judge those since the last look."""
        self._first = loss if self._first is None else self._first
        self._sum = loss if self._sum is None else self._sum + loss
        self._count += 1
        if not look:
            return Trend.ON
        mean, before = self._sum.item() / self._count, self._before
        self._before, self._sum, self._count = mean, None, 0
        if not math.isfinite(mean) or mean > EXPLOSION * max(self._first.item(), 1e-3):
            return Trend.EXPLODED
        return Trend.FLAT if mean > before * (1 - PLATEAU) else Trend.ON
