"""Outcomes in Redis: the painting is written first, then the outcome; both wait for as long as Redis is down."""

import logging
import threading
import time
from collections.abc import Callable, Collection
from typing import cast

import redis

from worker.contract import OUTCOME, OUTCOME_TTL_S, WAKE_KEY, WAKES, Failed, Rendered, outcome_key
from worker.contract.blobs import Transit, key_of

log = logging.getLogger(__name__)

RETRY_S = 0.5
PATIENCE_S = 60.0
"""Seconds that a job waits for its pictures; afterwards it is left to be sent again."""


class Outgoing:
    """Write-behind buffer in front of the blob store: the painter never waits for Redis, and nothing is lost."""

    def __init__(self, blobs: Transit) -> None:
        self._blobs = blobs
        self._pending: dict[str, bytes] = {}
        self._one_at_a_time = threading.Lock()

    def put(self, data: bytes) -> str:
        """Keep until the next flush; return the SHA-256."""
        key = key_of(data)
        self._pending[key] = data
        return key

    def get(self, key: str) -> bytes | None:
        """From what is pending, else from the store, which may be away for a while. Raises what the store raises."""
        until_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._pending.get(key) or self._blobs.get(key)
            except (redis.ConnectionError, redis.TimeoutError, OSError):
                if time.monotonic() > until_s:
                    raise
                time.sleep(RETRY_S)

    def forget(self, keys: Collection[str]) -> None:
        """Remove these, written or not. Raises what the store raises."""
        with self._one_at_a_time:
            for key in keys:
                self._pending.pop(key, None)
            if keys:
                self._blobs.forget(keys)

    def flush(self) -> None:
        """Write what is pending. Raises what the store raises; nothing is lost then."""
        with self._one_at_a_time:
            for key, data in list(self._pending.items()):
                self._blobs.put(data)
                self._pending.pop(key, None)


class Outcomes:
    """The first outcome of a job stands: a late or repeated render changes nothing."""

    def __init__(self, connection: redis.Redis) -> None:
        self._redis = connection

    def find(self, job_id: str) -> Rendered | Failed | None:
        text = cast("bytes | None", self._redis.get(outcome_key(job_id)))
        return OUTCOME.validate_json(text) if text else None

    def store(self, outcome: Rendered | Failed) -> None:
        """Once. Raises redis.RedisError."""
        with self._redis.pipeline() as pipeline:
            pipeline.set(outcome_key(outcome.id), outcome.model_dump_json(), ex=OUTCOME_TTL_S, nx=True)
            pipeline.lpush(WAKE_KEY, outcome.id)
            pipeline.ltrim(WAKE_KEY, 0, WAKES - 1)
            pipeline.execute()

    def store_for_sure(self, outcome: Rendered | Failed, outgoing: Outgoing, beat: Callable[[], None]) -> None:
        """Painting, then outcome, as soon as Redis can take them; a render is minutes of GPU time."""
        began_s, told = time.monotonic(), False
        while True:
            beat()
            try:
                outgoing.flush()
                self.store(outcome)
            except (redis.RedisError, OSError) as error:
                if not told:
                    log.warning("%s is done and kept until it can be stored (%s)", outcome.id, type(error).__name__)
                told = True
                time.sleep(RETRY_S)
                continue
            if told:
                log.info("%s stored after %.1f s", outcome.id, time.monotonic() - began_s)
            return
