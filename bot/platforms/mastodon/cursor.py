"""Where notifications are read from: behind the newest, because servers commit them out of order."""

import math
import time
from collections import deque
from collections.abc import Callable

from bot.platforms.mastodon.entities import order

LATE_S = 60.0
"""A notification that appears so much later than a newer one is still read."""
DEEP_EVERY_S = 60.0
DEEP_LOOKS = 2
"""So many have to come too late for a notification before it is lost: a server's hiccup may spoil one of them."""
FORGET_S = 600.0


class LaggingCursor:
    """Turns the newest id that was seen into a cursor that lags behind it, and says where each reading begins.

    Ids are a sequence of the database: a notification with a smaller id may appear some seconds after one with a
    larger, because its transaction ended later. So everything above the cursor is read again once a minute, in a deep
    look, and the last `overlap` numbers at every look. The cursor stays at what had been seen LATE_S before the last
    two deep looks that came as far as the newest, and `overlap` numbers behind the newest for ten minutes. It never
    goes back, so the start of the first run holds.
    """

    def __init__(self, overlap: int, steady: Callable[[], float] = time.monotonic) -> None:
        self._overlap = overlap
        self._steady = steady
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forgets every id: the server counts from the beginning."""
        self._seen: deque[tuple[float, str]] = deque()
        self._deep_at = -math.inf
        self._deep: deque[float] = deque([-math.inf] * DEEP_LOOKS, DEEP_LOOKS)
        self._looking: tuple[float, str] | None = None

    @property
    def is_deep(self) -> bool:
        """Whether the look begun last is a deep one."""
        return self._looking is not None

    @property
    def newest(self) -> str:
        """The largest id seen since this process began."""
        return self._seen[-1][1] if self._seen else ""

    def start(self, cursor: str) -> str:
        """Where to begin to read: once a minute at the cursor, else a little behind the newest."""
        now = self._steady()
        self._looking = None
        if now - self._deep_at >= DEEP_EVERY_S:
            self._deep_at = now
            self._looking = now, self.newest
            return cursor
        quiet = self._seen and now - self._seen[-1][0] > DEEP_EVERY_S
        return max(cursor, self.newest if quiet else self._numbers_behind(self.newest), key=order)

    def ended(self, position: str) -> None:
        """A look came as far as `position`. A deep look that misses known ids does not count."""
        if self._looking and order(position) >= order(self._looking[1]):
            self._deep.append(self._looking[0])
        self._looking = None

    def cursor(self, cursor: str, newest: str) -> str:
        """The cursor after `newest` was seen; never older than `cursor`."""
        now = self._steady()
        if order(newest) > order(self.newest):
            self._seen.append((now, newest))
        while len(self._seen) > 1 and self._seen[1][0] <= now - FORGET_S:
            self._seen.popleft()
        settled = self._seen_by(self._deep[0] - LATE_S)
        behind = min(settled, self._numbers_behind(self.newest), key=order)
        return max(cursor, behind, self._seen_by(self._deep[0] - FORGET_S), key=order)

    def _numbers_behind(self, newest: str) -> str:
        """`overlap` numbers before an id; the id itself where ids are no numbers."""
        return str(max(0, int(newest) - self._overlap)) if newest.isdecimal() else newest

    def _seen_by(self, moment: float) -> str:
        """The largest id that had been seen at `moment`."""
        return next((identifier for at, identifier in reversed(self._seen) if at <= moment), "")
