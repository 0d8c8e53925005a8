"""What every step of a mention's way works with; `bot.wiring.assemble` joins it, over fakes in the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.ledger import Ledger
from bot.metrics import Metrics
from bot.policy import Rules
from bot.ports import Pictures, Platform, Queue
from bot.queue.eta import Eta
from bot.styles.catalogue import Catalogue
from bot.styles.shelf import HouseStyles


@dataclass(slots=True)
class ProcessState:
    """What one process remembers; the next begins without it, and nothing is lost or said twice. Times are steady."""

    started_at: float
    """Seconds since 1970."""
    started: float
    eta: Eta
    jumped: bool = False
    """Whether the newest job was a follower's, put in front of the others."""
    forgotten: dict[tuple[str, str], float] = field(default_factory=dict)
    """(platform, account) -> when the person was told that everything of theirs was deleted."""
    missed: dict[str, float] = field(default_factory=dict)
    """Job -> when it was first found nowhere."""
    closed_until: dict[tuple[str, bool], float] = field(default_factory=dict)
    """(platform, with paintings) -> until when it takes no posts of this kind."""
    no_note_until: dict[tuple[str, str], float] = field(default_factory=dict)
    """Row -> until when no note is tried again."""
    looked_at: dict[tuple[str, str], float] = field(default_factory=dict)
    """Row that waits -> when its mention was looked for."""
    failed_deletions: dict[str, int] = field(default_factory=dict)
    """Post of ours -> how often its deletion failed."""


@dataclass(frozen=True, slots=True)
class Parts:
    ledger: Ledger
    queue: Queue
    pictures: Pictures
    platforms: Mapping[str, Platform]
    """By name, as in `Row.platform`."""
    catalogue: Catalogue
    house: HouseStyles
    rules: Rules
    clock: Clock
    metrics: Metrics
    process: ProcessState
