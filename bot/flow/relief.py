"""A Redis that fills up with pictures of waiting jobs gets rid of them; their mentions are sent again later."""

from collections.abc import Sequence
from typing import Protocol

from bot.errors import TransportDown
from bot.ledger import Ledger, Row, StaleRow, State
from bot.metrics import Metrics
from bot.queue.redis_room import Memory


class Roomy(Protocol):
    """A queue whose memory is limited. Raises bot.errors.TransportDown."""

    def memory(self) -> Memory:
        """How full it is."""

    def make_room(self) -> Sequence[str]:
        """Where it is nearly full, take back jobs that no worker began, the youngest first; their ids."""


class Relief:
    """Taken between two looks at the queue."""

    def __init__(self, queue: Roomy, ledger: Ledger, metrics: Metrics) -> None:
        self._queue = queue
        self._ledger = ledger
        self._metrics = metrics

    def look(self) -> None:
        """Frees what has to be freed, and says how full it was. Never raises TransportDown."""
        try:
            self._metrics.memory(self._queue.memory().share)
            taken = self._queue.make_room()
        except TransportDown:
            return
        for row in self._ledger.of_jobs(taken):
            self._ready_again(row)

    def _ready_again(self, row: Row) -> None:
        """If this process dies before it, the reaper finds the job nowhere and sends it again."""
        if row.state is State.QUEUED:
            try:
                self._ledger.move(row, State.READY, "Redis was full")
            except StaleRow:
                return
