"""Two clocks: the calendar, for people, and a steady one that never jumps, for deciding."""

import time
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """Two clocks. Whatever could post twice when an operator sets the time is measured with `steady`."""

    boot: str
    """Names the period in which `steady` values can be compared, also across processes."""

    def now(self) -> float:
        """Seconds since 1970, UTC; may jump."""

    def steady(self) -> float:
        """Seconds since this `boot` began; never jumps."""


class SystemClock:
    """The machine's clocks. Linux counts CLOCK_MONOTONIC from boot for every process; elsewhere we rely on no more."""

    def __init__(self) -> None:
        self.boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else f"process-{time.time_ns()}"

    def now(self) -> float:
        return time.time()

    def steady(self) -> float:
        return time.monotonic()
