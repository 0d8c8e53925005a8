"""Who is about in the sandbox, and how long a painting will take."""

from bot.sandbox.forecast import Forecast
from bot.sandbox.presence import LATELY_S, Event, Presence
from worker.contract import Progress


class Steady:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_whoever_was_never_heard_of_is_missed_only_after_a_while() -> None:
    clock = Steady()
    presence = Presence(clock)
    assert presence.here(1) is None
    clock.at = LATELY_S
    assert presence.here(1) is False


def test_whoever_asks_now_and_then_is_here_and_whoever_stops_is_gone() -> None:
    clock = Steady()
    presence = Presence(clock)
    presence.heard(1)
    clock.at = LATELY_S - 1
    assert presence.here(1) is True
    clock.at = LATELY_S
    assert presence.here(1) is False


def test_an_open_stream_is_enough_to_be_here_and_hears_what_is_told() -> None:
    clock = Steady()
    presence = Presence(clock)
    with presence.listening(1) as queue:
        clock.at = 10 * LATELY_S
        assert presence.here(1) is True
        presence.tell(1, Event("update", 7))
        presence.tell(2, Event("update", 8))
        assert queue.get_nowait().about == 7
        assert queue.empty()
    clock.at = 12 * LATELY_S
    assert presence.here(1) is False


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
