"""Progress of paintings for the page, read from the bot's queue without changing it."""

import logging
import time
from dataclasses import dataclass
from typing import Any

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

    def stages(self, post: int) -> list[dict[str, Any]]:
        """Where each painting of this post stands that waits or is being painted; empty when Redis is away."""
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

    def _stage(self, job: str) -> dict[str, Any] | None:
        """As JSON for the page; `place` 0 means it is being painted."""
        waiting = self._queue.waiting(job)
        if not waiting.known:
            return None
        at = self._queue.progress(job) if waiting.running else None
        forecast_s = at.remaining_s if at else None
        left_s = forecast_s if waiting.running else self._wait_s(waiting.place)
        return {
            "place": waiting.place, "left_s": left_s, "fraction": at.fraction if at else 0,
            "stage": at.stage if at else "", "preview": f"/sandbox/preview/{at.preview}" if at and at.preview else None,
        }  # fmt: skip

    def _wait_s(self, place: int) -> float | None:
        painters = self.painters()
        return self._forecast.left_s(place, painters.running, painters.workers) if painters.workers else None
