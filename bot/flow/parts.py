"""What every step of a mention's way works with, joined once in bot.wiring and once over fakes in the tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.clock import Clock
from bot.ledger import Ledger
from bot.metrics import Metrics
from bot.policy import Rules
from bot.ports import Pictures, Platform, Queue
from bot.queue.eta import Pace
from bot.styles.catalogue import ANY, Catalogue, HouseStyle


class House(Protocol):
    """The styles of the house, ready to be painted with."""

    def named(self, slug: str) -> tuple[HouseStyle, str] | None:
        """The style of this name and the key of its picture, or None when there is none."""

    def chosen(
        self, photo: bytes, mention_id: str, worn: Sequence[str] = (), among: str = ANY
    ) -> tuple[HouseStyle, str] | None:
        """The style that suits a photo, but none of `worn` (slugs); the same for the same photo and mention.

        `among` is ANY or the key of an artist. None where there is none.
        """

    def names(self, language: str) -> Sequence[str]:
        """What can be asked for by name, in the words of a language."""


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
    pace: Pace = field(kw_only=True)
    """How long paintings took lately, for notes."""
