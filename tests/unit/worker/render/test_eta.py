"""Time and memory of a painting: arithmetic that can be checked, what is learnt, and what a person is told."""

import pytest
import torch

from tests.unit.worker.gatys.tiny import tiny_net
from worker.gatys import memory
from worker.gatys.recipe import Recipe
from worker.gatys.scales import Scale
from worker.render import free_memory
from worker.render.eta import LOOK, MOST_TO_LEARN, Forecast, Pace, Rate, estimate, measured_rate

SIZE, RECIPE = (64, 96), Recipe(edge_px=96, steps=5)


def test_a_picture_that_fits_is_painted_in_one_piece() -> None:
    net = tiny_net()
    need = 100 * 100 * memory.bytes_per_px(net) + memory.picture_bytes(100 * 100)
    assert memory.tile_px(net, (100, 100), need) is None
    assert memory.tile_px(net, (100, 100), need - 1) is not None


def test_a_tile_with_its_halo_fits_the_budget() -> None:
    net, size, budget = tiny_net(), (4096, 3072), 4e9
    tile = memory.tile_px(net, size, budget)
    assert tile is not None
    assert tile % 16 == 0
    assert (tile + 192) ** 2 * memory.bytes_per_px(net) + memory.picture_bytes(4096 * 3072) <= budget


def test_a_wider_network_takes_more_memory_and_half_precision_less() -> None:
    net = tiny_net()
    whole = memory.bytes_per_px(net)
    assert memory.bytes_per_px(tiny_net(torch.bfloat16)) < whole


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError(), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"), True),
        (RuntimeError("shape mismatch"), False),
        (ValueError("allocate memory"), False),
    ],
)
def test_a_shortage_of_memory_is_told_from_other_errors(error: Exception, short: bool) -> None:
    assert memory.is_shortage(error) is short


def test_there_is_memory_left_here() -> None:
    assert free_memory.free_bytes(torch.device("cpu")) > 2**20


def test_the_estimate_adds_up_the_ladder() -> None:
    recipe, rate = Recipe(steps=10, fewer=0, first_px=64), Rate(fixed_s=0.1, per_px_s=0.001)
    found = estimate((64, 128), recipe, tiny_net(), rate, budget_bytes=2**40)
    scales = recipe.scales((64, 128))
    assert found.iterations == 10 * len(scales)
    assert found.seconds == pytest.approx(sum((10 + 2 * LOOK) * (0.1 + 0.001 * scale.pixels) for scale in scales))
    assert found.tile_px is None


def test_tiles_take_longer_but_less_memory() -> None:
    recipe, rate = Recipe(), Rate(0.001, 1e-7)
    whole, tiles = (estimate((1024, 1024), recipe, tiny_net(), rate, budget) for budget in (2**40, 2e8))
    assert tiles.tile_px is not None
    assert tiles.seconds > whole.seconds
    assert tiles.peak_bytes < whole.peak_bytes


def test_a_slower_rate_takes_so_many_times_as_long() -> None:
    scale = Scale((30, 40), 5)
    assert Rate(0.1, 0.001).slower(2).iteration_s(scale) == pytest.approx(2.6)


def test_the_rate_is_measured_on_this_device() -> None:
    rate = measured_rate(tiny_net())
    assert rate.fixed_s > 0
    assert rate.per_px_s > 0


def _seconds(forecast: Forecast, net: object) -> float:
    return forecast.of(SIZE, RECIPE, net, "tiny").seconds  # type: ignore[arg-type]


def test_each_painting_takes_the_forecast_half_of_the_way_to_what_it_took() -> None:
    forecast, net = Forecast(), tiny_net()
    first_s = _seconds(forecast, net)
    assert first_s > 0
    forecast.learn("tiny", first_s, 2 * first_s)
    assert _seconds(forecast, net) == pytest.approx(first_s * 2**0.5)
    forecast.learn("tiny", 2, 1)
    assert _seconds(forecast, net) == pytest.approx(first_s)


def test_one_painting_on_a_busy_machine_does_not_spoil_it() -> None:
    forecast, net = Forecast(), tiny_net()
    first_s = _seconds(forecast, net)
    forecast.learn("tiny", first_s, 1000 * first_s)
    assert _seconds(forecast, net) == pytest.approx(first_s * MOST_TO_LEARN**0.5)


def test_with_nothing_foretold_nothing_is_said_before_there_is_a_pace() -> None:
    pace = Pace()
    assert pace.remaining_s(100, 0.0) is None
    assert pace.remaining_s(110, 0.25) == pytest.approx(30)


def test_what_was_foretold_is_said_at_once() -> None:
    pace = Pace(40)
    assert pace.remaining_s(100, 0.0) == 40


def test_what_was_foretold_counts_for_what_is_left_and_the_pace_for_what_is_done() -> None:
    pace = Pace(40)
    pace.remaining_s(100, 0.0)
    assert pace.remaining_s(110, 0.5) == pytest.approx(0.5 * 10 + 0.5 * 30)
    assert pace.remaining_s(120, 1.0) == 0


def test_a_painting_that_outlasts_what_was_foretold_is_judged_by_its_pace() -> None:
    pace = Pace(10)
    pace.remaining_s(100, 0.0)
    assert pace.remaining_s(180, 0.8) == pytest.approx(0.8 * 20)
