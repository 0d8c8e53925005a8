"""How far the paintings are, read from the bot's queue without changing anything; only for the page."""

import logging
from dataclasses import dataclass

import redis

from bot.errors import TransportDown
from bot.queue.rq import RqRenders, connect
from worker.contract import Progress
from worker.contract.blobs import RedisBlobs

LARGEST_BATCH = 4
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one painting stands. `place` 0 means it is being painted."""

    place: int
    progress: Progress | None = None


class Work:
    """Reads the jobs of a post by the names that the bot gives them: platform, post and number."""

    def __init__(self, redis_url: str) -> None:
        connection = connect(redis_url)
        self._renders = RqRenders(connection)
        self._blobs = RedisBlobs(connection)

    def stages(self, post: int) -> list[Stage]:
        """One for each painting of this post that waits or is being painted; empty when Redis is away."""
        try:
            return [stage for number in range(LARGEST_BATCH) if (stage := self._stage(f"mastodon-{post}-{number}"))]
        except TransportDown as error:
            _log.info("the queue cannot be read: %s", error)
            return []

    def preview(self, key: str) -> bytes | None:
        """A JPEG of a painting so far."""
        try:
            return self._blobs.get(key)
        except redis.RedisError:
            return None

    def _stage(self, job: str) -> Stage | None:
        waiting = self._renders.waiting(job)
        if not waiting.known:
            return None
        return Stage(waiting.place, self._renders.progress(job) if waiting.running else None)
