"""What a Mastodon server says about itself, asked for once an hour, and where it says nothing not again for a while."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import Intercepted, PlatformError, Refused, Unknown
from bot.platforms.mastodon.client import MastodonClient

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
