"""How long somebody is told to wait."""

from bot.queue.eta import Eta
from tests.fakes.clock import FakeClock


def test_without_experience_a_painting_is_expected_to_take_half_a_minute() -> None:
    assert Eta(FakeClock()).wait_s(4) == 120


def test_one_worker_is_expected_to_take_as_long_as_it_did() -> None:
    clock = FakeClock()
    pace = Eta(clock)
    for _ in range(5):
        clock.pass_s(600)
        pace.ended(12)
    assert pace.wait_s(10) == 120, "that nobody asked for ten minutes makes no painting slower"


def test_several_workers_are_faster_than_one() -> None:
    clock = FakeClock()
    pace = Eta(clock)
    for _ in range(9):
        clock.pass_s(5)
        pace.ended(20)
    assert pace.wait_s(10) == 50
