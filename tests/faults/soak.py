"""R17: many thousand mentions at a steady pace, and whether anything grows that should not."""

import time
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from tests.faults.gauges import MB, Gauges, Reading
from tests.faults.metric import Metric
from tests.faults.observations import FaultRates
from tests.faults.stage import Stage, stage

KEPT_H = "0.05"
"""Pictures and paintings are kept for three minutes here, a day and a week elsewhere; tidied every ten minutes."""
TIDY_S = 600.0
RQ_KEPT_S = 600.0
KEYS_A_PAINTING = 3
"""RQ's job, its result and our outcome, for ten minutes."""
KEYS_BESIDE = 60
ROW_BYTES = 8000
LOG_BYTES = 8 * MB
"""SQLite's own log beside the ledger."""
BEGIN = 0.2
"""Of all mentions: what is in use after them is what must not grow."""


@dataclass(frozen=True)
class Soak:
    """What comes in."""

    mentions: int = 20_000
    rate: float = 10.0
    """A second; less when the bot does not keep up with so many."""
    ahead: int = 60
    """Mentions that may wait at a time, so that what is measured is a steady state and no burst."""
    minutes: float = 90.0
    seed: int = 1


def soak(plan: Soak) -> list[Metric]:
    """Plays it on Mastodon in calm weather."""
    settings = {"STYLESMITH_KEEP_INPUTS_H": KEPT_H, "STYLESMITH_KEEP_OUTPUTS_H": KEPT_H, "SKETCH_S": "0.01"}
    with stage("mastodon", settings) as installed:
        installed.world.misbehave(FaultRates())
        began_s = time.monotonic()
        with Gauges(installed, every_s=2.0) as gauges:
            sent, early = _send(installed, gauges, plan, began_s)
            seen = installed.settled(quiet_s=8, limit_s=300)
            late = _steady(gauges)
        wall_s = time.monotonic() - began_s
        disk = sum(file.stat().st_size for file in (installed.folder / "data").glob("ledger.sqlite*"))
        note = f"{len(seen.mentions):,} mentions in {wall_s:,.0f} s, {installed.sketched:,} paintings begun"
        return [
            Metric("mentions without a reply", sent - len(seen.mentions) + len(seen.lost), 0, "", note),
            Metric("mentions answered twice", len(seen.doubled), 0, ""),
            *_grown(early, late),
            _keys(gauges),
            _kept(gauges, len(seen.mentions) / wall_s),
            Metric("ledger on the disk", disk / MB, (LOG_BYTES + sent * ROW_BYTES) / MB, "MB"),
        ]


def _send(installed: Stage, gauges: Gauges, plan: Soak, began_s: float) -> tuple[int, Reading]:
    """How many were sent, and what was in use after the first part."""
    sent, early = 0, None
    while sent < plan.mentions and time.monotonic() < began_s + plan.minutes * 60:
        due = min(plan.mentions, int((time.monotonic() - began_s) * plan.rate)) - sent
        if due and gauges.open() < plan.ahead:
            installed.world.mention(min(due, 20))
            sent += min(due, 20)
        else:
            time.sleep(0.1)
        if early is None and sent >= plan.mentions * BEGIN:
            early = _steady(gauges)
    return sent, early or _steady(gauges)


def _steady(gauges: Gauges) -> Reading:
    """Over the last minute: the most memory, and the descriptors that were open for most of it.

    A download opens one for a moment, and a painter that starts afresh opens its own one after the other.
    """
    last = gauges.readings[-30:] or [gauges.read()]
    return Reading(
        bot_bytes=max(now.bot_bytes for now in last),
        bot_files=usual(now.bot_files for now in last),
        painter_bytes=max(now.painter_bytes for now in last),
        painter_files=usual(now.painter_files for now in last),
    )


def usual(counts: Iterable[int]) -> int:
    """The lowest of those that half of the samples keep to; 0 is a process between two lives."""
    there = [count for count in counts if count]
    return median_low(there) if there else 0


def _grown(early: Reading, late: Reading) -> list[Metric]:
    def percent(before: int, after: int) -> float:
        return 100 * (after - before) / max(1, before)

    return [
        Metric("bot, memory grown", percent(early.bot_bytes, late.bot_bytes), 5, "%", f"{late.bot_bytes / MB:.0f} MB"),
        Metric("bot, descriptors grown", late.bot_files - early.bot_files, 0, "", f"{late.bot_files} open"),
        Metric(
            "painter, memory grown",
            percent(early.painter_bytes, late.painter_bytes),
            5,
            "%",
            f"{late.painter_bytes / MB:.0f} MB; starts afresh every 500 paintings",
        ),
        Metric("painter, descriptors grown", late.painter_files - early.painter_files, 0, ""),
    ]


def _keys(gauges: Gauges) -> Metric:
    """What RQ and we remember of the paintings of ten minutes, the busiest there were, and nothing else."""
    came = [at for (at,) in gauges.asked("SELECT recorded_at FROM mention ORDER BY recorded_at")]
    busiest = max((number - bisect_left(came, at - RQ_KEPT_S - 60) + 1 for number, at in enumerate(came)), default=0)
    most = gauges.most(lambda now: now.redis_keys)
    note = f"{gauges.most(lambda now: now.redis_bytes) / MB:.0f} MB; {busiest:,} mentions in the busiest eleven minutes"
    return Metric("keys in Redis", most, KEYS_BESIDE + KEYS_A_PAINTING * (busiest + 2 * Soak.ahead), "", note)


def _kept(gauges: Gauges, rate: float) -> Metric:
    """Three pictures a mention, for as long as they are kept and until they are tidied away."""
    kept_s = float(KEPT_H) * 3600 + TIDY_S + 60
    swept = sum(after.pictures < before.pictures for before, after in pairwise(gauges.readings))
    bound = 3 * 1.3 * rate * min(kept_s, 2 * len(gauges.readings)) + 10
    return Metric(
        "pictures on the disk", gauges.most(lambda now: now.pictures), round(bound), "", f"tidied {swept} times"
    )
