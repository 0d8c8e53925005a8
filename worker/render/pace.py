"""How long a painting still takes, by what was foretold and the pace measured while it is painted."""

from collections import deque

WINDOW_S = 15.0
"""The pace is that of this last while: small scales are slower by the pixel than large ones, and would mislead."""


class Pace:
    """Told the time and the share of the work that is done, it says how many seconds are left.

    What was foretold counts for as much as there is left to do, and the pace for as much as is done: early on, a
    painting is at its small scales, whose pace says little of the large ones.
    """

    def __init__(self, foretold_s: float | None = None) -> None:
        """foretold_s: how long the whole painting was expected to take, where anybody knew."""
        self._foretold_s = foretold_s
        self._began_s: float | None = None
        self._marks: deque[tuple[float, float]] = deque()

    def remaining_s(self, now_s: float, fraction: float) -> float | None:
        """Seconds left, or None while nothing can be said. `now_s` is on any clock that only goes forward."""
        self._began_s = now_s if self._began_s is None else self._began_s
        measured_s = self._by_pace_s(now_s, fraction)
        if self._foretold_s is None:
            return measured_s
        foretold_s = max(0.0, self._foretold_s - (now_s - self._began_s))
        return foretold_s if measured_s is None else fraction * measured_s + (1 - fraction) * foretold_s

    def _by_pace_s(self, now_s: float, fraction: float) -> float | None:
        self._marks.append((now_s, fraction))
        while len(self._marks) > 2 and now_s - self._marks[1][0] > WINDOW_S:
            self._marks.popleft()
        then_s, before = self._marks[0]
        if fraction <= before or now_s <= then_s:
            return None
        return (1 - fraction) * (now_s - then_s) / (fraction - before)
