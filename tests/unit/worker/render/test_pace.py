"""What a person is told about a painting on its way: seconds left, from what was foretold and from the pace."""

import pytest

from worker.render.pace import Pace


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
