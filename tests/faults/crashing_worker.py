"""`python -m tests.faults.crashing_worker`: the real supervisor and worker process with the quick painter.

STYLESMITH_CRASH_AT names a place to die, whole tree and all, once:
W1 popped -> claimed, W2 in mid-painting, W3 painting stored -> outcome stored, W4 outcome stored -> RQ told.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import redis
from rq import Queue
from rq.job import Job

from tests.faults.quick_painter import paint_quickly
from worker.contract import Failed, FailureCode, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.jobs import WorkerContext
from worker.process.limits import keep_freed_memory
from worker.process.logs import configure
from worker.service.heartbeat import Heartbeat
from worker.service.outcomes import Outcomes
from worker.service.release import ReleaseJob
from worker.service.rq_worker import Recycle, RenderWorker, work
from worker.service.supervisor import Supervisor
from worker.settings import WorkerSettings

COMMAND = [sys.executable, "-m", "tests.faults.crashing_worker"]


def die_at(point: str) -> None:
    """Ends the supervisor, and this process with it."""
    if os.environ.get("STYLESMITH_CRASH_AT") == point:
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


class CrashingWorker(RenderWorker):
    """A worker that can die between its pop and its claim, or between its outcome and RQ."""

    def __init__(self, connection: redis.Redis, beside: redis.Redis, context: WorkerContext, recycle: Recycle) -> None:
        context.outcomes = CrashingOutcomes(connection)
        super().__init__(connection, beside, context, recycle)

    def execute_job(self, job: Job, queue: Queue) -> None:
        die_at("W1")
        super().execute_job(job, queue)

    def handle_job_success(self, *arguments: Any, **more: Any) -> None:
        die_at("W4")
        super().handle_job_success(*arguments, **more)


class CrashingOutcomes(Outcomes):
    """Outcomes after whose painting the process can die."""

    def store(self, outcome: Rendered | Failed) -> None:
        die_at("W3")
        super().store(outcome)


def paint_or_crash(
    job: RenderJob,
    blobs: Blobs,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], FailureCode | None],
) -> Rendered:
    """A painter that can die in mid-painting."""

    def progress(newest: Progress) -> None:
        if newest.fraction >= 0.5:
            die_at("W2")
        on_progress(newest)

    return paint_quickly(job, blobs, progress, should_stop)


def main() -> None:
    """As worker.__main__."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.crashing_worker")
    parser.add_argument("--pulse", type=int)
    parser.add_argument("--starts", type=int, default=0)
    arguments = parser.parse_args()
    settings = WorkerSettings()
    configure(level=settings.log_level, as_json=False)
    if arguments.pulse is None:
        Supervisor(COMMAND, settings.grace_s, ReleaseJob(settings.redis_address)).run()
        return
    keep_freed_memory()
    heartbeat = Heartbeat(arguments.pulse)
    work(settings, paint_or_crash, heartbeat, stall_s=15, starts=arguments.starts, worker_class=CrashingWorker)


if __name__ == "__main__":
    main()
