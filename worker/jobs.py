"""What RQ calls: one payload in, one outcome out, both plain data; everything warm waits in the workplace."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import redis
from pydantic import ValidationError
from rq.job import Retry, get_current_job

from worker.contract import SCHEMA, Failed, FailureCode, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.contract.errors import Cancelled, PaintingError
from worker.service.heartbeat import Phase, Pulse
from worker.service.lease import Lease
from worker.service.metrics import Metrics
from worker.service.outcomes import Outcomes, Outgoing

log = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], FailureCode | None]


class Painter(Protocol):
    """Makes a painting: worker.render.paint with its studio, or anything as quick as a test needs."""

    def __call__(self, job: RenderJob, blobs: Blobs, on_progress: OnProgress, should_stop: ShouldStop) -> Rendered:
        """Put the painting into `blobs` and describe it. Raises worker.contract.errors.PaintingError."""


class Spoiled(Exception):
    """The device cannot be used by this process any more; the job has no outcome, so that another worker gets it."""


@dataclass(slots=True)
class Drain:
    """Whether this worker is to end, and since when."""

    grace_s: float
    since_s: float | None = None

    def begin(self) -> None:
        """No more jobs after this one."""
        self.since_s = self.since_s or time.monotonic()

    @property
    def overdue(self) -> bool:
        """True when also this job has to be given back."""
        return self.since_s is not None and time.monotonic() - self.since_s > self.grace_s


@dataclass(slots=True)
class Workplace:
    """What a worker process has at hand when RQ calls."""

    painter: Painter
    outcomes: Outcomes
    outgoing: Outgoing
    pulse: Pulse
    drain: Drain
    metrics: Metrics
    stall_s: float
    lease: Lease | None = field(default=None)
    """Of the job in hand."""
    spoiled: bool = False


_workplace: Workplace | None = None
"""RQ calls a function by its name and hands it the job alone, so the process has one place to find the rest."""


def settle(workplace: Workplace) -> None:
    """Say where this process works; once, by its entry point."""
    global _workplace  # noqa: PLW0603
    _workplace = workplace


def render(payload: dict[str, Any]) -> dict[str, Any] | Retry:
    """The one function a job may name: paint, store the outcome where the bot looks, and return it too.

    A job that has an outcome already is not painted again. A job given back while draining returns RQ's `Retry`.
    """
    here, current = _workplace, get_current_job()
    if here is None or here.lease is None or current is None:
        raise RuntimeError("worker.jobs.render runs inside a worker only")
    standing = here.outcomes.find(current.id)
    if standing is not None or not here.lease.claimed:
        log.info("%s is already %s", current.id, "done" if standing else "being painted by another worker")
        return {} if standing is None else standing.model_dump(mode="json")
    outcome = _attempt(here, here.lease, read(current.id, payload))
    if outcome is None:
        return Retry(max=1, enqueue_at_front=True)
    here.pulse.enter(Phase.STORING, current.id)
    here.outcomes.store_for_sure(outcome, here.outgoing, here.pulse.beat)
    here.metrics.ended(outcome)
    return outcome.model_dump(mode="json")


def read(job_id: str, payload: dict[str, Any]) -> RenderJob | Failed:
    """The job, or why it is none. A job of a newer contract is refused before its new fields are stumbled over."""
    number = payload.get("schema_number", 1)
    if not isinstance(number, int) or number > SCHEMA:
        return _bad(job_id, f"schema {number!r:.20}, this worker reads up to {SCHEMA}")
    try:
        job = RenderJob.model_validate(payload)
    except ValidationError as error:
        places = {".".join(map(str, problem["loc"])) or "job" for problem in error.errors()}
        return _bad(job_id, "not valid: " + ", ".join(sorted(places)))
    return job if job.id == job_id else _bad(job_id, "payload of another job")


def _attempt(here: Workplace, lease: Lease, job: RenderJob | Failed) -> Rendered | Failed | None:
    """What came of it, or None when this worker has to end and gives it back. Raises redis.RedisError, Spoiled."""
    if isinstance(job, Failed):
        return job
    here.pulse.enter(Phase.PAINTING, job.id, job.deadline_s, here.stall_s)
    should_stop = _stopper(here, lease, job.deadline_s)
    try:
        return here.painter(job, here.outgoing, lease.show, should_stop)
    except Cancelled as error:
        if here.drain.overdue and not lease.cancelled:
            log.info("%s is given back: this worker has to end", job.id)
            return None
        return _failed(job.id, error)
    except PaintingError as error:
        return _failed(job.id, error)
    except redis.RedisError:
        raise
    except Exception as error:
        if _ends_the_device(error):
            here.spoiled = True
            raise Spoiled(type(error).__name__) from error
        log.exception("%s failed", job.id)
        return Failed(id=job.id, code=FailureCode.INTERNAL, detail=_place(error))


def _stopper(here: Workplace, lease: Lease, deadline_s: float) -> ShouldStop:
    """Asked before every iteration, so it only looks at memory; that it is asked is the sign of life."""
    end_s = time.monotonic() + deadline_s

    def should_stop() -> FailureCode | None:
        here.pulse.beat()
        if lease.cancelled or here.drain.overdue:
            return FailureCode.CANCELLED
        return FailureCode.DEADLINE if time.monotonic() > end_s else None

    return should_stop


def _bad(job_id: str, detail: str) -> Failed:
    return Failed(id=job_id, code=FailureCode.BAD_JOB, detail=detail[:500])


def _failed(job_id: str, error: PaintingError) -> Failed:
    log.info("%s ended as %s: %s", job_id, error.code, error)
    return Failed(id=job_id, code=error.code, detail=f"{type(error).__name__}: {error}"[:500])


def _ends_the_device(error: Exception) -> bool:
    """True for errors after which every further call on a GPU fails too (CUDA error, Xid)."""
    return type(error).__name__ == "AcceleratorError" or "CUDA error" in str(error)


def _place(error: Exception) -> str:
    """The exception's type and where it was raised; its text may quote what was being handled."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
