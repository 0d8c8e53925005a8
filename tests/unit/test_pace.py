"""The time that a painting still takes."""

import pytest

from worker.pace import Pace


def test_nothing_is_said_before_there_is_something_to_measure() -> None:
    assert Pace().remaining_s(0.0, 0.0) is None


def test_a_steady_pace_gives_the_time_that_is_left() -> None:
    pace = Pace()
    pace.remaining_s(100.0, 0.0)
    assert pace.remaining_s(110.0, 0.25) == pytest.approx(30.0)


def test_the_latest_pace_counts_when_a_larger_scale_is_slower() -> None:
    pace = Pace()
    for second in range(11):
        pace.remaining_s(float(second), 0.05 * second)
    for second in range(11, 41):
        left_s = pace.remaining_s(float(second), 0.5 + 0.01 * (second - 10))
    assert left_s == pytest.approx(20.0)


def test_standing_still_says_nothing() -> None:
    pace = Pace()
    pace.remaining_s(0.0, 0.5)
    assert pace.remaining_s(20.0, 0.5) is None
