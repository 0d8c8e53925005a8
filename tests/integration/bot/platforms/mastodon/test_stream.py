"""The stream that wakes the poll."""

import threading
from pathlib import Path

from tests.integration.bot.platforms.mastodon.account import platform
from tests.sandboxes import Sandbox, running


def test_a_notification_wakes_the_poll_also_after_an_interruption(tmp_path: Path) -> None:
    woken = threading.Event()

    def is_woken(sandbox: Sandbox) -> bool:
        return any(woken.wait(0.2) for _ in range(100) if sandbox.you.status_post("@stylesmith hello"))

    with running(tmp_path) as first:
        port = int(first.url.rpartition(":")[2])
        stream = platform(first, reconnect_s=0.5).listen(woken.set)
        assert stream is not None
        assert is_woken(first)
    woken.clear()
    with running(tmp_path, port=port) as second:
        # A burst wakes once; the next wake comes after a pause.
        assert is_woken(second)
        stream.close()
