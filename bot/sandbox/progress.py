"""Progress of paintings for the page, read from the bot's queue without changing it, and the wait for the others."""

import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import redis

from bot.errors import TransportDown
from bot.queue.inspect import QueueView
from bot.queue.rq import RqQueue, connect
from worker.contract import Progress
from worker.contract.blobs import RedisBlobs

LARGEST_BATCH = 4
_LOOK_S = 2.0
_TYPICAL_S = 30.0
_REMEMBERED = 20
_TELLING = 0.05
"""Share of a painting from which the worker's forecast says something about the whole."""
_log = logging.getLogger(__name__)


class Forecast:
    """Time until a queued painting is done, from how long the last ones take as a whole."""

    def __init__(self) -> None:
        self._whole_s: OrderedDict[str, float] = OrderedDict()

    def see(self, progress: Progress) -> None:
        if progress.remaining_s is None or not _TELLING <= progress.fraction < 1:
            return
        self._whole_s[progress.id] = progress.remaining_s / (1 - progress.fraction)
        while len(self._whole_s) > _REMEMBERED:
            self._whole_s.popitem(last=False)

    def left_s(self, place: int, running: Sequence[Progress], workers: int) -> float:
        """Seconds until the job at `place` (1 is next) is painted, when `running` is being painted by `workers`."""
        whole_s = sum(self._whole_s.values()) / len(self._whole_s) if self._whole_s else _TYPICAL_S
        begun_s = sum(whole_s if at.remaining_s is None else at.remaining_s for at in running)
        others_s = (begun_s + (place - 1) * whole_s) / max(1, workers)
        return others_s + whole_s


class PaintingProgress:
    """Reads the jobs of a post by the names that the bot gives them: platform, post and number."""

    def __init__(self, redis_url: str) -> None:
        self._redis = connect(redis_url)
        self._view = QueueView(self._redis)
        self._queue = RqQueue(self._redis)
        self._blobs = RedisBlobs(self._redis)
        self._forecast = Forecast()
        self._workers: int | None = None
        self._running: Sequence[Progress] = ()
        self._looked_at = -_LOOK_S

    def workers(self) -> int | None:
        """How many live, read from Redis once in two seconds at most; None while the queue cannot be read."""
        if time.monotonic() - self._looked_at >= _LOOK_S:
            self._looked_at = time.monotonic()
            self._look()
        return self._workers

    def _look(self) -> None:
        try:
            leased = self._view.leased()
            self._running = [progress for job in leased if (progress := self._queue.progress(job))]
            self._workers = max(len(self._view.workers()), len(leased))
        except (redis.RedisError, TransportDown) as error:
            _log.info("the queue cannot be read: %s", type(error).__name__)
            self._workers, self._running = None, ()
        for progress in self._running:
            self._forecast.see(progress)

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
        workers = self.workers()
        return self._forecast.left_s(place, self._running, workers) if workers else None
