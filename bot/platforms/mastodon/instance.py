"""What a Mastodon server says about itself, its limits among it: asked for once an hour, or not again for a while."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.errors import Intercepted, PlatformError, Refused, Unknown
from bot.platforms.mastodon.client import MastodonClient
from bot.posts import Limits

log = logging.getLogger(__name__)

_KEPT_S = 3600.0
_PAUSE_S = 300.0


class Instance:
    """/api/v2/instance, or v1 where that does not exist (older Pleroma). Safe to use from several threads."""

    def __init__(self, client: MastodonClient, steady: Callable[[], float] = time.monotonic) -> None:
        self.client = client
        self._steady = steady
        self._said: Mapping[str, Any] = {}
        self._until = float("-inf")
        self._warned = False
        self._lock = threading.Lock()

    def said(self) -> Mapping[str, Any]:
        """The newest that is known; nothing at all while the server does not say."""
        with self._lock:
            if self._until <= self._steady():
                self._learn()
            return self._said

    def is_takahe(self) -> bool:
        """Takahe 0.11 lists attachments in no order (`Post.attachments.all()`), and its 404 is a page of HTML."""
        return str(self.said().get("version") or "").lower().startswith("takahe")

    def _learn(self) -> None:
        try:
            self._said, kept_s = asked(self.client), _KEPT_S
        except PlatformError as error:
            kept_s = _PAUSE_S
            (log.debug if self._warned else log.warning)(
                "the server does not say what it takes; Mastodon's own limits are assumed", extra={"why": str(error)}
            )
        self._warned = kept_s == _PAUSE_S
        self._until = self._steady() + kept_s


def asked(client: MastodonClient) -> Mapping[str, Any]:
    """Asked for now, without the slash that Mastodon.py ends these two paths in (Takahe: 404). Raises PlatformError."""
    try:
        said = client.read("api", "/api/v2/instance")
    except (Refused, Intercepted):
        said = client.read("api", "/api/v1/instance")
    if not isinstance(said, Mapping):
        raise Unknown("an instance in a strange shape")
    return said


DEFAULT = Limits(text_length=500, description_length=1500, paintings=4, image_bytes=16 * 1024 * 1024)
"""Mastodon's own (docs.joinmastodon.org/user/posting, /methods/instance)."""


def limits_of(said: Mapping[str, Any]) -> Limits:
    """From /api/v2/instance or v1, which agree on these; what is not said is DEFAULT."""
    configuration = said.get("configuration") or {}
    statuses = configuration.get("statuses") or {}
    media = configuration.get("media_attachments") or {}
    told = {
        # Pleroma and Akkoma say these two at the top level.
        "text_length": statuses.get("max_characters") or said.get("max_toot_chars"),
        "description_length": media.get("description_limit") or said.get("description_limit"),
        "paintings": statuses.get("max_media_attachments"),
        "image_bytes": media.get("image_size_limit"),
    }
    usable: dict[str, Any] = {name: value for name, value in told.items() if isinstance(value, int) and value > 0}
    return replace(DEFAULT, **usable, video=_takes_video(media))


def _takes_video(media: Mapping[str, Any]) -> bool:
    """Where the server does not say, it does."""
    types = media.get("supported_mime_types")
    listed = not isinstance(types, list) or not types or "video/mp4" in types
    return listed and media.get("video_size_limit") != 0
