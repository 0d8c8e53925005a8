"""What the admin commands share: the operator's Redis, tables whose texts are inert, JSON, and the audit line."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import redis
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import TransportDown
from bot.queue.rq import connect
from bot.settings import Settings
from bot.text import inert

AsJson = Annotated[bool, typer.Option("--json", help="For scripts: JSON on standard output.")]
Yes = Annotated[bool, typer.Option("--yes", help="Really do it.")]

EX_UNAVAILABLE = 69
"""Exit status when Redis cannot be reached (sysexits.h)."""
EX_NOPERM = 77
"""Exit status when this user may not see the bot's data (sysexits.h)."""


_UNFOLDED = 10_000
"""Columns of a line in a pipe."""


@contextmanager
def operators_redis(settings: Settings) -> Iterator[redis.Redis]:
    """Redis as the settings name it, else a private one beside the bot; ends the command when there is none."""
    url = settings.redis_url.get_secret_value() or f"unix://{settings.data_dir / 'redis.sock'}?db=0"
    try:
        with connect(url) as connection:
            yield connection
    except (redis.RedisError, TransportDown) as error:
        why = type(error.__cause__ or error).__name__
        give_up(f"Redis does not answer ({why}). Is STYLESMITH_REDIS_URL right, and is it running?", EX_UNAVAILABLE)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows to a person. Nothing in them is markup, and nothing moves the cursor.

    The first column, an id, stays on one line, and in a pipe so does everything.
    """
    shown = Table(box=box.SIMPLE_HEAD)
    for number, heading in enumerate(headings):
        shown.add_column(heading, overflow="fold", no_wrap=number == 0)
    for row in rows:
        shown.add_row(*(Text("" if cell is None else inert(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = _UNFOLDED
    console.print(shown)


def as_json(value: object) -> None:
    """Print JSON; every character outside ASCII is escaped, so that no terminal obeys it."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def say(text: str) -> None:
    """One line to the person, on standard error."""
    typer.echo(inert(text, 500), err=True)


def give_up(text: str, status: int = 1) -> NoReturn:
    """Say why and end with `status`."""
    say(text)
    raise typer.Exit(status)


def insist(yes: bool, deed: str) -> None:
    """Destructive verbs do nothing without --yes."""
    if not yes:
        give_up(f"This would {deed}. Add --yes to do it.", 2)


def audit(data_dir: Path, verb: str, *what: str) -> None:
    """Append who did what and when to audit.log in the data directory."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "uid": os.getuid(), "verb": verb, "what": what}
    descriptor = os.open(data_dir / "audit.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def ago(when: datetime | None) -> str:
    """`12 s`, `5 min`, `3 h` since an aware time, or nothing."""
    if when is None:
        return ""
    seconds = max(0, int((datetime.now(UTC) - when).total_seconds()))
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
