"""`ready` -> `queued`: a mention's jobs are sent to Redis."""

from bot.crashpoints import Point, point
from bot.errors import TransportFull
from bot.flow.parts import Parts
from bot.ledger import About, Answer, JobRow, Row, State

_ROOM_S = 2.0
"""Between two looks whether Redis has room for a mention's pictures."""


def submit(parts: Parts, row: Row) -> None:
    """Or later, where Redis has no room. Raises TransportDown: the row stays ready."""
    try:
        _submit(parts, row)
    except TransportFull:
        parts.metrics.no_room.inc()
        parts.ledger.put_off(row, _ROOM_S, "no room in Redis")


def _submit(parts: Parts, row: Row) -> None:
    front = _may_jump(parts, row)
    for job in parts.ledger.jobs(row):
        if not job.outcome:
            blobs = pictures_of(parts, job)
            if blobs is None:
                parts.ledger.decide(row, Answer(About.PICTURE, "gone", row.language))
                return
            parts.queue.submit(job.job, blobs, at_front=front)
    point(Point.SUBMITTED)
    parts.ledger.move(row, State.QUEUED)
    point(Point.QUEUED)


def pictures_of(parts: Parts, job: JobRow) -> list[bytes] | None:
    """Every picture of a job, or None when one was removed meanwhile."""
    keys = [*filter(None, [job.job.photo]), *job.job.styles]
    blobs = [data for key in keys if (data := parts.pictures.read(key)) is not None]
    return blobs if len(blobs) == len(keys) else None


def _may_jump(parts: Parts, row: Row) -> bool:
    """Followers go to the front of the queue, at most every second job, so that nobody starves."""
    parts.process.jumped = row.mention.author.follows_us and not parts.process.jumped
    return parts.process.jumped
