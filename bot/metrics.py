"""What the bot counts and measures, for Prometheus; no label ever holds a person, a post or a host of theirs."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol, runtime_checkable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from worker.contract import Rendered

_RENDER_SECONDS = (1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 900)
_REPLY_SECONDS = (5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 3600)


@runtime_checkable
class Budgeted(Protocol):
    """A platform that knows how much it may still ask for."""

    name: str

    def remaining(self) -> Mapping[str, float]:
        """Calls (or, in a bucket named usd, dollars) left before a limit; buckets without a known limit are absent."""


class Metrics:
    """Public counters and gauges, and a method where one event changes several. Thread-safe; nothing here raises."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._count(partial(Counter, registry=registry), partial(Histogram, registry=registry))
        self._measure(partial(Gauge, registry=registry))
        self._budgets = _Budgets()
        registry.register(self._budgets)

    def _count(self, counter: Callable[..., Counter], histogram: Callable[..., Histogram]) -> None:
        by, of = ["platform"], ["backbone"]
        self.mentions = counter("stylesmith_mentions", "Mentions written to the ledger.", by)
        self.replies = counter("stylesmith_replies", "Replies posted.", by)
        self.refusals = counter("stylesmith_refusals", "Mentions or pictures refused, by reason.", ["reason"])
        self.quota_hits = counter("stylesmith_quota_hits", "Mentions over a quota, by quota.", ["quota"])
        self.recoveries = counter(
            "stylesmith_recoveries", "Work taken up again after something died, by kind.", ["kind"]
        )
        self.gave_up = counter("stylesmith_gave_up", "Mentions given up after three strikes.")
        self.failures = counter("stylesmith_render_failures", "Renders that failed, by code.", ["code"])
        self.no_room = counter("stylesmith_no_room", "Times a mention had to wait for room in Redis.")
        unserved = "Requests a platform did not serve, by kind."
        self.platform_errors = counter("stylesmith_platform_errors", unserved, ["platform", "kind"])
        anew = "Times a platform's newest mention was far below the one read last."
        self.rewound = counter("stylesmith_cursor_rewound", anew, by)
        answered = "Seconds from first sight of a mention to its answer."
        self.answer_seconds = histogram("stylesmith_answer_seconds", answered, buckets=_REPLY_SECONDS)
        painted = "Seconds of painting, as the worker says."
        self.render_seconds = histogram("stylesmith_reported_render_seconds", painted, of, buckets=_RENDER_SECONDS)

    def _measure(self, gauge: Callable[..., Gauge]) -> None:
        by, state = ["platform"], ["state"]
        self.rows = gauge("stylesmith_ledger_rows", "Mentions in each state.", state)
        self.ages = gauge("stylesmith_ledger_oldest_age_seconds", "Age of the oldest mention in each state.", state)
        self.unreadable = gauge("stylesmith_ledger_unreadable_rows", "Open mentions that cannot be read, set aside.")
        self.queue_depth = gauge("stylesmith_queue_depth", "Paintings waiting in Redis.")
        self.transport_up = gauge("stylesmith_transport_up", "1 while Redis answers, else 0.")
        self.redis_used = gauge("stylesmith_redis_used_ratio", "Memory that Redis uses, of what it may use.")
        self.healthy = gauge("stylesmith_healthy", "1 while /health says so, else 0.")
        self.last_poll = gauge("stylesmith_last_poll_timestamp_seconds", "When a poll last succeeded.", by)
        self.last_reply = gauge("stylesmith_last_reply_timestamp_seconds", "When a reply was last posted.", by)
        self.authorized = gauge("stylesmith_platform_authorized", "0 when a platform refuses our token.", by)
        newest = "stylesmith_render_iterations_per_second"
        self.iterations_per_second = gauge(newest, "Of the newest painting.", ["backbone"])

    def text(self) -> bytes:
        return generate_latest(self.registry)

    def watch_budgets(self, platforms: Mapping[str, object]) -> None:
        """Asks these platforms at every scrape what is left of their limits, where they know."""
        self._budgets.platforms = [one for one in platforms.values() if isinstance(one, Budgeted)]

    def expect(self, platforms: Iterable[str]) -> None:
        """Counts from zero what alerts count: Prometheus sees no increase in a series that begins at one."""
        for platform in platforms:
            self.rewound.labels(platform)
            self.platform_errors.labels(platform, "Intercepted")

    def polled(self, platform: str) -> None:
        self.last_poll.labels(platform).set(time.time())
        self.authorized.labels(platform).set(1)

    def replied(self, platform: str, answer_s: float) -> None:
        """A reply was posted, `answer_s` after its mention was first seen."""
        self.replies.labels(platform).inc()
        self.last_reply.labels(platform).set(time.time())
        self.answer_seconds.observe(answer_s)

    def rendered(self, outcome: Rendered) -> None:
        self.render_seconds.labels(outcome.backbone).observe(outcome.seconds)
        if outcome.seconds > 0:
            self.iterations_per_second.labels(outcome.backbone).set(outcome.iterations / outcome.seconds)

    def platform_failed(self, platform: str, error: Exception) -> None:
        kind = type(error).__name__
        self.platform_errors.labels(platform, kind).inc()
        if kind == "Unauthorized":
            self.authorized.labels(platform).set(0)

    def ledger(self, states: Mapping[str, tuple[int, float]]) -> None:
        """For each state, how many mentions are in it and the oldest one's age in seconds."""
        for state, (rows, oldest_s) in states.items():
            self.rows.labels(state).set(rows)
            self.ages.labels(state).set(oldest_s)


class _Budgets(Collector):
    def __init__(self) -> None:
        self.platforms: list[Budgeted] = []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        help_text, labels = "Calls or dollars left before a limit.", ["platform", "bucket"]
        family = GaugeMetricFamily("stylesmith_platform_budget_remaining", help_text, labels=labels)
        for platform in self.platforms:
            for bucket, left in platform.remaining().items():
                family.add_metric([platform.name, bucket], left)
        yield family
