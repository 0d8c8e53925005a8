"""Pictures in transit: bytes in Redis under their SHA-256, with a time to live."""

import hashlib
from typing import Protocol

import redis

from worker.contract import BLOB_TTL_S


class Blobs(Protocol):
    """A store of immutable bytes, addressed by their content."""

    def put(self, data: bytes) -> str:
        """Store and return the SHA-256 in hex; putting the same bytes again renews their time to live."""

    def get(self, key: str) -> bytes | None:
        """The bytes, or None when they expired or were never there."""


class RedisBlobs:
    """Blobs in Redis. A normalised picture is under 1 MB."""

    def __init__(self, connection: redis.Redis, ttl_s: int = BLOB_TTL_S) -> None:
        self._redis = connection
        self._ttl_s = ttl_s

    def put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        self._redis.set(f"stylesmith:blob:{key}", data, ex=self._ttl_s)
        return key

    def get(self, key: str) -> bytes | None:
        data = self._redis.get(f"stylesmith:blob:{key}")
        return data if isinstance(data, bytes) else None


class DictBlobs:
    """Blobs in this process's memory, for a render that no queue is part of."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        self._bytes[key] = data
        return key

    def get(self, key: str) -> bytes | None:
        return self._bytes.get(key)
