"""Uploads whose post was refused for now: attached when it is tried again, and not sent a second time."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Sequence

from bot.errors import Intercepted, NotTaken, PictureRefused, PlatformError, Refused, Unknown, is_shared
from bot.posts import Painting, Reply

KEPT_S = 20 * 3600.0
"""Mastodon and X both throw away what was attached to nothing for a day."""
log = logging.getLogger(__name__)


class KeptUploads:
    """By the reply's key and the picture. Safe to use from several threads; forgotten with the process."""

    def __init__(self, upload: Callable[[Painting], str], steady: Callable[[], float] = time.monotonic) -> None:
        self._upload = upload
        self._steady = steady
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}

    def post(self, reply: Reply, send: Callable[[Reply, Sequence[str]], str]) -> str:
        """What `send` returns, given the reply and the ids of its uploads. Raises PlatformError."""
        media = [self._uploaded(reply.key, place, painting) for place, painting in enumerate(reply.paintings)]
        try:
            post_id = send(reply, media)
        except PlatformError as error:
            if is_shared(error) or isinstance(error, NotTaken):  # for now
                log.info("not posted", extra={"mention": reply.to, "why": str(error), "uploads_kept": len(media)})
            else:
                self._drop(reply.key)
            raise
        self._drop(reply.key)
        return post_id

    def _uploaded(self, key: str, place: int, painting: Painting) -> str:
        name = key, f"{place}:{hashlib.sha256(painting.data + painting.description.encode()).hexdigest()}"
        at, identifier = self._kept.get(name, (0.0, ""))
        if identifier and self._steady() - at < KEPT_S:
            return identifier
        identifier = self._sent(painting)
        now = self._steady()
        with self._lock:
            self._kept = {known: kept for known, kept in self._kept.items() if now - kept[0] < KEPT_S}
            self._kept[name] = now, identifier
        return identifier

    def _sent(self, painting: Painting) -> str:
        """The id of a new upload. Nothing is posted by it, so that doubt means NotTaken."""
        try:
            return self._upload(painting)
        except Unknown as unknown:
            raise NotTaken(f"a picture could not be uploaded: {unknown}") from unknown
        except Intercepted as page:
            if page.status == 413:  # a proxy's own limit: the same picture never gets through
                raise PictureRefused(413, "too large for what is in front of the server") from page
            raise
        except Refused as refusal:
            raise PictureRefused(refusal.status, str(refusal)) from refusal

    def _drop(self, key: str) -> None:
        """Forgets the uploads of a reply: they are attached, or can no longer be."""
        with self._lock:
            self._kept = {name: kept for name, kept in self._kept.items() if name[0] != key}
