"""How long a painting still takes, by the pace measured while it is painted."""

from collections import deque

WINDOW_S = 15.0
"""The pace is that of this last while: small scales are slower by the pixel than large ones, and would mislead."""


class Pace:
    """Told the time and the share of the work that is done, it says how many seconds are left."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, float]] = deque()

    def remaining_s(self, now_s: float, fraction: float) -> float | None:
        """Seconds left, or None while nothing can be said. `now_s` is on any clock that only goes forward."""
        self._marks.append((now_s, fraction))
        while len(self._marks) > 2 and now_s - self._marks[1][0] > WINDOW_S:
            self._marks.popleft()
        then_s, before = self._marks[0]
        if fraction <= before or now_s <= then_s:
            return None
        return (1 - fraction) * (now_s - then_s) / (fraction - before)
