"""Client of the fork server: each decoder is a fresh, confined process, forked ahead of its picture."""

import json
import socket
import subprocess  # the one program started is our own
import sys
from dataclasses import asdict
from pathlib import Path

from bot.errors import PictureError, PictureReason
from bot.pictures.forkserver_main import END, SPAWN, STATUS
from bot.pictures.limits import Limits

_START = "import sys; sys.path.insert(0, sys.argv[1]); from bot.pictures.forkserver_main import main; main()"
_ROOM = Path(__file__).resolve().parents[2]
_FAREWELL_S = 2.0
MOST_SPAWNED = 1000
"""Children of one process share its memory layout, so a new server is started after this many, and after each decoder
that died over its picture: nobody can guess at the layout twice."""


class ForkServer:
    """A process that forks decoders, one at a time. Its methods raise PictureError with `retry` when it cannot."""

    def __init__(self, limits: Limits, python: str = sys.executable) -> None:
        self._orders, theirs = socket.socketpair()
        self._orders.settimeout(limits.wall_s)
        self.spawned = 0
        command = [python, "-I", "-B", "-c", _START, str(_ROOM), json.dumps(asdict(limits))]
        null = subprocess.DEVNULL
        try:
            self.process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=null, stderr=null, env={}, cwd="/")  # noqa: S603  # our own program, no shell
        except OSError as exc:
            self._orders.close()
            raise _not_now() from exc
        finally:
            theirs.close()

    def spawn(self) -> socket.socket:
        """Our end of a new decoder's connection, the only one that it has."""
        ours, theirs = socket.socketpair()
        self.spawned += 1
        try:
            socket.send_fds(self._orders, [SPAWN], [theirs.fileno()])
        except OSError as exc:
            ours.close()
            raise _not_now() from exc
        finally:
            theirs.close()
        return ours

    def end(self) -> int:
        """End the newest decoder, if it has not ended by itself: its exit status, or a signal's number below zero."""
        try:
            self._orders.sendall(END)
            told = self._orders.recv(STATUS.size)
        except OSError as exc:
            raise _not_now() from exc
        if len(told) < STATUS.size:
            raise _not_now()
        return int(STATUS.unpack(told)[0])

    def close(self) -> None:
        """End the process, which ends its decoder first."""
        self._orders.close()
        try:
            self.process.wait(_FAREWELL_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _not_now() -> PictureError:
    return PictureError(PictureReason.TOO_SLOW, retry=True)
