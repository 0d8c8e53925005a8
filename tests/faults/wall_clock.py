"""The wall clock that bot and workers see, wound forward by the harness so that pauses of hours pass in seconds."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


def can_shift() -> bool:
    """Whether there is a compiler for the library that shifts the clock."""
    return shutil.which("cc") is not None


@dataclass
class WallClock:
    """A library in `folder` that processes load, and the file in which it reads by how much the clock is off."""

    folder: Path
    ahead_s: int = 0

    def environment(self) -> dict[str, str]:
        """Built, and set to the right time; what a process needs to see this clock."""
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(self._library), str(SOURCE), "-ldl"], check=True)
        self.set(0)
        return {"LD_PRELOAD": str(self._library), "SHIFT_FILE": str(self._shift)}

    def set(self, ahead_s: int) -> None:
        """So many seconds before the right time, or, below zero, behind it."""
        self.ahead_s = ahead_s
        fresh = self.folder / "next"
        fresh.write_text(str(ahead_s))
        fresh.replace(self._shift)

    def wind(self, seconds: int) -> None:
        """Further ahead."""
        self.set(self.ahead_s + seconds)

    @property
    def _library(self) -> Path:
        return self.folder / "clock.so"

    @property
    def _shift(self) -> Path:
        return self.folder / "clock"
