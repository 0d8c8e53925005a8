"""Child processes of the demo: apart from the operator's own settings, watched, and ended with it."""

import os
import signal
import subprocess  # only our own commands are started
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from worker.process.tied import tied

GRACE_S = 8.0
_PASSED_ON = ("WEIGHTS", "BACKBONE", "DEVICE")
"""Settings of the operator that concern painting; credentials of a real account have no business here."""
_ROOT = Path(__file__).resolve().parents[3]


class Ended(Exception):
    """A process that should run does not; the message names it and shows its last lines."""


class Processes:
    """Starts and watches; at the end of its block all get SIGTERM, and SIGKILL when they do not listen."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], settings: Mapping[str, str]) -> None:
        """Runs `command`, its output in a file; where the kernel can, it dies with us."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with self._log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603  # our own command line
                tied(command),
                # Away from the operator's .env, and out of reach of the terminal's Ctrl-C, which is ours to pass on.
                cwd=self._logs,
                env=_environment() | dict(settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raises Ended when one of them does not run any more."""
        for name, process in self._running.items():
            if process.poll() is not None:
                lines = self._log(name).read_text(errors="replace").strip().splitlines()[-5:]
                said = " ".join(lines) or "it said nothing"
                raise Ended(f"the {name} ended with status {process.returncode}: {said}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._running.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def _environment() -> dict[str, str]:
    kept = {f"STYLESMITH_{name}" for name in _PASSED_ON}
    own = {name: value for name, value in os.environ.items() if not name.startswith("STYLESMITH_") or name in kept}
    if weights := own.get("STYLESMITH_WEIGHTS"):
        own["STYLESMITH_WEIGHTS"] = str(Path(weights).expanduser().resolve())
    return own | {"PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), own.get("PYTHONPATH")]))}
