"""Being woken by a server's stream; only beside polling, because a stream forgets what happens while it is away."""

import math
import threading
import time
from collections.abc import Callable
from typing import Any

from mastodon import StreamListener

from bot.errors import PlatformError
from bot.platforms.mastodon.client import MastodonClient
from bot.ports import Stream

RECONNECT_S = 60.0
SPACING_S = 10.0
"""Of many notifications in a row only the first wakes: a look for each would use up the 300 lists in 15 minutes."""


class _Waker(StreamListener):
    """Wakes on any notification; what it says is read by the poll."""

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self._wake = wake
        self._woke_at = -math.inf

    def on_notification(self, notification: Any) -> None:
        now = time.monotonic()
        if now - self._woke_at >= SPACING_S:
            self._woke_at = now
            self._wake()

    def on_unknown_event(self, name: str, unknown_event: Any = None) -> None:
        """Events that are newer than the library; by default they would end the stream."""


class _Open:
    """Closes without waiting: the library's own close waits for the reader, that is for the server's next heartbeat."""

    def __init__(self, handle: Stream) -> None:
        self._handle = handle

    def close(self) -> None:
        threading.Thread(target=self._handle.close, daemon=True).start()


def follow(client: MastodonClient, wake: Callable[[], None], reconnect_s: float = RECONNECT_S) -> Stream | None:
    """Call `wake` from a thread of its own whenever something happens; comes back after every interruption.

    None where the server cannot be asked for its stream now; the poll goes on all the same.
    """
    try:
        with client.call("api") as api:
            handle = api.stream_user(
                _Waker(wake), run_async=True, reconnect_async=True, reconnect_async_wait_sec=reconnect_s
            )
            return _Open(handle)
    except PlatformError:
        return None
