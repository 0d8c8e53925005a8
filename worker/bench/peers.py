"""The optimisations of the reference programs, rebuilt from their published recipes to lower our loss.

Given our own objective, they compete with ours on equal terms: same network, same loss, same evaluator.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys.objective import Objective
from worker.gatys.scales import fitted, resized

Evaluate = Callable[[Tensor], tuple[Tensor, Tensor]]


LOOK_EVERY = 10
"""Evaluations between two looks at what L-BFGS would save."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How low the loss at the painting's size was, and when."""

    seconds: float
    evaluations: int
    loss: float
    """Of the picture as it is saved, in [0, 1]."""
    unbounded: float | None = None
    """Of the iterate before it is cut to that range, where the recipe keeps to no bounds."""


def lbfgs(start: Tensor, evaluate: Evaluate, *, evaluations: int) -> Iterator[Mark]:
    """jcjohnson/neural-style: L-BFGS at one scale, history 100, step 1, no line search, no bounds.

    It is cut to [0, 1] when it is saved. What a look at that costs is not counted.
    """
    x = start.clone().requires_grad_()
    marks: list[Mark] = []
    began_s, looking_s, count = time.perf_counter(), 0.0, 0

    def closure() -> Tensor:
        nonlocal looking_s, count
        loss, x.grad = evaluate(x.detach())
        count += 1
        if count % LOOK_EVERY == 1 or count == evaluations:
            unbounded, paused_s = loss.item(), time.perf_counter()
            marks.append(_mark(x, evaluate, count, unbounded, paused_s - began_s - looking_s))
            looking_s += time.perf_counter() - paused_s
        return loss

    optimiser = torch.optim.LBFGS(
        [x], max_iter=evaluations, max_eval=evaluations, history_size=100, tolerance_grad=0, tolerance_change=0
    )
    optimiser.step(closure)  # type: ignore[no-untyped-call]  # torch
    if marks[-1].evaluations < count:
        loss, _ = evaluate(x.detach())
        marks.append(_mark(x, evaluate, count, loss.item(), time.perf_counter() - began_s - looking_s))
    yield from marks


def _mark(x: Tensor, evaluate: Evaluate, count: int, unbounded: float, seconds: float) -> Mark:
    return Mark(seconds, count, evaluate(x.detach().clamp(0, 1))[0].item(), unbounded)


def ladder_of_adams(
    photo: Tensor, objective: Callable[[tuple[int, int]], Objective], *, edge_px: int, first: int, later: int
) -> Iterator[Mark]:
    """crowsonkb/style-transfer-pytorch: a sqrt 2 ladder from 128 px, Adam 0.02 (0.9, 0.99), average 0.99 a scale.

    1,000 iterations at the first scale and 500 at each later one are its defaults. Marks only the last scale, whose
    loss alone compares; their seconds count from the first.
    """
    rungs = [edge_px, *(edge for n in range(1, 16) if (edge := edge_px / 2 ** (n / 2)) >= 127)]
    x, began_s, count = photo, time.perf_counter(), 0
    for n, edge in enumerate(reversed(rungs)):
        size = fitted(photo.shape[-2:], edge)
        at = objective(size)
        x = resized(x, size).clone()
        average, steps = torch.zeros_like(x), later if n else first
        adam = torch.optim.Adam([x.requires_grad_()], lr=0.02, betas=(0.9, 0.99), eps=1e-12)
        for _ in range(steps):
            loss, x.grad = at.loss_and_gradient(x.detach())
            adam.step()
            average.lerp_(x.detach().clamp_(0, 1), 0.01)
            count += 1
            if edge == edge_px:
                yield Mark(time.perf_counter() - began_s, count, loss.item())
        x = (average / (1 - 0.99**steps)).clamp(0, 1)  # corrected for its start, as Adam's moments are
    loss, _ = at.loss_and_gradient(x)
    yield Mark(time.perf_counter() - began_s, count + 1, loss.item())
