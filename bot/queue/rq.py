"""The queue of paintings over RQ: one Redis list, with every trace of a job known, so that it can be sent again."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import cast

import redis
from pydantic import ValidationError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.executions import ExecutionRegistry
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.results import Result

from bot.errors import TransportDown, TransportFull
from bot.ports import Waiting
from bot.queue.inspect import read_progress
from bot.queue.redis_room import Memory, Room
from worker import contract
from worker.contract import Failed, FailureCode, Progress, Rendered, RenderJob
from worker.contract.blobs import RedisBlobs, Transit, key_of
from worker.process.redis_address import patient_client

CANCEL_TTL_S = 3600
_ANSWER_LIMIT_S = 5.0


def connect(url: str) -> redis.Redis:
    """A client that gives up within seconds: the caller has a ledger and tries again."""
    return patient_client(url, _ANSWER_LIMIT_S)


class RqQueue:
    """bot.ports.Queue. RQ is at-least-once at best and Redis may be wiped: nothing here is the truth."""

    def __init__(self, connection: redis.Redis, blobs: Transit | None = None) -> None:
        self._redis = connection
        self._blobs = blobs or RedisBlobs(connection)
        self._queue = Queue(contract.QUEUE, connection=connection, serializer="json")
        self._room = Room(connection)
        self._submitting = threading.Lock()

    def submit(self, job: RenderJob, pictures: Sequence[bytes], *, at_front: bool = False) -> None:
        # One at a time, or several would find the same room.
        with _translated(), self._submitting:
            self._check_room(pictures)
            try:
                for picture in pictures:
                    self._blobs.put(picture)
                self._enqueue(job, at_front)
            except redis.RedisError as error:
                if _is_full(error):  # what was put before it was full would lie there for a day
                    self._room.give_up([key_of(picture) for picture in pictures])
                raise

    def _enqueue(self, job: RenderJob, at_front: bool) -> None:
        with suppress(DuplicateJobError):
            self._queue.enqueue_call(
                contract.FUNCTION,
                args=(job.model_dump(mode="json"),),
                job_id=job.id,
                description=job.id,
                timeout=int(job.deadline_s) + 60,
                result_ttl=contract.FINISHED_TTL_S,
                failure_ttl=contract.FAILED_TTL_S,
                at_front=at_front,
                unique=True,
            )

    def _check_room(self, pictures: Sequence[bytes]) -> None:
        """Raises TransportFull. One job may always wait, or a Redis that others fill would stop everything."""
        sizes = sum(map(len, pictures)) if isinstance(self._blobs, RedisBlobs) else 0
        if not Memory.of(self._redis).has_room(sizes) and self._redis.llen(self._queue.key):
            raise TransportFull("too many pictures wait")

    def used_share(self) -> float:
        with _translated():
            return Memory.of(self._redis).share

    def make_room(self) -> Sequence[str]:
        with _translated(), self._submitting:
            return self._room.make()

    def outcome(self, job_id: str) -> Rendered | Failed | None:
        with _translated():
            text = cast("bytes | None", self._redis.get(contract.outcome_key(job_id)))
        if text is None:
            return None
        try:
            outcome = contract.OUTCOME.validate_json(text)
        except ValidationError:
            return Failed(id=job_id, code=FailureCode.INTERNAL, detail="unreadable outcome")
        if outcome.id != job_id:
            return Failed(id=job_id, code=FailureCode.INTERNAL, detail="outcome of another job")
        return outcome

    def painting(self, outcome: Rendered) -> bytes | None:
        with _translated():
            data = self._blobs.get(outcome.shown)
        return data if data is not None and key_of(data) == outcome.shown else None

    def waiting(self, job_id: str) -> Waiting:
        """Its place in the queue.

        Between a worker's pop and its lease, some milliseconds, a job is in neither place and so unknown:
        send it again only when two looks some seconds apart agree.
        """
        with _translated(), self._redis.pipeline() as pipeline:
            pipeline.exists(contract.lease_key(job_id))
            pipeline.lpos(self._queue.key, job_id)
            pipeline.hget(Job.key_for(job_id), "status")
            leased, index, status = pipeline.execute()
        if leased:
            return Waiting(known=True, running=True)
        if index is None:
            return Waiting(known=False, died=status not in (None, b"queued"))
        return Waiting(known=True, place=index + 1)

    def depth(self) -> int:
        with _translated():
            return self._redis.llen(self._queue.key)

    def progress(self, job_id: str) -> Progress | None:
        with _translated():
            return read_progress(self._redis.get(contract.progress_key(job_id)))

    def settle(self, job_ids: Sequence[str], blobs: Sequence[str]) -> None:
        with _translated(), self._redis.pipeline() as pipeline:
            self._blobs.forget(blobs)
            for job_id in job_ids:
                # Not at once: a worker that comes late sees that somebody was first.
                pipeline.expire(contract.outcome_key(job_id), contract.FINISHED_TTL_S)
            pipeline.execute()

    def sweep(self) -> None:
        with _translated():
            self._blobs.sweep()

    def cancel(self, job_id: str) -> None:
        failed = Failed(id=job_id, code=FailureCode.CANCELLED, detail="taken from the queue")
        with _translated():
            self._redis.set(contract.cancel_key(job_id), 1, ex=CANCEL_TTL_S)
            if self._redis.lrem(self._queue.key, 0, job_id):
                self._redis.set(
                    contract.outcome_key(job_id), failed.model_dump_json(), ex=contract.OUTCOME_TTL_S, nx=True
                )
                self._redis.lpush(contract.WAKE_KEY, job_id)

    def discard(self, job_id: str) -> None:
        with _translated():
            executions = [member for member, _ in self._redis.zscan_iter(self._running, match=f"{job_id}:*")]
            with self._redis.pipeline() as pipeline:
                for waiting in (self._queue.key, IntermediateQueue.get_intermediate_queue_key(self._queue.key)):
                    pipeline.lrem(waiting, 0, job_id)
                if executions:
                    pipeline.zrem(self._running, *executions)
                for ended in (self._queue.finished_job_registry, self._queue.failed_job_registry):
                    pipeline.zrem(ended.key, job_id)
                pipeline.delete(*_keys(job_id))
                pipeline.execute()

    def wait(self, limit_s: float) -> Sequence[str]:
        """Sleep until some worker says that a job ended, or `limit_s` seconds (at most 4: a hung Redis is noticed)."""
        with _translated():
            first = self._redis.blpop([contract.WAKE_KEY], timeout=min(limit_s, _ANSWER_LIMIT_S - 1))
            others = first and self._redis.lpop(contract.WAKE_KEY, contract.WAKES)
        ended = cast("list[bytes]", [*(first or ())[1:], *(others or ())])
        return [name.decode(errors="replace") for name in ended]

    @property
    def _running(self) -> str:
        return str(self._queue.started_job_registry.key)


def _keys(job_id: str) -> tuple[str, ...]:
    """Every key that belongs to one job alone. A living worker's lease comes back within seconds."""
    return (
        Job.key_for(job_id),
        Job.dependents_key_for(job_id),
        Result.get_key(job_id),  # type: ignore[no-untyped-call]  # rq leaves this one untyped
        ExecutionRegistry.key_template.format(job_id),
        contract.outcome_key(job_id),
        contract.progress_key(job_id),
        contract.cancel_key(job_id),
        contract.lease_key(job_id),
    )


@contextmanager
def _translated() -> Iterator[None]:
    """Every error of Redis, also a refused write (full disk, no memory, read-only), is the transport being down."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise (TransportFull if _is_full(error) else TransportDown)(type(error).__name__) from error


def _is_full(error: Exception) -> bool:
    """Whether Redis is full; inside a transaction or a script errors have other types."""
    return isinstance(error, redis.RedisError) and "maxmemory" in str(error)
