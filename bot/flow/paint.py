"""Jobs between the ledger and Redis: sent, taken in when they ended, sent again when they are lost.

RQ delivers at least once and Redis may be wiped: a job that the ledger holds open and Redis does not know is sent
again; one that kills its workers is given up.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.crashpoints import Point, point
from bot.errors import PictureError, TransportDown, TransportFull
from bot.flow.backoff import own_pause_s
from bot.flow.parts import Parts
from bot.ledger import About, Answer, JobRow, Row, State
from worker.contract import OUTCOME, Failed, FailureCode, Rendered

log = logging.getLogger(__name__)

_ROOM_S = 2.0
"""Between two looks whether Redis has room for a mention's pictures."""
_LOOKS = 20
"""An open job is looked for every second; one that nobody looked for during so many patiences has ended."""


def submit(parts: Parts, row: Row) -> None:
    """`ready` -> `queued`, or later where Redis has no room. Raises TransportDown: the row stays ready."""
    try:
        _submit(parts, row)
    except TransportFull:
        parts.metrics.no_room.inc()
        parts.ledger.put_off(row, _ROOM_S, "no room in Redis")


def _submit(parts: Parts, row: Row) -> None:
    front = _may_jump(parts, row)
    for job in parts.ledger.jobs(row):
        if not job.outcome:
            blobs = _blobs(parts, job)
            if blobs is None:
                parts.ledger.decide(row, Answer(About.PICTURE, "gone", row.language))
                return
            parts.queue.submit(job.job, blobs, at_front=front)
    point(Point.SUBMITTED)
    parts.ledger.move(row, State.QUEUED)
    point(Point.QUEUED)


def _blobs(parts: Parts, job: JobRow) -> list[bytes] | None:
    """Every picture of a job, or None when one was removed meanwhile."""
    keys = [*filter(None, [job.job.photo]), *job.job.styles]
    blobs = [data for key in keys if (data := parts.pictures.read(key)) is not None]
    return blobs if len(blobs) == len(keys) else None


def _may_jump(parts: Parts, row: Row) -> bool:
    """Followers go to the front of the queue, at most every second job, so that nobody starves."""
    parts.process.jumped = row.mention.author.follows_us and not parts.process.jumped
    return parts.process.jumped


def collect(parts: Parts, row: Row) -> None:
    """`queued` -> `decided` once every job of `row` ended; lost jobs go back to the queue. Raises TransportDown."""
    jobs = []
    for job in parts.ledger.jobs(row):
        taken = job if job.outcome else _look(parts, row, job)
        if taken is None:
            return
        jobs.append(taken)
    if not jobs or not all(job.outcome for job in jobs):
        return
    point(Point.PAINTED)
    if any(job.painting for job in jobs):
        answer = Answer(About.PAINTING, language=row.language)
    else:
        failure = OUTCOME.validate_json(jobs[0].outcome)
        code = failure.code if isinstance(failure, Failed) else FailureCode.INTERNAL
        answer = Answer(About.FAILURE, code.value, row.language)
    parts.ledger.decide(row, answer)
    _release(parts, row, jobs)


def _look(parts: Parts, row: Row, job: JobRow) -> JobRow | None:
    """`job` with its outcome, if there is one; None where it is given up and the row decided."""
    # First where it is, then what came of it: what ends between the two is not taken for lost.
    waiting = parts.queue.waiting(job.job.id)
    outcome = parts.queue.outcome(job.job.id)
    if waiting.known or outcome is not None:
        parts.process.missed.pop(job.job.id, None)
    elif _is_lost(parts, job):
        parts.process.missed.pop(job.job.id, None)
        return job if _recover(parts, row, job, died=waiting.died) else None
    return job if outcome is None else _take_in(parts, row, job, outcome)


def _take_in(parts: Parts, row: Row, job: JobRow, outcome: Rendered | Failed) -> JobRow:
    """`job` with its outcome written down; as it is where it is sent again for what got lost on the way."""
    painting = ""
    if isinstance(outcome, Rendered):
        data = parts.queue.painting(outcome)
        if data is None and _once_more(parts, row, job):
            return job
        outcome, painting = _taken(parts, data, job, outcome)
    elif outcome.code is FailureCode.PICTURE_MISSING and _once_more(parts, row, job):
        parts.metrics.failures.labels(outcome.code.value).inc()
        return job
    if isinstance(outcome, Failed):
        parts.metrics.failures.labels(outcome.code.value).inc()
    text = outcome.model_dump_json()
    parts.ledger.ended(row, job.job.id, text, painting)
    return replace(job, outcome=text, painting=painting)


def _taken(parts: Parts, data: bytes | None, job: JobRow, told: Rendered) -> tuple[Rendered | Failed, str]:
    """What came of it, and the key of the painting; what is none fails as a mistake of ours."""
    if data is None:
        return Failed(id=told.id, code=FailureCode.INTERNAL, detail="its painting never arrived"), ""
    try:
        painting = parts.pictures.take(data, job.job, told)
    except PictureError as exc:
        if exc.retry:
            raise
        return Failed(id=told.id, code=FailureCode.INTERNAL, detail=f"painting refused: {exc.reason.value}"), ""
    parts.metrics.rendered(told)
    parts.process.eta.ended(told.seconds)
    return told, painting


def _once_more(parts: Parts, row: Row, job: JobRow) -> bool:
    """Sends a job again whose painting or pictures did not arrive; False where that came to nothing too often."""
    again = row.attempts < parts.rules.unexpected_tries and _send_again(parts, row, job)
    if again:
        parts.ledger.put_off(row, own_pause_s(row.attempts), "sent again", trouble=True)
    return again


def _send_again(parts: Parts, row: Row, job: JobRow) -> bool:
    """Forgets what Redis knows of a job and sends it once more; False when its pictures are gone."""
    blobs = _blobs(parts, job)
    if blobs is None:
        return False
    parts.queue.discard(job.job.id)
    try:
        parts.queue.submit(job.job, blobs)
    except TransportFull:
        parts.metrics.no_room.inc()
        parts.ledger.move(row, State.READY, "no room in Redis")
    else:
        parts.metrics.recoveries.labels("resubmitted").inc()
    return True


def _is_lost(parts: Parts, job: JobRow) -> bool:
    """Between a worker's pop and its lease a job is nowhere for some milliseconds, so one look proves nothing."""
    now, patience_s, process = parts.clock.steady(), parts.rules.lost_after_s, parts.process
    if any(now - at > _LOOKS * patience_s for at in process.missed.values()):
        process.missed = {name: at for name, at in process.missed.items() if now - at <= _LOOKS * patience_s}
    return now - process.missed.setdefault(job.job.id, now) >= patience_s


def _recover(parts: Parts, row: Row, job: JobRow, *, died: bool) -> bool:
    """Sends a lost `job` again; False when it is given up. A wiped Redis is nobody's fault and costs no try."""
    tries = row.tries + 1 if died else row.tries
    log.warning("job lost", extra={"job": job.job.id, "tries": tries, "died": died})
    parts.metrics.recoveries.labels("reaped").inc()
    if tries >= parts.rules.tries:
        parts.queue.discard(job.job.id)
        parts.metrics.gave_up.inc()
        parts.ledger.decide(row, Answer(About.FAILURE, FailureCode.INTERNAL.value, row.language))
        return False
    if died:
        parts.ledger.move(row, State.QUEUED, "worker died", tries=tries)
    return _send_again(parts, row, job)


def _release(parts: Parts, row: Row, jobs: Sequence[JobRow]) -> None:
    """Removes the pictures in transit, a day of which would fill a Redis; house styles stay, and what another open
    mention needs. What is missed here goes by its time to live."""
    plan = row.plan
    keys = {key for job in jobs for key in _made(job)} | ({*plan.photos, *plan.styles} if plan else set())
    keys -= parts.ledger.erasure.needed_elsewhere(row, keys)
    with suppress(TransportDown):
        parts.queue.settle([job.job.id for job in jobs], sorted(keys))


def _made(job: JobRow) -> set[str]:
    """Keys of the painting and of the film beside it."""
    outcome = OUTCOME.validate_json(job.outcome) if job.outcome else None
    return {outcome.blob, outcome.shown} if isinstance(outcome, Rendered) else set()
