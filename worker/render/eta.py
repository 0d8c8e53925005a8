"""Time and memory of a painting: estimated before it starts, corrected by earlier ones and while it is painted."""

import logging
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from worker.gatys import memory
from worker.gatys.lbfgs import Lbfgs
from worker.gatys.objective import Objective
from worker.gatys.precision import in_fast_dtype
from worker.gatys.recipe import Recipe
from worker.gatys.scales import Scale
from worker.gatys.tiles import HALO_PX, tiled
from worker.gatys.vgg import Vgg
from worker.render.free_memory import budget_bytes

log = logging.getLogger(__name__)

PROBES_PX = (64, 192)
"""Long sides of the two pictures that the rate is measured on: a fixed cost and a cost for each pixel."""
PROBES = 6
"""Iterations at each size; the fastest of the last half counts, when L-BFGS has most of its pairs."""

LOOK = 0.6
"""Cost of one forward pass over the photo or a style, as a share of an iteration (lite on a CPU)."""


MOST_TO_LEARN = 4.0
"""Largest ratio by which one painting corrects the rate: the machine may have been busy."""

WINDOW_S = 15.0
"""Seconds that the pace is measured over: small scales are slower by the pixel than large ones, and would mislead."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What an iteration costs on a device with a network."""

    fixed_s: float
    per_px_s: float

    def iteration_s(self, scale: Scale, tile_px: int | None = None) -> float:
        """Seconds for one iteration. Tiles are read with what lies around them, and once more for the statistics."""
        if tile_px is None:
            return self.fixed_s + self.per_px_s * scale.pixels
        tiles = tiled(scale.size, tile_px)
        read = sum(_length(tile.rows.outer) * _length(tile.columns.outer) for tile in tiles)
        return 1.5 * (self.fixed_s * len(tiles) + self.per_px_s * read)

    def slower(self, times: float) -> "Rate":
        """This rate, `times` as slow."""
        return Rate(self.fixed_s * times, self.per_px_s * times)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Upper bounds: a plateau ends a scale sooner."""

    seconds: float
    peak_bytes: float
    iterations: int
    tile_px: int | None
    """Side of the tiles at the largest scale; None where it is painted in one piece."""


def estimate(size: tuple[int, int], recipe: Recipe, net: Vgg, rate: Rate, budget_bytes: float) -> Estimate:
    """For a painting of (height, width) within a budget of memory."""
    net = in_fast_dtype(net)
    scales = recipe.scales(size)
    tiles = [memory.tile_px(net, scale.size, budget_bytes) for scale in scales]
    looks = LOOK * (1 + max(1, len(recipe.blend)))
    seconds = sum((s.steps + looks) * rate.iteration_s(s, tile_px) for s, tile_px in zip(scales, tiles, strict=True))
    return Estimate(seconds, _peak_bytes(net, size, tiles[-1]), sum(s.steps for s in scales), tiles[-1])


def measured_rate(net: Vgg, recipe: Recipe | None = None) -> Rate:
    """The rate of this device with `net`, from a few iterations at two small sizes: a fraction of a second."""
    small, large = PROBES_PX
    net = in_fast_dtype(net)
    seconds = [_fastest_s(net, recipe or Recipe(), edge_px) for edge_px in PROBES_PX]
    per_px_s = max(1e-12, (seconds[1] - seconds[0]) / (large**2 - small**2))
    return Rate(max(1e-6, seconds[0] - per_px_s * small**2), per_px_s)


def _fastest_s(net: Vgg, recipe: Recipe, edge_px: int) -> float:
    x = torch.rand(1, 3, edge_px, edge_px, generator=torch.Generator().manual_seed(0)).to(net.mean.device)
    objective = Objective(x, [x] * max(1, len(recipe.blend)), recipe, net, size=(edge_px, edge_px))
    lbfgs = Lbfgs(x, step_size=recipe.step_size)
    return min([_once_s(objective, lbfgs, x) for _ in range(PROBES)][PROBES // 2 :])


def _once_s(objective: Objective, lbfgs: Lbfgs, x: torch.Tensor) -> float:
    began_s = time.perf_counter()
    _, g = objective.loss_and_gradient(x)
    lbfgs.step(x, g)
    x.mean().item()
    return time.perf_counter() - began_s


def _peak_bytes(net: Vgg, size: Sequence[int], tile_px: int | None) -> float:
    pixels = size[0] * size[1]
    if tile_px is None:
        return pixels * memory.bytes_per_px(net) + memory.picture_bytes(pixels)
    return (tile_px + 2 * HALO_PX) ** 2 * memory.bytes_per_px(net) + memory.picture_bytes(pixels)


def _length(span: slice) -> int:
    length: int = span.stop - span.start
    return length


class Forecast:
    """Estimates for one worker process. The rate of a network is measured when it is first asked for."""

    def __init__(self) -> None:
        self._rates: dict[str, Rate] = {}

    def of(self, size: tuple[int, int], recipe: Recipe, net: Vgg, backbone: str) -> Estimate:
        """For a painting of (height, width) in what memory is free now; a plateau ends it sooner."""
        if backbone not in self._rates:
            self._rates[backbone] = measured_rate(net)
        return estimate(size, recipe, net, self._rates[backbone], budget_bytes(net.mean.device))

    def learn(self, backbone: str, expected_s: float, took_s: float) -> None:
        """Multiply the rate by the square root of took_s / expected_s."""
        log.info("painted in %.1f s, expected were %.1f s", took_s, expected_s)
        ratio = min(MOST_TO_LEARN, max(1 / MOST_TO_LEARN, took_s / expected_s))
        self._rates[backbone] = self._rates[backbone].slower(ratio**0.5)


class Pace:
    """Told the time and the share of the work that is done, it says how many seconds are left.

    What was expected counts for as much as there is left to do, and the pace for as much as is done: early on, a
    painting is at its small scales, whose pace says little of the large ones.
    """

    def __init__(self, expected_s: float | None = None) -> None:
        """expected_s: how long the whole painting was expected to take, where anybody knew."""
        self._expected_s = expected_s
        self._began_s: float | None = None
        self._marks: deque[tuple[float, float]] = deque()

    def remaining_s(self, now_s: float, fraction: float) -> float | None:
        """Seconds left, or None while nothing can be said. `now_s` is on any clock that only goes forward."""
        self._began_s = now_s if self._began_s is None else self._began_s
        measured_s = self._by_pace_s(now_s, fraction)
        if self._expected_s is None:
            return measured_s
        expected_s = max(0.0, self._expected_s - (now_s - self._began_s))
        return expected_s if measured_s is None else fraction * measured_s + (1 - fraction) * expected_s

    def _by_pace_s(self, now_s: float, fraction: float) -> float | None:
        self._marks.append((now_s, fraction))
        while len(self._marks) > 2 and now_s - self._marks[1][0] > WINDOW_S:
            self._marks.popleft()
        then_s, before = self._marks[0]
        if fraction <= before or now_s <= then_s:
            return None
        return (1 - fraction) * (now_s - then_s) / (fraction - before)
