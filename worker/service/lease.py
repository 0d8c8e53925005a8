"""Lease of a job in Redis, renewed by a thread that also publishes progress and reads the cancel key."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Self

import redis

from worker.contract import LEASE_S, PROGRESS_TTL_S, Progress, cancel_key, lease_key, progress_key
from worker.service.outcomes import Outgoing

log = logging.getLogger(__name__)

RENEW_S = LEASE_S / 3
TICK_S = 1.0

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


def release(connection: redis.Redis, job_id: str, worker: str) -> None:
    """Deletes the lease if `worker` holds it. Raises redis.RedisError."""
    connection.eval(_RELEASE, 1, lease_key(job_id), worker)


class Lease:
    """Held while a job is painted. The painter's loop touches only attributes here and never waits for Redis."""

    def __init__(self, connection: redis.Redis, job_id: str, worker: str, outgoing: Outgoing) -> None:
        self._redis = connection
        self._job_id = job_id
        self._worker = worker
        self._outgoing = outgoing
        self._newest: Progress | None = None
        self._previews: list[str] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._attend, name=f"lease-{job_id}", daemon=True)
        self.also_renew: Callable[[], object] = lambda: None
        """Called with each renewal: RQ's own bookkeeping."""
        self.claimed = False
        """False when another living worker paints this job."""
        self.cancelled = False
        """True once somebody asked for the job to stop."""

    def __enter__(self) -> Self:
        """Claim and keep. Raises redis.RedisError."""
        name, key = self._worker, lease_key(self._job_id)
        self.claimed = bool(self._redis.set(key, name, px=LEASE_S * 1000, nx=True))
        if self.claimed:
            self.cancelled = bool(self._redis.exists(cancel_key(self._job_id)))
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if not self.claimed:
            return
        self._thread.join()
        try:
            release(self._redis, self._job_id, self._worker)
            self._redis.delete(cancel_key(self._job_id), progress_key(self._job_id))
            self._forget_previews(but=0)
        except (redis.RedisError, OSError) as problem:
            log.warning("the lease of %s ends by itself (%s)", self._job_id, type(problem).__name__)

    def show(self, progress: Progress) -> None:
        """Carried out within a second; only the newest counts."""
        if progress.preview:
            self._previews.append(progress.preview)
        self._newest = progress

    def _attend(self) -> None:
        renewed_s = time.monotonic()
        while not self._ended.wait(TICK_S):
            try:
                if time.monotonic() - renewed_s >= RENEW_S:
                    renewed_s = time.monotonic()
                    self._renew()
                self._carry()
            except (redis.RedisError, OSError) as problem:
                log.debug("%s: %s while renewing", self._job_id, type(problem).__name__)

    def _renew(self) -> None:
        self._redis.set(lease_key(self._job_id), self._worker, px=LEASE_S * 1000)
        self.also_renew()

    def _carry(self) -> None:
        self.cancelled = bool(self._redis.exists(cancel_key(self._job_id))) or self.cancelled
        newest, self._newest = self._newest, None
        if newest is not None:
            self._outgoing.flush()
            told = newest.model_copy(update={"worker": self._worker})
            self._redis.set(progress_key(self._job_id), told.model_dump_json(), ex=PROGRESS_TTL_S)
            self._forget_previews(but=2)  # somebody may just have read the name of the one before

    def _forget_previews(self, but: int) -> None:
        """All but the newest `but`: one a second, for a day each, would fill Redis."""
        old = self._previews[: max(0, len(self._previews) - but)]
        del self._previews[: len(old)]
        self._outgoing.forget(set(old) - set(self._previews))
