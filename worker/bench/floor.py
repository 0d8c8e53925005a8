"""The floor: a plain pass through a network and back to the picture, and an iteration of ours beside it."""

import statistics
import time
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from worker.gatys.lbfgs import Lbfgs
from worker.gatys.objective import Objective
from worker.gatys.precision import in_fast_dtype
from worker.gatys.recipe import Recipe
from worker.gatys.vgg import Vgg


def plain_pass(net: Vgg, x: Tensor) -> Callable[[], None]:
    """Forward to relu5_1 and the gradient of its sum with respect to x, with no loss and no optimiser."""
    x = x.clone().requires_grad_()

    def run() -> None:
        deepest = net(x, ("relu5_1",))["relu5_1"]
        (g,) = torch.autograd.grad(deepest.sum(), x)
        wait_for(g)

    return run


def iteration(net: Vgg, x: Tensor, style: Tensor) -> Callable[[], None]:
    """The house's loss, its gradient, and the step that follows from it."""
    recipe, painting = Recipe(), x.clone()
    objective = Objective(x, [style], recipe, net, size=(x.shape[-2], x.shape[-1]))
    lbfgs = Lbfgs(painting, step_size=recipe.step_size)

    def run() -> None:
        _, g = objective.loss_and_gradient(painting)
        lbfgs.step(painting, g)
        wait_for(painting)

    return run


def wait_for(x: Tensor) -> None:
    if x.device.type == "cuda":
        torch.cuda.synchronize(x.device)


def interleaved(runs: Mapping[str, Callable[[], None]], *, rounds: int) -> dict[str, float]:
    """Median seconds of each, taken in turns so that what else the machine does weighs on all alike."""
    for run in runs.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            began_s = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - began_s)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def floors(lite: Vgg, vgg19: Vgg, photo: Tensor, style: Tensor, *, rounds: int) -> dict[str, float]:
    """Seconds at the photo's size: plain passes of both networks, and an iteration of ours with lite."""
    fast = in_fast_dtype(lite)
    return interleaved(
        {
            "vgg19 plain float32": plain_pass(vgg19, photo),
            "lite plain float32": plain_pass(lite, photo),
            "lite plain": plain_pass(fast, photo),
            "lite iteration": iteration(fast, photo, style),
        },
        rounds=rounds,
    )
