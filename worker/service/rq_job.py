"""An RQ job that trusts nothing in Redis but the payload."""

from typing import Any

import redis
from rq.exceptions import NoSuchJobError
from rq.job import Job

from worker.contract import FAILED_TTL_S, FINISHED_TTL_S, FUNCTION, QUEUE
from worker.jobs import render


class ForgedJob(Exception):
    """The job names another function, or its payload is no object."""


class SafeJob(Job):
    """A job that can call FUNCTION with one payload and nothing else.

    RQ imports whatever name the job's data holds, also under the JSON serializer, and so it does with callbacks;
    webhooks are requests to any address. Whoever can write to Redis would run code here.
    """

    @classmethod
    def fetch(cls, id: str, connection: redis.Redis | None = None, serializer: Any = None) -> Job:
        """The job, or NoSuchJobError also for what cannot be one: a bad id, a key of another type."""
        try:
            return super().fetch(id, connection=connection, serializer=serializer)
        except (ValueError, TypeError, redis.ResponseError) as error:
            raise NoSuchJobError(type(error).__name__) from error

    def restore(self, raw_data: Any) -> Any:
        """Take only the payload. Raising here instead would end the worker and meet it again at its next start."""
        super().restore({b"data": raw_data.get(b"data", b""), b"origin": QUEUE.encode()})
        self.result_ttl = FINISHED_TTL_S
        self.failure_ttl = FAILED_TTL_S

    def _execute(self) -> Any:
        payload = self.args[0] if len(self.args) == 1 else None
        if self.func_name != FUNCTION or self.instance is not None or self.kwargs or not isinstance(payload, dict):
            raise ForgedJob(self.id)
        return render(payload)
