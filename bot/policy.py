"""What the operator decided: how often people are answered, how long things are kept and may take."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.admission import Admission

DAY_S = 86_400.0
_ONE_HOST = frozenset({"x"})
"""Platforms whose people all share one host, so that a host's share would be everybody's."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` admitted mentions in the last `seconds`; `of` is the ledger's column that is counted by."""

    of: str
    seconds: float
    limit: int


@dataclass(frozen=True, slots=True)
class Quota:
    """The windows that a request has to fit into, all of them."""

    per_10_min: int = 3
    per_day: int = 20
    instance_per_hour: int = 60
    everybody_per_hour: int = 60
    """On each platform. Mastodon takes 30 uploads in 30 minutes; what was promised beyond that would wait for ever."""

    def windows(self, platform: str) -> tuple[Window, ...]:
        person = (Window("author", 600, self.per_10_min), Window("author", 86_400, self.per_day))
        everybody = Window("platform", 3600, self.everybody_per_hour)
        if platform in _ONE_HOST:
            return (*person, everybody)
        return (*person, Window("host", 3600, self.instance_per_hour), everybody)


@dataclass(frozen=True, slots=True)
class Wait:
    """The request does not fit; the next one will in `seconds`. `of` says whose quota is used up."""

    seconds: float
    of: str
    """author, host, or platform for everybody's."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept after a mention's end, in seconds."""

    inputs_s: float = DAY_S
    outputs_s: float = 7 * DAY_S
    ids_s: float = 90 * DAY_S


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided. All times in seconds."""

    admission: Admission = field(default_factory=Admission)
    quota: Quota = field(default_factory=Quota)
    retention: Retention = field(default_factory=Retention)
    replies_per_thread: int = 3
    tries: int = 3
    """How often a worker may die over a job before its author is told."""
    deadline_s: float = 900
    max_edge_px: int = 2048
    bot_name: str = ""
    """Begins the ids of jobs, so that bots that share a queue never name two jobs alike."""
    note_after_s: float = 120
    horizons_s: Mapping[str, float] = field(default_factory=lambda: {"mastodon": 90.0, "x": 180.0})
    """By platform: after this long, a post that was sent is visible or will never be."""
    watches_s: Mapping[str, float] = field(default_factory=lambda: {"mastodon": DAY_S, "x": DAY_S})
    """By platform: for this long after its answer, a mention's deletion takes the answer with it."""
    pictures_pending_s: float = 600
    """How long a picture that the platform still processes, or that does not come, is asked for again."""
    reading_tries: int = 10
    """After so many tries in a quarter of an hour, whose post cannot be read is told so."""
    posting_tries: int = 12
    """After so many tries in half an hour, whose painting the server does not take is told so."""
    unexpected_tries: int = 6
    unfinished_s: Mapping[str, float] = field(default_factory=dict)
    """By platform: how long a post is read again before it is believed to show and to answer nothing."""
    lost_after_s: float = 3
    """A job that was sent this long ago and is nowhere is lost; it must be nowhere at two looks this far apart."""

    def horizon_s(self, platform: str) -> float:
        return self.horizons_s.get(platform, 180.0)
