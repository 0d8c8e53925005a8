"""`python -m tests.faults.growth --mentions 100000`: how the ledger grows, and whether its steps stay as quick.

The real ledger on a real disk, mentions in pages of 80 as a poll brings them, ten from each person, all still open. It
prints bytes a mention and the medians of a page, of asking what is due, of a move, of the counts for the metrics and of
the newest for an operator, at each power of ten.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bot.clock import SystemClock
from bot.ledger import Ledger, State
from bot.posts import Author, Mention
from tests.fakes.mentions import mention

PAGE = 80
LOOK = 20
"""Pages between two looks at what is due."""


class Stopwatch:
    """Milliseconds of each thing that was done since the last reading."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.taken.setdefault(what, []).append(1000 * (time.perf_counter() - began))

    def read(self) -> str:
        """Medians, and a fresh start."""
        shown = ", ".join(f"{what} {median(each):.1f} ms" for what, each in self.taken.items())
        self.taken.clear()
        return shown


def asked(number: int) -> Mention:
    name = f"p{number // 10}"
    return mention(number, Author(name, f"{name}@home.example", "home.example"), "please")


def grow(folder: Path, mentions: int) -> None:
    """A line at each power of ten from a thousand on, and at the end."""
    ledger, watch, mark = Ledger(folder, SystemClock()), Stopwatch(), 1000
    for first in range(0, mentions, PAGE):
        page = [asked(number) for number in range(first, min(first + PAGE, mentions))]
        done = first + len(page)
        with watch("page"):
            ledger.record("fake", page, page[-1].id)
        if first % (LOOK * PAGE) == 0:
            with watch("due"):
                (row,) = ledger.due(State.NEW, limit=1)
            with watch("move"):
                ledger.move(row, State.IGNORED, "old")
            with watch("counts"):
                ledger.counts()
                ledger.unreadable()
            with watch("newest 50"):
                ledger.recent()
        if done >= min(mark, mentions):
            mark *= 10
            size = sum(file.stat().st_size for file in folder.glob("ledger.sqlite*"))
            sys.stdout.write(f"{done:>9,}: {size / 1e6:7.1f} MB, {size / done:5.0f} bytes each; {watch.read()}\n")
            sys.stdout.flush()
    ledger.close()


def main() -> None:
    """Read the arguments, and grow a ledger that is thrown away."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.growth", description="How the ledger grows.")
    parser.add_argument("--mentions", type=int, default=100_000)
    folder = Path(tempfile.mkdtemp())
    try:
        grow(folder, parser.parse_args().mentions)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
