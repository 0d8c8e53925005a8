"""Which posts of ours answer a mention on X, where replies are not searched by the post they answer."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from bot.platforms.x.client import walk
from bot.platforms.x.errors import translated
from bot.platforms.x.fields import ids_of, replied_to, some_time_before

KEPT_S: Final = 600.0
"""Then the whole timeline is read again."""
LATE_S: Final = 300.0
"""A post of ours may become visible so much later than a newer one; the bot waits for three minutes by default."""

Page = Callable[[str, str | None], dict[str, Any]]
"""One page of our own posts above an id, newest first; with the token of the one to fetch."""


class OwnReplies:
    """Safe to use from several threads. `late_s`: no post of ours becomes visible later than this.

    After a restart hundreds of mentions are looked for. The whole timeline, up to 800 posts, is read once in ten
    minutes. In between, only posts above (newest seen - KEPT_S - late_s) are read again, and none older than the
    mention, so each is judged as if everything had been read again. With late_s = 300: read whole at 12:00, newest
    post of 11:59; a post of 11:56 that became visible at 12:01 is found at 12:05, when everything after 11:44 is read.
    Read twice on one day, a post is billed once.
    """

    def __init__(self, page: Page, late_s: float = LATE_S, steady: Callable[[], float] = time.monotonic) -> None:
        self._page = page
        self._again_s = KEPT_S + max(LATE_S, late_s)
        self._steady = steady
        self._lock = threading.Lock()
        self._answered: dict[int, str] = {}
        """The mention that each post of ours answers, of all posts above `_from`."""
        self._from = 0
        self._whole_at: float | None = None

    def to(self, mention_id: str) -> list[str]:
        """Ids of our posts that answer this mention, oldest first. Raises PlatformError, and then nothing is kept."""
        with self._lock:
            self._look(int(mention_id))
            return [str(post) for post, mention in sorted(self._answered.items()) if mention == mention_id]

    def gone(self, post_id: str) -> None:
        with self._lock:
            self._answered.pop(int(post_id), None)

    def _look(self, above: int) -> None:
        now = self._steady()
        if self._whole_at is not None and now - self._whole_at < KEPT_S and self._from <= above:
            newest = max(self._answered, default=self._from)
            self._answered |= self._read(max(above, int(some_time_before(str(newest), self._again_s))))
        else:
            self._answered, self._from, self._whole_at = self._read(above), above, now

    def _read(self, above: int) -> dict[int, str]:
        found: dict[int, str] = {}
        for body in walk(lambda token: self._page(str(above), token)):
            with translated():
                known = set(ids_of(body))
                posts = [post for post in body.get("data") or () if str(post.get("id", "")) in known]
                found |= {int(post["id"]): replied_to(post) for post in posts}
        return found
