"""What every step of a mention's way works with; `bot.wiring.assemble` joins it, over fakes in the tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from bot.clock import Clock
from bot.ledger import Ledger
from bot.metrics import Metrics
from bot.policy import Rules
from bot.ports import Pictures, Platform, Queue
from bot.queue.eta import Eta
from bot.styles.catalogue import ANY, Catalogue, HouseStyle


class House(Protocol):
    """The house styles, ready to be painted with."""

    def named(self, slug: str) -> tuple[HouseStyle, str] | None:
        """The style of this name and the key of its picture, or None when there is none."""

    def chosen(
        self, photo: bytes, mention_id: str, used: Sequence[str] = (), among: str = ANY
    ) -> tuple[HouseStyle, str] | None:
        """The style that suits a photo, but none of `used` (slugs); the same for the same photo and mention.

        `among` is ANY or the key of an artist. None where there is none.
        """

    def names(self, language: str) -> Sequence[str]:
        """What can be asked for by name, in the words of a language."""


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

    @classmethod
    def of(cls, clock: Clock) -> Self:
        """Of a process that begins now."""
        return cls(clock.now(), clock.steady(), Eta(clock))


@dataclass(frozen=True, slots=True)
class Parts:
    """The ledger, the outside world behind its ports, and what the operator decided."""

    ledger: Ledger
    queue: Queue
    pictures: Pictures
    platforms: Mapping[str, Platform]
    """By name, as in `Row.platform`."""
    catalogue: Catalogue
    house: House
    rules: Rules
    clock: Clock
    metrics: Metrics
    process: ProcessState
