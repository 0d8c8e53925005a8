"""RQ's worker loop with a lease in place of its timers, cancellation by keys, and no remote control."""

import logging
import os
import signal
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, cast

import redis
from rq import Queue, SimpleWorker, worker_registration
from rq.exceptions import DequeueTimeout
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.suspension import is_suspended
from rq.timeouts import BaseDeathPenalty
from rq.utils import now
from rq.worker import WorkerStatus

from worker import jobs
from worker.contract import FINISHED_TTL_S, LEASE_S, QUEUE
from worker.contract.blobs import blobs_at
from worker.jobs import Painter, Shutdown, WorkerContext
from worker.process.limits import give_back_freed_memory
from worker.process.redis_address import patient_client
from worker.service.heartbeat import Heartbeat, Phase
from worker.service.lease import Lease
from worker.service.metrics import Metrics
from worker.service.outcomes import Outcomes, Outgoing
from worker.service.rq_cleanup import sweep
from worker.service.rq_job import SafeJob
from worker.settings import WorkerSettings

log = logging.getLogger(__name__)

POP_S = 0.5
"""Seconds of one blocking pop: how soon an idle worker hears that it should end."""
WORKER_TTL_S = 30
SWEEP_S = 10


class NoAlarm(BaseDeathPenalty):
    """RQ's job timeout, turned off: it is a signal, which cannot interrupt C++ and breaks a lazy import.

    Deadlines are kept by the painter's loop and by the supervisor.
    """

    def setup_death_penalty(self) -> None:
        """Nothing."""

    def cancel_death_penalty(self) -> None:
        """Nothing."""


class RenderWorker(SimpleWorker):
    """RQ's worker without its timers, its recovery and its remote control; see each method for what replaces them."""

    death_penalty_class = NoAlarm
    job_class = SafeJob

    def __init__(
        self, connection: redis.Redis, beside: redis.Redis, context: WorkerContext, recycle: "Recycle"
    ) -> None:
        """beside: a second client with short time limits, for the lease's thread."""
        super().__init__(
            [QUEUE],
            name=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
            connection=connection,
            serializer="json",
            worker_ttl=WORKER_TTL_S,
            maintenance_interval=SWEEP_S,
            default_result_ttl=FINISHED_TTL_S,
            log_job_description=False,
        )
        self._beside = beside
        self._context = context
        self._recycle = recycle
        context.heartbeat.named(self.name)
        jobs.install(context)

    @property
    def dequeue_timeout(self) -> int:
        """What RQ adds to the socket's patience; the pop itself is shorter."""
        return 1

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """As long as the lease, which a thread renews; RQ's own would be the job's whole time limit and a minute."""
        return LEASE_S

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run one job under a lease, then see whether this process has done enough."""
        here = self._context
        with Lease(self._beside, job.id, self.name, here.outgoing) as here.lease:
            execution = self.prepare_execution(job)
            here.lease.also_renew = lambda: self.maintain_heartbeats(job, execution)
            self.perform_job(job, queue, execution)
        give_back_freed_memory()  # here, where an exception holds the tensors of a painting no longer
        here.heartbeat.enter(Phase.IDLE)
        self.set_state(WorkerStatus.IDLE)
        if here.device_lost or self._recycle.due():
            log.info("starting afresh: %s", "the device is lost" if here.device_lost else "enough done")
            self._stop_requested = True

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """The next job, or None once this worker is to end. Waits for Redis for as long as it takes."""
        while not self._stop_requested:
            self._context.heartbeat.enter(Phase.IDLE)
            try:
                found = self._pop(timeout)
            except DequeueTimeout:
                continue
            except redis.RedisError as error:
                log.warning("Redis does not serve us (%s); trying again", type(error).__name__)
                time.sleep(1)
                continue
            if found is not None or timeout is None:
                return found
        return None

    def _pop(self, timeout: int | None) -> tuple[Job, Queue] | None:
        self.set_state(WorkerStatus.IDLE)
        self.heartbeat()
        if self.should_run_maintenance_tasks:
            self.run_maintenance_tasks()
        if is_suspended(self.connection):
            time.sleep(POP_S)
            raise DequeueTimeout
        # Short, so that a request to end is heard between two pops and never in the middle of one.
        pop_s = None if timeout is None else cast(int, POP_S)
        found = Queue.dequeue_any(
            self.queues, pop_s, connection=self.connection, job_class=self.job_class, serializer=self.serializer
        )
        if found is not None and is_suspended(self.connection):
            give_back(self.connection, found[0].id)
            raise DequeueTimeout
        return found

    def run_maintenance_tasks(self) -> None:
        """Keep Redis tidy. Lost jobs are the bot's to send again.

        RQ's own recovery sends a job twice when two workers race, ends the worker at one corrupt hash, and leaves
        a lock of 15 minutes when killed in the middle.
        """
        self.last_cleaned_at = now()  # type: ignore[assignment]  # rq infers None from its constructor
        worker_registration.register(self)
        sweep(self.connection, self.queues[0])

    def check_for_suspension(self, burst: bool) -> None:
        """Nothing: the pop looks for it, with a beat each time."""

    def subscribe(self) -> None:
        """Nothing: RQ's channel takes `shutdown` from anybody; jobs are cancelled by key, workers ended by signal."""

    def _install_signal_handlers(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.request_stop)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after this job. Only a flag is set: RQ's exception could hit between the pop and its bookkeeping."""
        self._stop_requested = True
        self._context.shutdown.begin()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log the kind of error; RQ would log the payload too."""
        log.error("%s raised %s", job.id, getattr(exc_info[0], "__name__", exc_info[0]))


@dataclass(slots=True)
class Recycle:
    """When a process has done enough: memory fragments, drivers leak."""

    jobs: int
    seconds: float
    done: int = 0
    began_s: float = field(default_factory=time.monotonic)

    def due(self) -> bool:
        """Count one job; True after the last."""
        self.done += 1
        return self.done >= self.jobs or time.monotonic() - self.began_s > self.seconds


def give_back(connection: redis.Redis, job_id: str) -> None:
    """Put a job that was popped but not begun back to the front of the queue."""
    key = f"rq:queue:{QUEUE}"
    with connection.pipeline() as pipeline:
        pipeline.lrem(IntermediateQueue.get_intermediate_queue_key(key), 1, job_id)
        pipeline.lpush(key, job_id)
        pipeline.execute()


def await_redis(connection: redis.Redis, beat: Callable[[], None]) -> None:
    """Until Redis answers: a worker without it has nothing to do, and need not start again and again."""
    told = False
    while True:
        beat()
        try:
            connection.ping()
        except (redis.ConnectionError, redis.TimeoutError) as error:
            if not told:
                log.warning("waiting for Redis (%s)", type(error).__name__)
            told = True
            time.sleep(1)
        else:
            return


def work(
    settings: WorkerSettings,
    painter: Painter,
    heartbeat: Heartbeat,
    *,
    stall_s: float,
    starts: int = 0,
    gpu_bytes: Callable[[], float] = float,
    worker_class: type[RenderWorker] = RenderWorker,
) -> None:
    """Paint whatever comes, until SIGTERM or until it is time to start afresh."""
    # Longer than a blocking pop lasts: redis-py's own limit of 5 s would cut longer ones off.
    connection, beside = patient_client(settings.redis_address, POP_S + 10), patient_client(settings.redis_address, 3)
    await_redis(connection, heartbeat.beat)
    metrics = Metrics(starts, gpu_bytes)
    metrics.serve(settings.worker_metrics_host, settings.worker_metrics_port)
    context = WorkerContext(
        painter=painter,
        outcomes=Outcomes(connection),
        outgoing=Outgoing(blobs_at(settings.blobs_url.get_secret_value(), connection)),
        heartbeat=heartbeat,
        shutdown=Shutdown(settings.grace_s),
        metrics=metrics,
        stall_s=settings.stall_s or stall_s,
    )
    recycle = Recycle(settings.recycle_jobs, settings.recycle_h * 3600)
    worker = worker_class(connection, beside, context, recycle)
    worker._install_signal_handlers()
    log.info("worker %s is ready", worker.name)
    worker.work(logging_level="WARNING")
