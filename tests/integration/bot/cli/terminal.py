"""A command as a person sees it: in a terminal of so many columns, or at the end of a pipe."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

STYLESMITH = str(Path(sys.executable).with_name("stylesmith"))
LIMIT_S = 120.0
HEARS_CTRL_C = ("env", "--default-signal=INT")
"""A shell starts what runs in the background, such as all of these tests, with SIGINT ignored."""


def environment(settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STYLESMITH_", "COLUMNS"))}
    return kept | {"TERM": "xterm-256color", "PYTHONUNBUFFERED": "1"} | settings


def piped(folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What a script gets."""
    return subprocess.run(
        [STYLESMITH, *words],
        cwd=folder,
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def seen(folder: Path, columns: int, *words: str, until: str = "", **settings: str) -> tuple[int, str]:
    """Status and text, without colours. With `until`, Ctrl-C is pressed as soon as that has been shown."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [*HEARS_CTRL_C, STYLESMITH, *words],
        cwd=folder,
        env=environment(settings),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = _read(ours, process, until)
    os.close(ours)
    return process.wait(), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said).replace("\r", "")


def _read(terminal: int, process: "subprocess.Popen[bytes]", until: str) -> str:
    said, pressed, deadline = b"", False, time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
        if until and not pressed and until in said.decode(errors="replace"):
            process.send_signal(signal.SIGINT)
            pressed = True
    else:
        process.kill()
    return said.decode(errors="replace")
