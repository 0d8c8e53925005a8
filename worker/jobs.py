"""The RQ job: one JSON payload in, one outcome out; networks and connections are in the worker context."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from pydantic import ValidationError
from rq.job import Retry, get_current_job

from worker.contract import SCHEMA, Failed, FailureCode, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.contract.errors import Cancelled, PaintingError
from worker.service.heartbeat import Heartbeat, Phase
from worker.service.lease import Lease
from worker.service.metrics import Metrics
from worker.service.outcomes import Outcomes, Outgoing

log = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], FailureCode | None]


Painter = Callable[[RenderJob, Blobs, OnProgress, ShouldStop], Rendered]
"""Paints one job into the blobs, as worker.render.paint does with its models. Raises PaintingError."""


class DeviceLost(Exception):
    """The device cannot be used by this process any more; the job has no outcome, so that another worker gets it."""


@dataclass(slots=True)
class Shutdown:
    """A requested stop: no new jobs, and the current one is given back after the grace period."""

    grace_s: float
    since_s: float | None = None

    def begin(self) -> None:
        self.since_s = self.since_s or time.monotonic()

    @property
    def overdue(self) -> bool:
        """True when the grace period is over and the current job has to be given back."""
        return self.since_s is not None and time.monotonic() - self.since_s > self.grace_s


@dataclass(slots=True)
class WorkerContext:
    painter: Painter
    outcomes: Outcomes
    outgoing: Outgoing
    heartbeat: Heartbeat
    shutdown: Shutdown
    metrics: Metrics
    stall_s: float
    lease: Lease | None = None
    """Lease of the current job."""
    device_lost: bool = False


_context: WorkerContext | None = None
"""Global because RQ calls a function by name with nothing but the payload."""


def install(context: WorkerContext) -> None:
    """Sets the context of this process; called once, by its entry point."""
    global _context  # noqa: PLW0603
    _context = context


def render(payload: dict[str, Any]) -> dict[str, Any] | Retry:
    """The one function a job may name: paints, stores the outcome for the bot and returns it.

    A job that has an outcome already is not painted again. A job given back while draining returns RQ's `Retry`.
    """
    here, current = _context, get_current_job()
    if here is None or here.lease is None or current is None:
        raise RuntimeError("worker.jobs.render runs inside a worker only")
    standing = here.outcomes.find(current.id)
    if standing is not None or not here.lease.claimed:
        log.info("%s is already %s", current.id, "done" if standing else "being painted by another worker")
        return {} if standing is None else standing.model_dump(mode="json")
    outcome = _attempt(here, here.lease, read(current.id, payload))
    if outcome is None:
        return Retry(max=1, enqueue_at_front=True)
    here.heartbeat.enter(Phase.STORING, current.id)
    here.outcomes.store_for_sure(outcome, here.outgoing, here.heartbeat.beat)
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


def _attempt(here: WorkerContext, lease: Lease, job: RenderJob | Failed) -> Rendered | Failed | None:
    """What came of it, or None when this worker has to end and gives it back. Raises redis.RedisError, DeviceLost."""
    if isinstance(job, Failed):
        return job
    here.heartbeat.enter(Phase.PAINTING, job.id, job.deadline_s, here.stall_s)
    should_stop = _stopper(here, lease, job.deadline_s)
    try:
        return here.painter(job, here.outgoing, lease.show, should_stop)
    except Cancelled as error:
        if here.shutdown.overdue and not lease.cancelled:
            log.info("%s is given back: this worker has to end", job.id)
            return None
        return _failed(job.id, error)
    except PaintingError as error:
        return _failed(job.id, error)
    except redis.RedisError:
        raise
    except Exception as error:
        if _ends_the_device(error):
            here.device_lost = True
            raise DeviceLost(type(error).__name__) from error
        log.exception("%s failed", job.id)
        return Failed(id=job.id, code=FailureCode.INTERNAL, detail=_place(error))


def _stopper(here: WorkerContext, lease: Lease, deadline_s: float) -> ShouldStop:
    """Asked before every iteration, so it only looks at memory; that it is asked is the sign of life."""
    end_s = time.monotonic() + deadline_s

    def should_stop() -> FailureCode | None:
        here.heartbeat.beat()
        if lease.cancelled or here.shutdown.overdue:
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
