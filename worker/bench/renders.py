"""Whole paintings at the house's recipe, timed, and raced against the reference recipes on the same loss."""

import resource
import sys
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from worker.bench.peers import Mark, ladder_of_adams, lbfgs
from worker.contract import Init
from worker.gatys.canvas import first_canvas
from worker.gatys.objective import Objective
from worker.gatys.precision import in_fast_dtype
from worker.gatys.recipe import Recipe
from worker.gatys.scales import fitted, resized
from worker.gatys.stylize import stylize
from worker.gatys.vgg import Vgg
from worker.render.eta import Rate, estimate


@dataclass(frozen=True, slots=True)
class Render:
    network: str
    edge_px: int
    seconds: float
    estimated_s: float
    iterations: int
    peak_bytes: int
    """Of the process (a CPU) or the device since the benchmark began."""


@dataclass(frozen=True, slots=True)
class Race:
    """A recipe's loss at the painting's size, by our objective in the format it paints in, and what it took."""

    recipe: str
    seconds: float
    evaluations: int
    loss: float
    """Of the picture as it is saved, in [0, 1]."""
    reached_ours_s: float | None
    """Seconds until the loss was no higher than ours; None where it never was."""
    unbounded: float | None = None
    """The loss before the picture was cut to [0, 1]."""


def render(name: str, net: Vgg, photo: Tensor, style: Tensor, *, edge_px: int, rate: Rate) -> tuple[Render, Tensor]:
    recipe = Recipe(edge_px=edge_px)
    expected = estimate(fitted(photo.shape[-2:], edge_px), recipe, net, rate, budget_bytes=2**40)
    began_s, iterations = time.perf_counter(), 0
    for iterate in stylize(photo, [style], recipe, net, seed=0, budget_bytes=2**40):
        iterations += 1
        if iterate.done:
            painting = iterate.image.cpu()
    seconds = time.perf_counter() - began_s
    return Render(name, edge_px, seconds, expected.seconds, iterations, _peak_bytes(photo.device)), painting


def race(net: Vgg, photo: Tensor, style: Tensor, edge_px: int, evaluations: int) -> list[Race]:
    """Ours, L-BFGS from the photo and from noise, and a ladder of Adams, all on one network, loss and evaluator."""
    size = fitted(photo.shape[-2:], edge_px)
    recipe, fast = Recipe(edge_px=edge_px), in_fast_dtype(net)
    evaluate = Objective(photo, [style], recipe, fast, size=size).loss_and_gradient
    ours, painting = render("", net, photo, style, edge_px=edge_px, rate=Rate(1, 1))
    loss = evaluate(painting.to(photo.device))[0].item()
    found = [Race("ours", ours.seconds, ours.iterations, loss, ours.seconds)]
    noise = first_canvas(photo, size, Init.NOISE, jitter=0, noise=torch.Generator().manual_seed(0))
    runs = {
        f"L-BFGS, {evaluations} evaluations, one scale, from the photo": lbfgs(
            resized(photo, size), evaluate, evaluations=evaluations
        ),
        f"L-BFGS, {evaluations} evaluations, one scale, from noise": lbfgs(noise, evaluate, evaluations=evaluations),
        "a ladder of Adams with average": ladder_of_adams(
            photo,
            lambda at: Objective(photo, [style], recipe, fast, size=at),
            edge_px=edge_px,
            first=2 * evaluations,
            later=evaluations,
        ),
    }
    return found + [_raced(name, list(marks), loss) for name, marks in runs.items()]


def _raced(name: str, marks: list[Mark], ours: float) -> Race:
    there = [mark.seconds for mark in marks if mark.loss <= ours]
    return Race(
        name, marks[-1].seconds, marks[-1].evaluations, marks[-1].loss, there[0] if there else None, marks[-1].unbounded
    )


def _peak_bytes(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
