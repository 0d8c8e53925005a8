"""How long a painting in the sandbox will take."""

from bot.sandbox.progress import Forecast
from worker.contract import Progress


def at(fraction: float, remaining_s: float | None, job: str = "one") -> Progress:
    return Progress(id=job, fraction=fraction, remaining_s=remaining_s)


def test_the_time_left_counts_what_is_begun_what_is_before_and_oneself() -> None:
    forecast = Forecast()
    forecast.see(at(0.5, 20))
    assert forecast.left_s(1, [at(0.5, 20)], 1) == 20 + 40
    assert forecast.left_s(3, [at(0.5, 20)], 1) == 20 + 2 * 40 + 40


def test_two_workers_share_what_is_before() -> None:
    forecast = Forecast()
    forecast.see(at(0.5, 20))
    assert forecast.left_s(3, [at(0.5, 20), at(0.5, 20, "two")], 2) == (40 + 80) / 2 + 40


def test_a_painting_that_says_nothing_yet_counts_as_a_whole_one() -> None:
    forecast = Forecast()
    forecast.see(at(0.0, None))
    forecast.see(at(0.01, 500))
    forecast.see(at(1.0, 0))
    assert forecast.left_s(1, [at(0.0, None)], 1) == 60


def test_only_the_last_paintings_are_remembered() -> None:
    forecast = Forecast()
    for number in range(40):
        forecast.see(at(0.5, 500 if number < 20 else 5, str(number)))
    assert forecast.left_s(1, [], 1) == 10
