"""`queued` -> `decided`: the outcomes of a mention's jobs are taken in."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.crashpoints import Point, point
from bot.errors import PictureError, TransportDown
from bot.flow.lost_jobs import is_lost, once_more, recover
from bot.flow.parts import Parts
from bot.ledger import About, Answer, JobRow, Row
from worker.contract import OUTCOME, Failed, FailureCode, Rendered


def collect(parts: Parts, row: Row) -> None:
    """Once every job of `row` ended; lost jobs go back to the queue. Raises TransportDown."""
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
    if is_lost(parts, job, known=waiting.known or outcome is not None):
        return job if recover(parts, row, job, died=waiting.died) else None
    return job if outcome is None else _take_in(parts, row, job, outcome)


def _take_in(parts: Parts, row: Row, job: JobRow, outcome: Rendered | Failed) -> JobRow:
    """`job` with its outcome written down; as it is where it is sent again for what got lost on the way."""
    painting = ""
    if isinstance(outcome, Rendered):
        data = parts.queue.painting(outcome)
        if data is None and once_more(parts, row, job):
            return job
        outcome, painting = _taken(parts, data, job, outcome)
    elif outcome.code is FailureCode.PICTURE_MISSING and once_more(parts, row, job):
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
