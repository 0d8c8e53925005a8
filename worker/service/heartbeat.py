"""The heartbeat a worker writes into shared memory, and what its supervisor reads from it without asking anybody."""

import mmap
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    """What a worker is doing."""

    STARTING = 0
    IDLE = 1
    PAINTING = 2
    STORING = 3


@dataclass(frozen=True, slots=True)
class Vitals:
    """One reading. Times are seconds of time.monotonic(), which all processes of a machine share."""

    beats: int = 0
    first: int = 0
    """Beats when it began what it does now."""
    phase: Phase = Phase.STARTING
    began_s: float = 0.0
    deadline_s: float = 0.0
    stall_s: float = 0.0
    job_id: str = ""
    worker: str = ""


_BEATS = struct.Struct("=Q")
_REST = struct.Struct("=QQddd120s120s")
SIZE = _BEATS.size + _REST.size


@contextmanager
def shared() -> Iterator[int]:
    """A descriptor of memory for one worker and its supervisor; it has no name and ends with them."""
    with tempfile.TemporaryFile() as file:
        file.truncate(SIZE)
        yield file.fileno()


class Pulse:
    """One end of it. The worker alone writes, so no lock is needed; a beat is a single aligned store."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, SIZE)
        self._beats = 0
        self._worker = ""

    def reset(self) -> None:
        """As before a worker starts; the supervisor's only writing."""
        self._memory[:] = bytes(SIZE)

    def named(self, worker: str) -> None:
        """Say who lives here, for the supervisor to release what a dead one held."""
        self._worker = worker

    def beat(self) -> None:
        """Still alive: called at every iteration."""
        self._beats += 1
        _BEATS.pack_into(self._memory, 0, self._beats)

    def enter(self, phase: Phase, job_id: str = "", deadline_s: float = 0.0, stall_s: float = 0.0) -> None:
        """Begin something else."""
        worker = self._worker.encode()[:120]
        times = (time.monotonic(), deadline_s, stall_s)
        _REST.pack_into(self._memory, _BEATS.size, self._beats, phase, *times, job_id.encode(), worker)
        self.beat()

    def read(self) -> Vitals:
        """The newest vitals."""
        (beats,) = _BEATS.unpack_from(self._memory, 0)
        first, phase, *times, job_id, worker = _REST.unpack_from(self._memory, _BEATS.size)
        names = (name.rstrip(b"\0").decode(errors="replace") for name in (job_id, worker))
        return Vitals(beats, first, Phase(phase), *times, *names)
