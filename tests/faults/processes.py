"""Programs that are killed, stopped and started again, as an operator's machine does to them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil


@dataclass
class ManagedProcess:
    """One program, tied to this process. `restart_s` is how long its service manager waits."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    restart_s: float = 0.3
    files: int = 0
    """How many it may open; 0 leaves the limit as it is."""
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    down_since: float = field(default=0.0)

    def start(self, **more: str) -> None:
        """Start it; `more` goes into its environment for this life only."""
        limited = ["prlimit", f"--nofile={self.files}"] if self.files else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*limited, sys.executable, "-m", "worker.process.tied", str(os.getpid()), *self.command],
                env=self.full_environment() | more,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self.starts += 1

    def full_environment(self) -> dict[str, str]:
        """As it sees it."""
        return os.environ | self.environment

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def mind(self) -> None:
        """Start it again when it has been down for long enough."""
        if self.alive():
            self.down_since = 0.0
        elif not self.down_since:
            self.down_since = time.monotonic()
        elif time.monotonic() - self.down_since >= self.restart_s:
            self.start()

    def kill(self) -> None:
        """SIGKILL, as a machine that loses power does."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def tree(self) -> list[psutil.Process]:
        """It and everything it started."""
        if self.process is None or not self.alive():
            return []
        try:
            me = psutil.Process(self.process.pid)
            return [me, *me.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def rss_bytes(self) -> int:
        """Memory of the main process alone."""
        try:
            return int(self.tree()[0].memory_info().rss) if self.alive() else 0
        except (psutil.Error, IndexError):
            return 0

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.alive():
            self.process.send_signal(number)
