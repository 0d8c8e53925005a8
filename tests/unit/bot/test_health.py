"""Health by a clock of our own, and both pages over real HTTP."""

import json
import urllib.error
import urllib.request

import pytest

from bot.errors import NotSent, Unauthorized
from bot.health import Health, serving
from bot.metrics import Metrics
from worker.contract import FailureCode, Format, Rendered


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_poll_older_than_a_minute_is_unhealthy_until_the_next() -> None:
    clock = Clock()
    health = Health(clock=clock)
    health.expect("mastodon", every_s=5)
    clock.now += 60
    assert health.is_well()
    clock.now += 1
    assert not health.is_well()
    health.polled("mastodon")
    assert health.is_well()


def test_one_silent_platform_is_enough_and_a_rarely_polled_one_may_miss_two_polls() -> None:
    clock = Clock()
    health = Health(clock=clock)
    health.expect("mastodon", every_s=5)
    health.expect("x", every_s=60)
    clock.now += 100
    health.polled("mastodon")
    assert health.is_well()
    clock.now += 81
    health.polled("mastodon")
    assert not health.is_well()


def test_a_bot_without_any_poll_is_unhealthy_after_its_first_minute() -> None:
    clock = Clock()
    health = Health(clock=clock)
    assert health.is_well()
    clock.now += 61
    assert not health.is_well()


def test_a_process_whose_loops_turn_is_alive_however_long_a_platform_is_silent() -> None:
    clock = Clock()
    health = Health(clock=clock)
    health.expect("mastodon", every_s=5)
    health.turned("poll-mastodon", 24 * 3600)
    health.turned("receive")
    clock.now += 500
    assert health.is_alive()
    assert not health.is_well()
    clock.now += 500
    assert not health.is_alive(), "the receiving loop stands still"
    health.turned("receive")
    assert health.is_alive(), "the other one waits out its platform's limit"


def test_health_is_200_or_503_over_http_and_a_metric() -> None:
    clock = Clock()
    health = Health(clock=clock)
    with serving(health, Metrics()) as port:
        status, body = get(port, "/health")
        assert (status, json.loads(body)["ok"]) == (200, True)
        assert "stylesmith_healthy 1.0" in get(port, "/metrics")[1]
        clock.now += 3600
        status, body = get(port, "/health")
        assert (status, json.loads(body)) == (503, {"ok": False, "seconds_since_poll": 3600.0})
        assert "stylesmith_healthy 0.0" in get(port, "/metrics")[1]
        assert get(port, "/live")[0] == 200, "a silent platform is no reason for a restart"
        health.turned("receive", -601)
        assert get(port, "/live")[0] == 503
        assert get(port, "/etc/passwd")[0] == 404


def rendered(seconds: float, iterations: int) -> Rendered:
    return Rendered(
        id="m-1",
        blob="0" * 64,
        format=Format.JPEG,
        height_px=1,
        width_px=1,
        seconds=seconds,
        iterations=iterations,
        backbone="lite",
        seed=0,
    )


class Frugal:
    """A platform with nine reads left."""

    name = "x"

    def remaining(self) -> dict[str, float]:
        return {"reads": 9.0}


def test_everything_that_happens_is_counted() -> None:
    metrics = Metrics()
    metrics.polled("mastodon")
    metrics.mentions.labels("mastodon").inc(3)
    metrics.replied("mastodon", 12.0)
    metrics.recoveries.labels("reaped").inc()
    metrics.gave_up.inc()
    metrics.refusals.labels("too_small").inc()
    metrics.rendered(rendered(4.0, 200))
    metrics.rendered(rendered(0.0, 0))
    metrics.failures.labels(FailureCode.DEADLINE.value).inc()
    metrics.quota_hits.labels("day").inc()
    metrics.watch_budgets({"frugal": Frugal(), "other": object()})
    metrics.ledger({"queued": (4, 61.0)})
    metrics.queue_depth.set(7)
    metrics.transport_up.set(0)
    text = metrics.text().decode()
    for line in (
        'stylesmith_mentions_total{platform="mastodon"} 3.0',
        'stylesmith_replies_total{platform="mastodon"} 1.0',
        "stylesmith_answer_seconds_sum 12.0",
        'stylesmith_recoveries_total{kind="reaped"} 1.0',
        "stylesmith_gave_up_total 1.0",
        'stylesmith_refusals_total{reason="too_small"} 1.0',
        'stylesmith_reported_render_seconds_count{backbone="lite"} 2.0',
        'stylesmith_render_iterations_per_second{backbone="lite"} 50.0',
        'stylesmith_render_failures_total{code="deadline"} 1.0',
        'stylesmith_quota_hits_total{quota="day"} 1.0',
        'stylesmith_platform_budget_remaining{bucket="reads",platform="x"} 9.0',
        'stylesmith_ledger_rows{state="queued"} 4.0',
        'stylesmith_ledger_oldest_age_seconds{state="queued"} 61.0',
        "stylesmith_queue_depth 7.0",
        "stylesmith_transport_up 0.0",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize(("error", "authorized"), [(Unauthorized("401"), "0.0"), (NotSent("refused"), "1.0")])
def test_only_a_refused_token_shows_as_one(error: Exception, authorized: str) -> None:
    metrics = Metrics()
    metrics.polled("mastodon")
    metrics.platform_failed("mastodon", error)
    assert f'stylesmith_platform_authorized{{platform="mastodon"}} {authorized}' in metrics.text().decode()
