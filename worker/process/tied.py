"""`python -m worker.process.tied PID COMMAND…` becomes COMMAND, which is killed when its parent PID dies."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def module(name: str, *arguments: str) -> list[str]:
    """Command line of one of our modules. With -P: a file of that name in the current folder is not ours."""
    return [sys.executable, "-P", "-m", name, *arguments]


def tied(command: Sequence[str]) -> list[str]:
    """Command line of `command` as a process that is killed when this one ends."""
    return module("worker.process.tied", str(os.getpid()), *command)


def die_with_parent(parent_pid: int) -> None:
    """Ask the kernel to SIGKILL this process when its parent ends, however it ends (prctl(2); Linux, else nothing).

    The signal follows the parent's *thread* that started us, so start tied processes from the main thread.
    It survives exec. A parent that died before the call is noticed by its changed pid.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    pid, *command = sys.argv[1:]
    die_with_parent(int(pid))
    os.execvp(command[0], command)  # noqa: S606  # the command comes from our own caller, no shell is involved


if __name__ == "__main__":
    main()
