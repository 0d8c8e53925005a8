"""What X costs us in each UTC day, kept in a file, with a budget at which reading pauses."""

import json
import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from worker.process.files import write_whole

logger = logging.getLogger(__name__)


class Item(StrEnum):
    """What is billed. Prices of August 2026, pay per use (docs.x.com, "Pricing")."""

    OWNED_READ = "owned_read"
    """A mention of us or a post of ours, read by the account that owns the app."""
    POST_READ = "post_read"
    USER_READ = "user_read"
    REPLY = "reply"
    """A reply to somebody who summoned us, without a link."""
    ALT_TEXT = "alt_text"


PRICE_USD: Final = {
    Item.OWNED_READ: 0.001, Item.POST_READ: 0.005, Item.USER_READ: 0.010, Item.REPLY: 0.010, Item.ALT_TEXT: 0.005,
}  # fmt: skip


class Spending:
    """Adds up a day's cost. The same resource read twice in a day is billed once. Safe to use from several threads."""

    def __init__(
        self, budget_usd: float, path: Path | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.budget_usd = budget_usd
        self._path = path
        self._now = now
        self._day = ""
        self._counts: dict[str, int] = {}
        self._seen: set[str] = set()
        self._lock = threading.RLock()
        self._load()

    @property
    def spent_usd(self) -> float:
        with self._lock:
            self._turn_the_day()
            return sum(PRICE_USD[Item(name)] * count for name, count in self._counts.items())

    @property
    def exhausted(self) -> bool:
        return self.spent_usd >= self.budget_usd

    @property
    def tomorrow(self) -> datetime:
        """Start of the next UTC day."""
        today = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(days=1)

    def read(self, item: Item, ids: Iterable[str]) -> None:
        """Counts resources that were returned; an empty page costs nothing."""
        with self._lock:
            self._turn_the_day()
            fresh = {f"{item.value}:{one}" for one in ids} - self._seen
            if fresh:
                self._seen |= fresh
                self._add(item, len(fresh))

    def wrote(self, item: Item) -> None:
        with self._lock:
            self._turn_the_day()
            self._add(item, 1)

    def _add(self, item: Item, count: int) -> None:
        before = self.spent_usd
        self._counts[item.value] = self._counts.get(item.value, 0) + count
        if before < self.budget_usd <= self.spent_usd:
            logger.warning("X: the daily budget of $%.2f is spent; reading pauses until tomorrow", self.budget_usd)
        self._save()

    def _turn_the_day(self) -> None:
        today = f"{self._now():%Y-%m-%d}"
        if today != self._day:
            self._day, self._counts, self._seen = today, {}, set()

    def _load(self) -> None:
        self._turn_the_day()
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8")) if self._path else {}
            if kept.get("day") == self._day:
                self._counts = {Item(name).value: int(count) for name, count in kept["counts"].items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, LookupError, AttributeError, TypeError):
            logger.warning("X: the cost meter's file cannot be read; today's count begins anew")

    def _save(self) -> None:
        """The set of ids is not kept, so that a restart rather counts twice than not."""
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps({"day": self._day, "counts": self._counts}).encode())
        except OSError as error:
            logger.warning("X: the cost meter's file cannot be written (%s)", type(error).__name__)
