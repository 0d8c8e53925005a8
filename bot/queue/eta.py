"""Estimates how long a place in the queue takes, from the last paintings."""

from collections import deque

from bot.clock import Clock

_TYPICAL_S = 30.0
_REMEMBERED = 20
_RECENT_S = 900.0


class Eta:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seconds: deque[float] = deque(maxlen=_REMEMBERED)
        self._ends: deque[float] = deque(maxlen=_REMEMBERED)

    def ended(self, seconds: float) -> None:
        self._seconds.append(seconds)
        self._ends.append(self._clock.steady())

    def wait_s(self, place: int) -> float:
        """Seconds until the job at `place` (1 is next) is done: by one worker's pace, or by all of theirs if faster."""
        if not self._seconds:
            return place * _TYPICAL_S
        alone_s = sum(self._seconds) / len(self._seconds)
        ends = [at for at in self._ends if self._clock.steady() - at <= _RECENT_S]
        together_s = (ends[-1] - ends[0]) / (len(ends) - 1) if len(ends) > 2 else alone_s
        return place * min(alone_s, together_s)
