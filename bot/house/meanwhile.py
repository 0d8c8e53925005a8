"""Drawing the house's paintings beside a bot that is listening already: in a process of its own, ended with it."""

import os
import subprocess  # only our own command is started
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.house.gallery import Wall
from bot.styles import LISTING
from worker.process.tied import module, tied


@contextmanager
def hung_meanwhile(wall: Wall) -> Iterator[None]:
    """What is missing on `wall` is drawn while the block runs; whoever needs a painting before draws it alone.

    No thread: one that is drawing when Python ends takes the whole process down with it.
    """
    if (wall.room / LISTING).is_file():
        yield
        return
    # Our settings, and so our secrets, are none of its business.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("STYLESMITH_")}
    process = subprocess.Popen(  # noqa: S603  # our own command line
        tied(module("bot.house", str(wall.folder))),
        env=plain | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()
