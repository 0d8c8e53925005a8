"""Pictures in transit: bytes under their SHA-256, with a time to live, in Redis or wherever an fsspec URL leads."""

import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

import redis

from worker.contract import BLOB_TTL_S

Found = TypeVar("Found")
KEY = re.compile(r"[0-9a-f]{64}")


class Blobs(Protocol):
    """A store of immutable bytes, addressed by their content. Raises redis.RedisError or OSError when it is away."""

    def put(self, data: bytes) -> str:
        """Store and return the SHA-256 in hex; putting the same bytes again renews their time to live."""

    def get(self, key: str) -> bytes | None:
        """The bytes, or None when they expired or were never there."""


class Transit(Blobs, Protocol):
    """Blobs between machines, which somebody has to clear away."""

    def forget(self, keys: Iterable[str]) -> None:
        """Remove these now."""

    def sweep(self) -> None:
        """Remove what has had its time, where that does not go by itself."""


class RedisBlobs:
    """Blobs in Redis. A normalised picture is under 1 MB."""

    def __init__(self, connection: redis.Redis, ttl_s: int = BLOB_TTL_S) -> None:
        self._redis = connection
        self._ttl_s = ttl_s

    def put(self, data: bytes) -> str:
        key = key_of(data)
        self._redis.set(f"stylesmith:blob:{key}", data, ex=self._ttl_s)
        return key

    def get(self, key: str) -> bytes | None:
        data = self._redis.get(f"stylesmith:blob:{key}")
        return data if isinstance(data, bytes) else None

    def forget(self, keys: Iterable[str]) -> None:
        if names := [f"stylesmith:blob:{key}" for key in keys]:
            self._redis.unlink(*names)

    def sweep(self) -> None:
        """Nothing: Redis keeps their time to live."""


class UrlBlobs:
    """Blobs as files below an fsspec URL: `file:///…`, `s3://bucket/…`, `memory://…`.

    A file that is not whole reads as missing, because what it holds is not what it is called; so no store needs to
    know how to rename.
    """

    def __init__(self, url: str, ttl_s: float = BLOB_TTL_S) -> None:
        from fsspec.core import url_to_fs  # noqa: PLC0415  # not needed where pictures travel through Redis

        self._ttl_s = ttl_s
        self._files, root = url_to_fs(url)  # type: ignore[no-untyped-call]  # fsspec leaves it untyped
        self._root = str(root).rstrip("/")
        _reached(partial(self._files.makedirs, self._root, exist_ok=True))

    def put(self, data: bytes) -> str:
        key = key_of(data)
        _reached(partial(self._files.pipe_file, self._path(key), data))
        return key

    def get(self, key: str) -> bytes | None:
        if not KEY.fullmatch(key):
            return None
        try:
            data = _reached(partial(self._files.cat_file, self._path(key)))
        except FileNotFoundError:
            return None
        return data if isinstance(data, bytes) and key_of(data) == key else None

    def forget(self, keys: Iterable[str]) -> None:
        for key in filter(KEY.fullmatch, keys):
            with suppress(FileNotFoundError):
                _reached(partial(self._files.rm_file, self._path(key)))

    def sweep(self) -> None:
        """By when they were written; only files with names of ours."""
        # A store may have listed what was there a while ago.
        _reached(partial(self._files.invalidate_cache, self._root))
        oldest = datetime.now(UTC) - timedelta(seconds=self._ttl_s)
        names = [str(path).rsplit("/", 1)[-1] for path in _reached(partial(self._files.ls, self._root, detail=False))]
        for key in filter(KEY.fullmatch, names):
            with suppress(FileNotFoundError):
                written = _reached(partial(self._files.modified, self._path(key)))
                if (written if written.tzinfo else written.replace(tzinfo=UTC)) < oldest:
                    self.forget([key])

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


class DictBlobs:
    """Blobs in this process's memory, for a render that no queue is part of."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        key = key_of(data)
        self._bytes[key] = data
        return key

    def get(self, key: str) -> bytes | None:
        return self._bytes.get(key)


def blobs_at(url: str, connection: redis.Redis) -> Transit:
    """Where pictures travel: below `url`, or through Redis when it is empty.

    Raises ValueError or ImportError for an address that means nothing here, OSError for a store that is away.
    """
    return UrlBlobs(url) if url else RedisBlobs(connection)


def key_of(data: bytes) -> str:
    """The SHA-256 of a picture, which is what it is called."""
    return hashlib.sha256(data).hexdigest()


def _reached(ask: Callable[[], Found]) -> Found:
    """What the store says; an error that is no OSError (each kind of store has its own) becomes one."""
    try:
        return ask()
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"the store of pictures: {type(error).__name__}") from error
