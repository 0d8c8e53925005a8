"""How a painting's progress is shown: a bar for each photo in a terminal, a line now and then elsewhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.text import Text

from bot.cli.output import say
from bot.cli.sentences import duration
from bot.text import printable

LINE_EVERY = 0.25
"""Share of a painting between two lines where there is no terminal."""


class _Bars:
    def __init__(self, progress: Progress, names: Sequence[str]) -> None:
        self._progress = progress
        self._bars: list[TaskID] = [progress.add_task(_plain(name), total=1.0, stage="") for name in names]

    def show(self, photo: int, stage: str, fraction: float, remaining_s: float | None) -> None:
        left = "" if remaining_s is None else f"{stage}, {duration(remaining_s)} left"
        self._progress.update(self._bars[photo], completed=fraction, stage=left or stage)

    def close(self, photo: int, sentence: str, *, good: bool) -> None:
        self._progress.update(self._bars[photo], completed=1.0 if good else None, stage="" if good else "not painted")
        self._progress.console.print(Text(printable(sentence, 1000)), soft_wrap=True)


class _Lines:
    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._said: dict[int, tuple[str, float]] = {}

    def show(self, photo: int, stage: str, fraction: float, remaining_s: float | None) -> None:
        said_stage, said_fraction = self._said.get(photo, ("", -1.0))
        if stage != said_stage or fraction - said_fraction >= LINE_EVERY:
            self._said[photo] = (stage, fraction)
            left = "" if remaining_s is None else f", about {duration(remaining_s)} to go"
            say(f"{self._names[photo]}: {stage}, {fraction:.0%}{left}")

    def close(self, photo: int, sentence: str, *, good: bool) -> None:
        say(sentence)


Screen = _Bars | _Lines
"""Told how each photo gets on; photos are known by their place."""


@contextmanager
def screen(names: Sequence[str], console: Console | None = None) -> Iterator[Screen]:
    """Bars where standard error is a terminal, lines where not."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(names)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[stage]}"))
    with Progress(*columns, console=console) as progress:
        yield _Bars(progress, names)


def _plain(name: str) -> str:
    return printable(name, 40).replace("[", r"\[")
