"""A studio's forecast: measured once a network, and corrected by each painting."""

import pytest

from tests.unit.worker.gatys.tiny import tiny_net
from worker.gatys.recipe import Recipe
from worker.render.forecast import MOST_TO_LEARN, Forecast

SIZE, RECIPE = (64, 96), Recipe(edge_px=96, steps=5)


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
