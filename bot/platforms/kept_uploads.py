"""Uploads whose post was refused for now: attached when it is tried again, and not sent a second time."""

import hashlib
import threading
import time
from collections.abc import Callable

from bot.posts import Painting

KEPT_S = 20 * 3600.0
"""Mastodon and X both throw away what was attached to nothing for a day."""


class KeptUploads:
    """By the reply's key and the picture. Safe to use from several threads; forgotten with the process."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}

    def upload(self, key: str, place: int, painting: Painting, send: Callable[[Painting], str]) -> str:
        """The id of the upload of this picture at this place of a reply, sent unless it was."""
        name = key, f"{place}:{hashlib.sha256(painting.data + painting.description.encode()).hexdigest()}"
        at, identifier = self._kept.get(name, (0.0, ""))
        if identifier and self._steady() - at < KEPT_S:
            return identifier
        identifier = send(painting)
        now = self._steady()
        with self._lock:
            self._kept = {known: kept for known, kept in self._kept.items() if now - kept[0] < KEPT_S}
            self._kept[name] = now, identifier
        return identifier

    def drop(self, key: str) -> None:
        """Forgets the uploads of a reply: they are attached, or can no longer be."""
        with self._lock:
            self._kept = {name: kept for name, kept in self._kept.items() if name[0] != key}
