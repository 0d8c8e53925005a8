"""How long a painting will take and how much memory, before it starts."""

import time
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

PROBES_PX = (64, 192)
"""Long sides of the pictures that the pace is measured on: an iteration is a fixed cost and one by the pixel."""

PROBES = 6
"""Iterations at each; the fastest of the last half counts: by then L-BFGS remembers most of what it ever will."""

LOOK = 0.6
"""Of an iteration: one look at the photo or at a style, which each scale begins with; measured with lite on a CPU."""


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
        """So many times slower; below 1 is faster."""
        return Rate(self.fixed_s * times, self.per_px_s * times)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a painting will take, at most: a plateau ends a scale sooner."""

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
    """The device's rate with this network by a few iterations at two small sizes: a fraction of a second."""
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
