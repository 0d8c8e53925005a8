"""Supervisor of the painting process: starts it, kills it when its heartbeat stops, starts it again."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import FrameType

from worker.process.limits import disable_core_dumps, ignore_stop_signals
from worker.process.tied import tied
from worker.service.heartbeat import Heartbeat, Phase, Reading, shared

log = logging.getLogger(__name__)

TICK_S = 0.2
LATE_S = 10.0
"""Seconds past its deadline after which a render is killed."""
FIRST_S = 120.0
"""Seconds for the first iteration: a network may have to be loaded first."""
LOADING_S = 1800.0
"""Seconds for a start: weights may have to be downloaded."""
QUIET_S = 120.0
"""Seconds without a beat while idle or storing, where each turn takes a second."""
LONG_ENOUGH_S = 60.0
MAX_PAUSE_S = 10.0
_FIRST_BEATS = 2


class Verdict(StrEnum):
    """Why a worker process has to be killed."""

    STALLED = "stalled"
    OVERRAN = "overran"


@dataclass(slots=True)
class Watch:
    """Judges one process by its heartbeat, at times that the caller gives."""

    beats: int = -1
    since_s: float = 0.0

    def judge(self, reading: Reading, now_s: float) -> Verdict | None:
        if reading.beats != self.beats:
            self.beats, self.since_s = reading.beats, now_s
        if now_s - self.since_s > self._patience_s(reading):
            return Verdict.STALLED
        painting = reading.phase is Phase.PAINTING and reading.deadline_s > 0
        return Verdict.OVERRAN if painting and now_s > reading.began_s + reading.deadline_s + LATE_S else None

    def _patience_s(self, reading: Reading) -> float:
        if reading.phase is Phase.STARTING:
            return LOADING_S
        if reading.phase is not Phase.PAINTING:
            return QUIET_S
        return max(reading.stall_s, FIRST_S) if reading.beats - reading.first <= _FIRST_BEATS else reading.stall_s


@dataclass(frozen=True, slots=True)
class Death:
    status: int
    reading: Reading
    verdict: Verdict | None


class Supervisor:
    """Runs one painting process at a time until it is told to end.

    command: the program; `--pulse FD --starts N` are added. on_death: called after each, to release its job.
    """

    def __init__(self, command: Sequence[str], grace_s: float, on_death: Callable[[Death], None]) -> None:
        self._command = tuple(command)
        self._grace_s = grace_s
        self._on_death = on_death
        self._ending_s: float | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Until SIGTERM or SIGINT, or until the process ends with EX_CONFIG, which starting it again does not mend.

        Returns an exit status when the process has ended, ignoring both signals from then on.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        disable_core_dumps()
        starts, pause_s, status = 0, 0.0, 0
        with shared() as descriptor:
            heartbeat = Heartbeat(descriptor)
            while self._ending_s is None and status != os.EX_CONFIG:
                began_s = time.monotonic()
                death = self._one_life(heartbeat, descriptor, starts)
                self._on_death(death)
                status = death.status
                starts += 1
                healthy = (death.verdict is None and death.status == 0) or time.monotonic() - began_s > LONG_ENOUGH_S
                pause_s = 0.0 if healthy else min(MAX_PAUSE_S, max(0.5, pause_s * 2))
                self._rest(pause_s)
        ignore_stop_signals()
        return os.EX_CONFIG if status == os.EX_CONFIG else 0

    def _one_life(self, heartbeat: Heartbeat, descriptor: int, starts: int) -> Death:
        heartbeat.reset()
        command = tied(self._command)
        self._child = child = subprocess.Popen(  # noqa: S603  # our own command line
            [*command, "--pulse", str(descriptor), "--starts", str(starts)],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._ending_s is not None:
            # Asked while it was being started, when there was nobody to pass the request on to.
            child.terminate()
        watch, verdict = Watch(), None
        while child.poll() is None:
            now_s = time.monotonic()
            verdict = verdict or watch.judge(heartbeat.read(), now_s) or self._out_of_grace(now_s)
            if verdict is not None:
                child.kill()
            time.sleep(TICK_S)
        reading = heartbeat.read()
        doing = f" while {reading.phase.name.lower()} {reading.job_id}".rstrip()
        log.info("worker process ended with %s%s%s", child.returncode, doing, f" ({verdict})" if verdict else "")
        return Death(child.returncode, reading, verdict)

    def _out_of_grace(self, now_s: float) -> Verdict | None:
        late = self._ending_s is not None and now_s > self._ending_s + self._grace_s + LATE_S
        return Verdict.STALLED if late else None

    def _end(self, signum: int, frame: FrameType | None) -> None:
        """Pass the signal on, as often as it comes: the process counts only the first."""
        self._ending_s = self._ending_s or time.monotonic()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()

    def _rest(self, pause_s: float) -> None:
        until_s = time.monotonic() + pause_s
        while self._ending_s is None and time.monotonic() < until_s:
            time.sleep(TICK_S)
