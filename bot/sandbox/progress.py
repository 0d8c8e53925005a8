"""Progress of paintings for the page, read from the bot's queue without changing it."""

import logging
import time
from dataclasses import dataclass

import redis

from bot.errors import TransportDown
from bot.queue.inspect import QueueView
from bot.queue.rq import RqQueue, connect
from bot.sandbox.forecast import Forecast
from worker.contract import Progress, lease_key
from worker.contract.blobs import RedisBlobs

LARGEST_BATCH = 4
_LOOK_S = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one painting stands. `place` 0 means it is being painted."""

    place: int
    left_s: float | None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Painters:
    """How many workers live, and the progress of their paintings."""

    workers: int | None
    """None while the queue cannot be read."""
    running: tuple[Progress, ...] = ()


class PaintingProgress:
    """Reads the jobs of a post by the names that the bot gives them: platform, post and number."""

    def __init__(self, redis_url: str) -> None:
        self._redis = connect(redis_url)
        self._view = QueueView(self._redis)
        self._queue = RqQueue(self._redis)
        self._blobs = RedisBlobs(self._redis)
        self._forecast = Forecast()
        self._painters = Painters(None)
        self._looked_at = -_LOOK_S

    def painters(self) -> Painters:
        """Read from Redis once in two seconds at most."""
        if time.monotonic() - self._looked_at >= _LOOK_S:
            self._looked_at = time.monotonic()
            self._painters = self._look()
            for progress in self._painters.running:
                self._forecast.see(progress)
        return self._painters

    def _look(self) -> Painters:
        try:
            prefix = lease_key("")
            leased = [key.decode().removeprefix(prefix) for key in self._redis.scan_iter(f"{prefix}*", count=1000)]
            running = tuple(progress for job in leased if (progress := self._queue.progress(job)))
            return Painters(max(len(self._view.workers()), len(leased)), running)
        except (redis.RedisError, TransportDown) as error:
            _log.info("the queue cannot be read: %s", type(error).__name__)
            return Painters(None)

    def stages(self, post: int) -> list[Stage]:
        """One for each painting of this post that waits or is being painted; empty when Redis is away."""
        try:
            return [stage for number in range(LARGEST_BATCH) if (stage := self._stage(f"mastodon-{post}-{number}"))]
        except TransportDown as error:
            _log.info("the queue cannot be read: %s", error)
            return []

    def preview(self, key: str) -> bytes | None:
        try:
            return self._blobs.get(key)
        except redis.RedisError:
            return None

    def _stage(self, job: str) -> Stage | None:
        waiting = self._queue.waiting(job)
        if not waiting.known:
            return None
        if waiting.running:
            progress = self._queue.progress(job)
            return Stage(0, progress.remaining_s if progress else None, progress)
        painters = self.painters()
        if not painters.workers:
            return Stage(waiting.place, None)
        return Stage(waiting.place, self._forecast.left_s(waiting.place, list(painters.running), painters.workers))
