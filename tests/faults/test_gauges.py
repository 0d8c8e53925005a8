"""What a soak takes for the usual number of descriptors."""

from tests.faults.soak import usual


def test_a_painter_that_was_met_while_it_started_is_no_measure_of_what_it_keeps_open() -> None:
    assert usual([7] * 20 + [0, 4, 5, 6] + [7] * 5) == 7


def test_a_descriptor_more_that_stays_is_seen() -> None:
    assert usual([7] * 5 + [8] * 25) == 8


def test_a_process_that_was_never_there_has_none() -> None:
    assert usual([0, 0]) == 0
