"""Accounts seen lately: those whose client asks now and then, or has a stream open."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LATELY_S = 90.0
"""A client that polls asks more often than this."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a stream tells: its kind, and the id of what it is about."""

    kind: str
    about: int
    streams: frozenset[str] = frozenset({"user", "user:notification"})
    """In which streams of its account it belongs."""


class Presence:
    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.streams: dict[int, set[asyncio.Queue[Event]]] = {}
        self._steady = steady
        self._heard: dict[int, float] = {}
        self._began = steady()

    def heard(self, account: int) -> None:
        self._heard[account] = self._steady()

    def tell(self, account: int, event: Event) -> None:
        for queue in self.streams.get(account, ()):
            queue.put_nowait(event)

    @contextmanager
    def listening(self, account: int) -> Iterator["asyncio.Queue[Event]"]:
        """A stream of the account, open for the length of the block."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self.streams.setdefault(account, set()).add(queue)
        try:
            yield queue
        finally:
            self.streams[account].discard(queue)
            self.heard(account)

    def here(self, account: int) -> bool | None:
        """Whether the account is online; None soon after the start, while that cannot be known."""
        if self.streams.get(account):
            return True
        last = self._heard.get(account)
        if last is None and self._steady() - self._began < LATELY_S:
            return None
        return last is not None and self._steady() - last < LATELY_S
