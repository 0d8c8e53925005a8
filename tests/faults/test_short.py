"""The harness in its short form: every named point once, and a small storm; `python -m tests.faults` is longer."""

import shutil

import pytest

from tests.faults.burst import Burst, burst
from tests.faults.crashes import Plan, Report, storm, tour
from tests.faults.failover import failover
from tests.faults.metric import Metric
from tests.faults.resources import few_descriptors, jumping_clock
from tests.faults.rolling import rolling

# Servers are killed in the middle of an answer; what the client library leaves open then is closed by the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def assert_good(report: Report) -> None:
    assert report.seen.lost == []
    assert report.seen.doubled == []
    assert report.seen.mentions
    assert report.sketched <= report.allowed


@pytest.mark.timeout(900)
def test_a_death_at_every_point_loses_nothing_and_doubles_nothing() -> None:
    report = tour(Plan("mastodon", mentions=16))
    assert_good(report)
    assert report.deeds.total() == 16


@pytest.mark.timeout(900)
def test_a_storm_over_x_without_idempotency_loses_nothing_and_doubles_nothing() -> None:
    assert_good(storm(Plan("x", mentions=12, seed=7, minutes=0.4, every_s=6, redis_too=True, lag_s=1.0)))


def assert_within(figures: list[Metric]) -> None:
    assert [figure for figure in figures if not figure.good] == []
    assert figures


@pytest.mark.timeout(600)
def test_a_burst_keeps_every_quota_exactly_and_lets_the_innocent_through() -> None:
    crowd = Burst(mentions=165, people=12, seconds=4, innocents=3, per_instance=7, minutes=6)
    assert_within(burst(crowd))


@pytest.mark.timeout(600)
def test_restarts_one_after_the_other_lose_nothing_and_charge_nobody() -> None:
    assert_within(rolling(Plan("mastodon", mentions=12), 4))


@pytest.mark.timeout(600)
def test_a_redis_that_fails_over_loses_nothing_and_doubles_nothing() -> None:
    assert_within(failover(Plan("mastodon", mentions=12), 1))


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("prlimit") is None, reason="prlimit is not installed here")
def test_sixty_four_descriptors_are_enough() -> None:
    assert_within(few_descriptors(6))


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("cc") is None, reason="no compiler for the library that shifts the clock")
def test_a_clock_that_jumps_an_hour_loses_nothing_and_doubles_nothing() -> None:
    assert_within(jumping_clock(2))
