"""Room for pictures in Redis: how full it is, what is kept free for outcomes, and what goes when it is full."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self, cast

import redis
from rq.job import Job

from bot.queue.inspect import JobView, QueueView
from worker.contract import BLOB_TTL_S, QUEUE, Rendered
from worker.contract.blobs import RedisBlobs

log = logging.getLogger(__name__)

PICTURES_SHARE = 0.7
"""Of Redis' memory, what the bot fills with pictures of jobs; the rest is for paintings, outcomes and Redis itself."""
FULL_SHARE = 0.9
"""From here on pictures of jobs that nobody began are taken out again. At 1 Redis refuses even a worker's pop."""
STRAY_S = 900
"""A picture this old that no job and no outcome names was left by something that died or was cancelled."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What Redis uses and may use, in bytes. A Redis without a limit has the machine's memory."""

    used_bytes: int
    limit_bytes: int

    @classmethod
    def of(cls, connection: redis.Redis) -> Self:
        """As Redis says now. Raises redis.RedisError."""
        told = cast("dict[str, int]", connection.info("memory"))
        return cls(int(told["used_memory"]), int(told.get("maxmemory") or told.get("total_system_memory") or 0))

    @property
    def share(self) -> float:
        """Used of the limit, from 0 to 1 and a little over; 0 where nobody knows."""
        return self.used_bytes / self.limit_bytes if self.limit_bytes else 0.0

    def has_room(self, more_bytes: int) -> bool:
        """Whether pictures of this size leave the reserve alone."""
        return not self.limit_bytes or self.used_bytes + more_bytes <= PICTURES_SHARE * self.limit_bytes


class Room:
    """Frees Redis of pictures that are on the bot's disk as well. Raises redis.RedisError."""

    def __init__(self, connection: redis.Redis) -> None:
        self._redis = connection
        self._blobs = RedisBlobs(connection)
        self._view = QueueView(connection)

    def make(self) -> list[str]:
        """Where Redis is nearly full, remove strays, then take back the youngest jobs that nobody began; their ids."""
        if Memory.of(self._redis).share < FULL_SHARE:
            return []
        strays = self._remove_strays()
        taken = list(self._take_back())
        log.warning("Redis is nearly full", extra={"strays": strays, "jobs_taken_back": len(taken)})
        return taken

    def give_up(self, keys: Iterable[str]) -> None:
        """Remove these pictures, but none that something in Redis still needs."""
        self._blobs.forget(set(keys) - self._needed())

    def _take_back(self) -> Iterator[str]:
        """The youngest first, until what is left leaves the reserve alone; the next to be painted stays if it can."""
        for job_id in reversed(self._view.waiting()):
            memory = Memory.of(self._redis)
            if memory.has_room(0) or (memory.share < 1 and len(self._view.waiting()) == 1):
                return
            view = self._view.job(job_id)
            if self._redis.lrem(f"rq:queue:{QUEUE}", 0, job_id):  # else a worker was quicker
                self._redis.delete(Job.key_for(job_id))
                self.give_up(_inputs(view))
                yield job_id

    def _remove_strays(self) -> int:
        """Pictures that nothing names and that were put there a while ago; how many went."""
        needed = self._needed()
        strays = {key for key in self._old() if key not in needed}
        self._blobs.forget(strays)
        return len(strays)

    def _old(self) -> Iterator[str]:
        for name in self._redis.scan_iter("stylesmith:blob:*", count=1000):
            if self._redis.ttl(name) < BLOB_TTL_S - STRAY_S:
                yield name.decode(errors="replace").rpartition(":")[2]

    def _needed(self) -> set[str]:
        """What jobs that wait or are painted are painted from, and paintings that the bot has not taken yet."""
        return {key for view in self._view.jobs(ended=True) for key in (*_inputs(view), *_results(view))}


def _inputs(view: JobView | None) -> list[str]:
    """Of a job that has not ended; what an ended one was painted from is not needed."""
    if view is None or view.job is None or view.outcome is not None:
        return []
    return [*filter(None, [view.job.photo]), *view.job.styles]


def _results(view: JobView) -> list[str]:
    painting = view.outcome.blob if isinstance(view.outcome, Rendered) else ""
    preview = view.progress.preview if view.progress else ""
    return [key for key in (painting, preview) if key]
