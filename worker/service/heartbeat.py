"""Heartbeat of a worker in shared memory, read by its supervisor."""

import mmap
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    STARTING = 0
    IDLE = 1
    PAINTING = 2
    STORING = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the heartbeat. Times are seconds of time.monotonic(), which all processes of a machine share."""

    beats: int = 0
    first: int = 0
    """Value of `beats` when the current phase began."""
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
    """Descriptor of anonymous shared memory for one worker and its supervisor."""
    with tempfile.TemporaryFile() as file:
        file.truncate(SIZE)
        yield file.fileno()


class Heartbeat:
    """Writer in the worker, reader in the supervisor. One writer and single aligned stores need no lock."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, SIZE)
        self._beats = 0
        self._worker = ""

    def reset(self) -> None:
        """All zeros; called by the supervisor before a worker starts."""
        self._memory[:] = bytes(SIZE)

    def named(self, worker: str) -> None:
        """Sets the name of the worker, by which its lease is released after its death."""
        self._worker = worker

    def beat(self) -> None:
        self._beats += 1
        _BEATS.pack_into(self._memory, 0, self._beats)

    def enter(self, phase: Phase, job_id: str = "", deadline_s: float = 0.0, stall_s: float = 0.0) -> None:
        """Starts a phase, with the job's deadline and the longest time between two beats."""
        worker = self._worker.encode()[:120]
        times = (time.monotonic(), deadline_s, stall_s)
        _REST.pack_into(self._memory, _BEATS.size, self._beats, phase, *times, job_id.encode(), worker)
        self.beat()

    def read(self) -> Reading:
        (beats,) = _BEATS.unpack_from(self._memory, 0)
        first, phase, *times, job_id, worker = _REST.unpack_from(self._memory, _BEATS.size)
        names = (name.rstrip(b"\0").decode(errors="replace") for name in (job_id, worker))
        return Reading(beats, first, Phase(phase), *times, *names)
