"""One bot a data directory: a lock that the kernel frees when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

EXIT_LOCKED = 75
"""EX_TEMPFAIL of sysexits.h: what a second bot on the same data exits with."""


class Locked(Exception):
    """Another process holds this directory."""


def is_held(directory: Path) -> bool:
    """Whether a bot is running on `directory`. Changes nothing, and makes nothing that is not there."""
    try:
        file = os.open(directory / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Shared, and for no longer than this: two who look at once do not disturb each other.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


class DirectoryLock:
    """Holds `directory` from `with` to its end, or to the end of the process."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "lock"
        self._file: int | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            os.close(file)
            raise Locked(f"another bot is using {self._path.parent}") from exc
        self._file = file
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
