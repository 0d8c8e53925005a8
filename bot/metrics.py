"""What the bot counts and measures, for Prometheus; no label ever holds a person, a post or a host of theirs."""

import time
from collections.abc import Iterable, Iterator, Mapping
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
        self.registry = CollectorRegistry()
        self._count_mentions(self.registry)
        self._count_troubles(self.registry)
        self._measure_ledger(self.registry)
        self._measure_surroundings(self.registry)
        self._budgets = _Budgets()
        self.registry.register(self._budgets)

    def _count_mentions(self, r: CollectorRegistry) -> None:
        self.mentions = Counter("stylesmith_mentions", "Mentions written to the ledger.", ["platform"], registry=r)
        self.replies = Counter("stylesmith_replies", "Replies posted.", ["platform"], registry=r)
        self.refusals = Counter(
            "stylesmith_refusals", "Mentions or pictures refused, by reason.", ["reason"], registry=r
        )
        self.quota_hits = Counter("stylesmith_quota_hits", "Mentions over a quota, by quota.", ["quota"], registry=r)
        self.answer_seconds = Histogram(
            "stylesmith_answer_seconds", "Seconds from first sight of a mention to its answer.",
            registry=r, buckets=_REPLY_SECONDS,
        )  # fmt: skip
        self.render_seconds = Histogram(
            "stylesmith_reported_render_seconds", "Seconds of painting, as the worker says.", ["backbone"],
            registry=r, buckets=_RENDER_SECONDS,
        )  # fmt: skip
        self.iterations_per_second = Gauge(
            "stylesmith_render_iterations_per_second", "Of the newest painting.", ["backbone"], registry=r
        )

    def _count_troubles(self, r: CollectorRegistry) -> None:
        self.recoveries = Counter(
            "stylesmith_recoveries", "Work taken up again after something died, by kind.", ["kind"], registry=r
        )
        self.gave_up = Counter("stylesmith_gave_up", "Mentions given up after three strikes.", registry=r)
        self.failures = Counter("stylesmith_render_failures", "Renders that failed, by code.", ["code"], registry=r)
        self.no_room = Counter("stylesmith_no_room", "Times a mention had to wait for room in Redis.", registry=r)
        self.platform_errors = Counter(
            "stylesmith_platform_errors", "Requests a platform did not serve, by kind.",
            ["platform", "kind"], registry=r,
        )  # fmt: skip
        self.rewound = Counter(
            "stylesmith_cursor_rewound", "Times a platform's newest mention was far below the one read last.",
            ["platform"], registry=r,
        )  # fmt: skip

    def _measure_ledger(self, r: CollectorRegistry) -> None:
        self.rows = Gauge("stylesmith_ledger_rows", "Mentions in each state.", ["state"], registry=r)
        self.ages = Gauge(
            "stylesmith_ledger_oldest_age_seconds", "Age of the oldest mention in each state.", ["state"], registry=r
        )
        self.unreadable = Gauge(
            "stylesmith_ledger_unreadable_rows", "Open mentions that cannot be read, set aside.", registry=r
        )

    def _measure_surroundings(self, r: CollectorRegistry) -> None:
        self.queue_depth = Gauge("stylesmith_queue_depth", "Paintings waiting in Redis.", registry=r)
        self.transport_up = Gauge("stylesmith_transport_up", "1 while Redis answers, else 0.", registry=r)
        self.redis_used = Gauge(
            "stylesmith_redis_used_ratio", "Memory that Redis uses, of what it may use.", registry=r
        )
        self.healthy = Gauge("stylesmith_healthy", "1 while /health says so, else 0.", registry=r)
        self.last_poll = Gauge(
            "stylesmith_last_poll_timestamp_seconds", "When a poll last succeeded.", ["platform"], registry=r
        )
        self.last_reply = Gauge(
            "stylesmith_last_reply_timestamp_seconds", "When a reply was last posted.", ["platform"], registry=r
        )
        self.authorized = Gauge(
            "stylesmith_platform_authorized", "0 when a platform refuses our token.", ["platform"], registry=r
        )

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
        """A platform did not do what was asked."""
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
