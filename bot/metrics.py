"""What the bot counts and measures, for Prometheus; no label ever holds a person, a post or a host of theirs."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, runtime_checkable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from worker.contract import Failed, Rendered

_RENDER_SECONDS = (1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 900)
_REPLY_SECONDS = (5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 3600)


@runtime_checkable
class Budgeted(Protocol):
    """A platform that knows how much it may still ask for."""

    name: str

    def remaining(self) -> Mapping[str, float]:
        """Calls (or, in a bucket named usd, dollars) left before a limit; buckets without a known limit are absent."""


class Metrics:
    """One method for each thing that happens; all thread-safe, none raises."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._make_counters(self.registry)
        self._make_gauges(self.registry)
        self._render_seconds = Histogram(
            "stylesmith_reported_render_seconds",
            "Seconds of painting, as the worker says.",
            ["backbone"],
            registry=self.registry,
            buckets=_RENDER_SECONDS,
        )
        self._answer_seconds = Histogram(
            "stylesmith_answer_seconds",
            "Seconds from first sight of a mention to its answer.",
            registry=self.registry,
            buckets=_REPLY_SECONDS,
        )

    def _make_counters(self, registry: CollectorRegistry) -> None:
        self._mentions = Counter(
            "stylesmith_mentions", "Mentions written to the ledger.", ["platform"], registry=registry
        )
        self._replies = Counter("stylesmith_replies", "Replies posted.", ["platform"], registry=registry)
        self._recoveries = Counter(
            "stylesmith_recoveries", "Work taken up again after something died, by kind.", ["kind"], registry=registry
        )
        self._gave_up = Counter("stylesmith_gave_up", "Mentions given up after three strikes.", registry=registry)
        self._refusals = Counter(
            "stylesmith_refusals", "Mentions or pictures refused, by reason.", ["reason"], registry=registry
        )
        self._failures = Counter(
            "stylesmith_render_failures", "Renders that failed, by code.", ["code"], registry=registry
        )
        self._quota_hits = Counter(
            "stylesmith_quota_hits", "Mentions over a quota, by quota.", ["quota"], registry=registry
        )
        self._no_room = Counter(
            "stylesmith_no_room", "Times a mention had to wait for room in Redis.", registry=registry
        )
        self._platform_errors = Counter(
            "stylesmith_platform_errors",
            "Requests a platform did not serve, by kind.",
            ["platform", "kind"],
            registry=registry,
        )

    def _make_gauges(self, registry: CollectorRegistry) -> None:
        self._rows = Gauge("stylesmith_ledger_rows", "Mentions in each state.", ["state"], registry=registry)
        self._ages = Gauge(
            "stylesmith_ledger_oldest_age_seconds",
            "Age of the oldest mention in each state.",
            ["state"],
            registry=registry,
        )
        self._unreadable = Gauge(
            "stylesmith_ledger_unreadable_rows",
            "Open mentions that cannot be read, set aside.",
            registry=registry,
        )
        self._rewound = Counter(
            "stylesmith_cursor_rewound",
            "Times a platform's newest mention was far below the one read last.",
            ["platform"],
            registry=registry,
        )
        self._depth = Gauge("stylesmith_queue_depth", "Paintings waiting in Redis.", registry=registry)
        self._last_poll = Gauge(
            "stylesmith_last_poll_timestamp_seconds", "When a poll last succeeded.", ["platform"], registry=registry
        )
        self._last_reply = Gauge(
            "stylesmith_last_reply_timestamp_seconds", "When a reply was last posted.", ["platform"], registry=registry
        )
        self._budgets = _Budgets()
        registry.register(self._budgets)
        self._transport = Gauge("stylesmith_transport_up", "1 while Redis answers, else 0.", registry=registry)
        self._memory = Gauge(
            "stylesmith_redis_used_ratio", "Memory that Redis uses, of what it may use.", registry=registry
        )
        self._healthy = Gauge("stylesmith_healthy", "1 while /health says so, else 0.", registry=registry)
        self._authorized = Gauge(
            "stylesmith_platform_authorized", "0 when a platform refuses our token.", ["platform"], registry=registry
        )
        self._rate = Gauge(
            "stylesmith_render_iterations_per_second", "Of the newest painting.", ["backbone"], registry=registry
        )

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def watch(self, is_well: Callable[[], bool]) -> None:
        """Ask this at every scrape."""
        self._healthy.set_function(lambda: float(is_well()))

    def polled(self, platform: str) -> None:
        """A poll succeeded."""
        self._last_poll.labels(platform).set(time.time())
        self._authorized.labels(platform).set(1)

    def mentioned(self, platform: str, mentions: int = 1) -> None:
        """New mentions were written to the ledger."""
        self._mentions.labels(platform).inc(mentions)

    def replied(self, platform: str, answer_s: float | None = None) -> None:
        """A reply was posted, `answer_s` after its mention was first seen."""
        self._replies.labels(platform).inc()
        self._last_reply.labels(platform).set(time.time())
        if answer_s is not None:
            self._answer_seconds.observe(answer_s)

    def recovered(self, kind: str) -> None:
        """Work was taken up again: `reaped`, `resubmitted`, `reconciled`."""
        self._recoveries.labels(kind).inc()

    def gave_up(self) -> None:
        """Three strikes: a mention got its polite refusal."""
        self._gave_up.inc()

    def refused(self, reason: str) -> None:
        """A mention was declined or a picture refused; `reason` is an enum's value."""
        self._refusals.labels(reason).inc()

    def rendered(self, outcome: Rendered) -> None:
        """A painting came back."""
        self._render_seconds.labels(outcome.backbone).observe(outcome.seconds)
        if outcome.seconds > 0:
            self._rate.labels(outcome.backbone).set(outcome.iterations / outcome.seconds)

    def failed(self, outcome: Failed) -> None:
        """A render failed."""
        self._failures.labels(outcome.code.value).inc()

    def had_no_room(self) -> None:
        """A mention's pictures had to wait for room in Redis."""
        self._no_room.inc()

    def quota_hit(self, quota: str) -> None:
        """A mention had to wait for a quota."""
        self._quota_hits.labels(quota).inc()

    def platform_failed(self, platform: str, kind: str) -> None:
        """A platform did not do what was asked; `kind` is the error's class name."""
        self._platform_errors.labels(platform, kind).inc()
        if kind == "Unauthorized":
            self._authorized.labels(platform).set(0)

    def watch_budget(self, platform: object) -> None:
        """Ask this platform at every scrape what is left of its limits, if it knows."""
        if isinstance(platform, Budgeted):
            self._budgets.platforms.append(platform)

    def ledger(self, states: Mapping[str, tuple[int, float]]) -> None:
        """For each state, how many mentions are in it and the oldest one's age in seconds."""
        for state, (rows, oldest_s) in states.items():
            self._rows.labels(state).set(rows)
            self._ages.labels(state).set(oldest_s)

    def unreadable(self, rows: int) -> None:
        """Mentions that are set aside."""
        self._unreadable.set(rows)

    def rewound(self, platform: str) -> None:
        """A platform counts anew: its server's database was set up again, or restored."""
        self._rewound.labels(platform).inc()

    def queue(self, depth: int) -> None:
        """Paintings waiting."""
        self._depth.set(depth)

    def memory(self, share: float) -> None:
        """What Redis uses of what it may use, from 0 to 1 and a little over."""
        self._memory.set(share)

    def transport(self, *, up: bool) -> None:
        """Whether Redis answered just now."""
        self._transport.set(up)


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
