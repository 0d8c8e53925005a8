"""The harness in its short form: every named point once, and a small storm; `python -m tests.faults` is longer."""

import pytest

from tests.faults.scenes import Plan, Report, storm, tour

# Servers are killed in the middle of an answer; what the client library leaves open then is closed by the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def assert_good(report: Report) -> None:
    assert report.seen.lost == []
    assert report.seen.doubled == []
    assert report.seen.mentions


@pytest.mark.timeout(900)
def test_a_death_at_every_point_loses_nothing_and_doubles_nothing() -> None:
    report = tour(Plan("mastodon", mentions=16))
    assert_good(report)
    assert report.deeds.total() == 16


@pytest.mark.timeout(900)
def test_a_storm_over_x_without_idempotency_loses_nothing_and_doubles_nothing() -> None:
    assert_good(storm(Plan("x", mentions=12, seed=7, minutes=0.4, every_s=6, redis_too=True, lag_s=1.0)))
