"""What an experiment is given, and a row of the table of settings."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import Settings

PATIENCE_S = 120.0


@dataclass(frozen=True)
class Case:
    """What an experiment is given: the settings under test, a folder, a Redis."""

    settings: Settings
    folder: Path
    redis_url: str


Experiment = Callable[[Case], object]


@dataclass(frozen=True)
class Row:
    """A setting with two values, and what an experiment sees under each; `beside` is the same in both."""

    values: tuple[Any, Any]
    seen: tuple[object, object]
    experiment: Experiment
    beside: dict[str, Any]


def row(values: tuple[Any, Any], seen: tuple[object, object], experiment: Experiment, **beside: Any) -> Row:
    return Row(values, seen, experiment, beside)


def until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
