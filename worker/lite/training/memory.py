"""What the teachers see in a canvas's photo and style, which stay the same for as long as it is painted."""

from dataclasses import dataclass

import torch
from torch import Tensor

from worker.lite.training import losses
from worker.lite.training.canvases import Batch
from worker.lite.training.losses import Taps
from worker.lite.training.teachers import Teachers


@dataclass(frozen=True, slots=True)
class Known:
    """Of each photo its content taps, of each style its Gram matrices and the `sparse` features of its style taps."""

    style: Taps
    grams: Taps
    content: Taps


@torch.no_grad()
def known(teachers: Teachers, photo: Tensor, style: Tensor) -> Known:
    """Ask the teachers. photo and style: RGB, Bx3xExE, in [0, 1]."""
    told = teachers.style(style.to(teachers.device))
    return Known(losses.sparse(told), losses.grams(told), teachers.content(photo.to(teachers.device)))


class Memory:
    """Asks about a canvas once, when it is begun; a third of a step's arithmetic is saved.

    Each is asked about alone, so that its answer does not depend on who was in the batch, nor on where a run resumed.
    """

    def __init__(self, teachers: Teachers) -> None:
        self._teachers = teachers
        self._known: dict[int, tuple[int, Known]] = {}

    def of(self, batch: Batch) -> Known:
        every = [self._one(batch, n) for n in range(len(batch.index))]
        return Known(*(_stacked([getattr(one, part) for one in every]) for part in Known.__slots__))

    def _one(self, batch: Batch, n: int) -> Known:
        slot, born = int(batch.index[n]), int(batch.born[n])
        if slot not in self._known or self._known[slot][0] != born:
            told = known(self._teachers, batch.photo[n : n + 1], batch.style[n : n + 1])
            self._known[slot] = born, _compact(told, self._teachers.dtype)
        return self._known[slot][1]


def _compact(told: Known, dtype: torch.dtype) -> Known:
    """Features as the teachers computed them; Gram matrices stay float32."""
    style, content = ({tap: f.to(dtype) for tap, f in taps.items()} for taps in (told.style, told.content))
    return Known(style, told.grams, content)


def _stacked(taps: list[Taps]) -> Taps:
    return {tap: torch.cat([one[tap] for one in taps]).float() for tap in taps[0]}
