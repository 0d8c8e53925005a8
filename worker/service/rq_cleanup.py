"""Keeps what RQ leaves in Redis bounded, without RQ's own recovery."""

import redis
from rq import Queue, worker_registration
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.utils import current_timestamp

from worker.contract import FAILED_TTL_S

SLACK_S = 60
"""Entries are scored by their worker's clock, which may differ from ours."""


def sweep(connection: redis.Redis, queue: Queue) -> None:
    """Forget executions that ended with their worker, jobs long over, and pops of jobs that are gone.

    Every step is safe to do twice and by two workers at once, so there is no lock to be left behind. A lost job's
    hash stays for a day, for an operator to see.
    """
    before = current_timestamp() - SLACK_S
    with connection.pipeline() as pipeline:
        for member in connection.zrangebyscore(queue.started_job_registry.key, 0, before):
            pipeline.expire(Job.key_for(_text(member).split(":")[0]), FAILED_TTL_S)
        pipeline.zremrangebyscore(queue.started_job_registry.key, 0, before)
        for member in connection.zrangebyscore(queue.failed_job_registry.key, 0, before):
            pipeline.delete(Job.key_for(_text(member)))
        for ended in (queue.finished_job_registry, queue.failed_job_registry):
            pipeline.zremrangebyscore(ended.key, 0, before)
        for job_id in _gone(connection, queue):
            pipeline.lrem(IntermediateQueue.get_intermediate_queue_key(queue.key), 0, job_id)
        pipeline.execute()
    worker_registration.clean_worker_registry(queue)


def _gone(connection: redis.Redis, queue: Queue) -> list[str]:
    """Popped ids without a job behind them: discarded ones, and forged ones."""
    popped = connection.lrange(IntermediateQueue.get_intermediate_queue_key(queue.key), 0, -1)
    return [name for name in map(_text, popped) if not connection.exists(Job.key_for(name))]


def _text(member: object) -> str:
    return member.decode(errors="replace") if isinstance(member, bytes) else str(member)
