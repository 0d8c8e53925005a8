"""One bot, or one sandbox, a data directory: a lock that the kernel frees when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXIT_LOCKED = 75
"""EX_TEMPFAIL of sysexits.h: what a second one on the same data exits with."""


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


@contextmanager
def lock(directory: Path) -> Iterator[None]:
    """Holds `directory` until the block ends, or the process. Raises Locked."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise Locked(f"another process is using {directory}") from exc
        yield
    finally:
        os.close(file)
