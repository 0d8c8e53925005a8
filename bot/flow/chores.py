"""What is done now and then: retention, room in Redis, and measuring for the metrics."""

from contextlib import suppress

from bot.errors import TransportDown
from bot.flow.parts import Parts
from bot.ledger import StaleRow, State


def tidy(parts: Parts) -> None:
    parts.ledger.erasure.expire(parts.rules.retention)
    forget_pictures(parts)
    with suppress(TransportDown):
        parts.queue.sweep()


def forget_pictures(parts: Parts) -> None:
    keys = parts.ledger.erasure.pictures()
    if keys:
        parts.pictures.forget(keys)
        parts.ledger.erasure.pictures_gone(keys)


def measure(parts: Parts) -> None:
    """Ages of every state and the length of the queue, for the metrics. Raises TransportDown."""
    merged: dict[str, tuple[int, float]] = {}
    for (_, state), (rows, age_s) in parts.ledger.counts().items():
        before = merged.get(state, (0, 0.0))
        merged[state] = (before[0] + rows, max(before[1], age_s))
    parts.metrics.ledger(merged)
    parts.metrics.unreadable.set(parts.ledger.unreadable())
    parts.metrics.queue_depth.set(parts.queue.depth())


def make_room(parts: Parts) -> None:
    """Takes back jobs that nobody began where Redis fills up with their pictures; they are sent again later.

    Never raises TransportDown.
    """
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
