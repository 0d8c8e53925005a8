"""What the operator decided about the conversation, as the pipeline needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.admission import Admission
from bot.ledger.erasure import Retention
from bot.quota import Quota

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Rules:
    """All times in seconds."""

    admission: Admission = field(default_factory=Admission)
    quota: Quota = field(default_factory=Quota)
    retention: Retention = field(default_factory=Retention)
    replies_per_thread: int = 3
    tries: int = 3
    """How often a worker may die over a job before its author is told."""
    deadline_s: float = 900
    max_edge_px: int = 2048
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
