"""Time until a queued painting is done, from the progress of those that are being painted."""

from collections import OrderedDict
from collections.abc import Sequence

from worker.contract import Progress

_TYPICAL_S = 30.0
_REMEMBERED = 20
_TELLING = 0.05
"""Share of a painting from which the worker's forecast says something about the whole."""


class Forecast:
    """Remembers how long the last paintings take as a whole."""

    def __init__(self) -> None:
        self._whole_s: OrderedDict[str, float] = OrderedDict()

    def see(self, progress: Progress) -> None:
        """Takes in the progress of a painting."""
        if progress.remaining_s is None or not _TELLING <= progress.fraction < 1:
            return
        self._whole_s[progress.id] = progress.remaining_s / (1 - progress.fraction)
        while len(self._whole_s) > _REMEMBERED:
            self._whole_s.popitem(last=False)

    def left_s(self, place: int, running: Sequence[Progress], workers: int) -> float:
        """Seconds until the job at `place` (1 is next) is painted, when `running` is being painted by `workers`."""
        whole_s = sum(self._whole_s.values()) / len(self._whole_s) if self._whole_s else _TYPICAL_S
        begun_s = sum(whole_s if at.remaining_s is None else at.remaining_s for at in running)
        others_s = (begun_s + (place - 1) * whole_s) / max(1, workers)
        return others_s + whole_s
