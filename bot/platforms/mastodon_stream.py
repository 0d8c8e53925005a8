"""Being woken by a server's stream; only beside polling, because a stream forgets what happens while it is away."""

from collections.abc import Callable
from typing import Any, Protocol

from mastodon import StreamListener

from bot.errors import PlatformError
from bot.platforms.mastodon_line import Line

RECONNECT_S = 60.0


class Stream(Protocol):
    """An open stream."""

    def close(self) -> None:
        """End it."""


class _Waker(StreamListener):
    """Any notification is a reason to look; what it says is read by the poll."""

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self._wake = wake

    def on_notification(self, notification: Any) -> None:
        self._wake()

    def on_unknown_event(self, name: str, unknown_event: Any = None) -> None:
        """Events that are newer than the library; by default they would end the stream."""


def follow(line: Line, wake: Callable[[], None], reconnect_s: float = RECONNECT_S) -> Stream | None:
    """Call `wake` from a thread of its own whenever something happens; comes back after every interruption.

    None where the server cannot be asked for its stream now; the poll goes on all the same.
    """
    try:
        with line.call("api") as api:
            stream: Stream = api.stream_user(
                _Waker(wake), run_async=True, reconnect_async=True, reconnect_async_wait_sec=reconnect_s
            )
            return stream
    except PlatformError:
        return None
