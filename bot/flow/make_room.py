"""A Redis that fills up with pictures of waiting jobs gets rid of them; their mentions are sent again later."""

from contextlib import suppress

from bot.errors import TransportDown
from bot.flow.parts import Parts
from bot.ledger import StaleRow, State


def make_room(parts: Parts) -> None:
    """Frees what has to be freed, and measures how full it was. Never raises TransportDown."""
    try:
        parts.metrics.redis_used.set(parts.queue.used_share())
        taken = parts.queue.make_room()
    except TransportDown:
        return
    for row in parts.ledger.of_jobs(taken):
        # A death before this is no loss: the job is found nowhere and sent again.
        if row.state is State.QUEUED:
            with suppress(StaleRow):
                parts.ledger.move(row, State.READY, "Redis was full")
