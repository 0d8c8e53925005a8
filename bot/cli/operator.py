"""What the commands share: settings and Redis or a sentence, tables whose texts are inert, JSON, and the audit line."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import redis
import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.sentences import bad_settings
from bot.errors import TransportDown
from bot.queue.rq import connect
from bot.settings import Settings
from bot.text import inert

AsJson = Annotated[bool, typer.Option("--json", help="For scripts: JSON on standard output.")]
Yes = Annotated[bool, typer.Option("--yes", help="Really do it.")]
Watch = Annotated[bool, typer.Option("--watch", help="Look again every two seconds, until Ctrl-C.")]
AnySettings = TypeVar("AnySettings", bound=BaseSettings)

EX_UNAVAILABLE = 69
"""Exit status when Redis cannot be reached, or a part is not installed (sysexits.h)."""
EX_NOPERM = 77
"""Exit status when this user may not see the bot's data (sysexits.h)."""
EX_CONFIG = 78
"""Exit status when settings cannot be used: no use in trying again before they are changed (sysexits.h)."""
WATCH_S = 2.0
_LONGEST_CELL = 200
_GAP = 2
"""Blanks between two columns."""
_FOLDED = 14
"""Columns that a long name gets at least before it goes on below."""


def settings() -> Settings:
    """The bot's settings; ends the command with one sentence when some cannot be used."""
    return checked(Settings)


def checked(kind: type[AnySettings]) -> AnySettings:
    """The same for other settings."""
    try:
        return kind()
    except (ValidationError, OSError) as error:
        give_up(bad_settings(error), EX_CONFIG)


def needs_painter() -> None:
    """Ends the command where only the bot is installed."""
    if find_spec("torch") is None or find_spec("safetensors") is None:
        give_up(
            "Painting needs PyTorch, which is not installed here: pip install 'stylesmith[worker]'.", EX_UNAVAILABLE
        )


@contextmanager
def operators_redis(chosen: Settings) -> Iterator[redis.Redis]:
    """Redis as the settings name it, else a private one beside the bot; ends the command when there is none."""
    given = chosen.redis_url.get_secret_value()
    socket = chosen.data_dir / "redis.sock"
    try:
        with connect(given or f"unix://{socket}?db=0") as connection:
            yield connection
    except (redis.RedisError, TransportDown) as error:
        why = type(error.__cause__ or error).__name__
        if given:
            give_up(f"Redis does not answer ({why}). Is STYLESMITH_REDIS_URL right, and is it running?", EX_UNAVAILABLE)
        give_up(
            f"No bot runs here: there is no private Redis in {chosen.data_dir}. Start `stylesmith bot`, or set "
            "STYLESMITH_REDIS_URL (or STYLESMITH_DATA_DIR) as the bot has it.",
            EX_UNAVAILABLE,
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows for a person or a pipe, and the same as plain data for --json. The first column is an id."""

    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    data: object
    note: str = ""


def show(listing: Listing, *, as_data: bool = False) -> None:
    """Once."""
    if as_data:
        as_json(listing.data)
        return
    table(listing.headings, listing.rows)
    if listing.note:
        say(listing.note)


def watch(look: Callable[[], Listing], *, as_data: bool = False) -> None:
    """Again and again until Ctrl-C: in place in a terminal, one below the other elsewhere."""
    console = Console()
    try:
        if as_data or not console.is_terminal:
            while True:
                show(look(), as_data=as_data)
                sys.stdout.flush()
                time.sleep(WATCH_S)
        with Live(_for_people(look(), console.width), console=console, auto_refresh=False, screen=True) as live:
            while True:
                time.sleep(WATCH_S)
                live.update(_for_people(look(), console.width), refresh=True)
    except KeyboardInterrupt:
        return


def _for_people(listing: Listing, width: int) -> Group:
    at = datetime.now().astimezone().strftime("%H:%M:%S")
    note = Text(" ".join(filter(None, [f"{len(listing.rows)} at {at}; Ctrl-C ends.", listing.note])), style="dim")
    return Group(_table(listing.headings, listing.rows, width), note)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows: to a person as a table, to a pipe as lines with tabs between the columns.

    Nothing in them is markup, nothing moves the cursor, and an id (the first column) is never broken.
    """
    console = Console()
    if console.is_terminal:
        console.print(_table(headings, rows, console.width), crop=False)
        return
    for row in (headings, *rows):
        typer.echo("\t".join(plain(cell) for cell in row))


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]], width: int) -> RenderableType:
    """A table with what is long folded; where even that is too wide, a block for each row."""
    cells = [[plain(cell) for cell in row] for row in rows]
    columns = list(zip(headings, *cells, strict=True))
    least = [_least_width(place, column) for place, column in enumerate(columns)]
    if sum(least) + _GAP * len(least) > width:
        return Group(*(_block(headings, row) for row in cells))
    shown = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        shown.add_column(heading, overflow="fold", no_wrap=place == 0, min_width=least[place])
    for row in cells:
        shown.add_row(*map(Text, row))
    return shown


def _least_width(place: int, column: Sequence[str]) -> int:
    """Of an id all of it, of other texts a word; only names longer than that are folded."""
    if place == 0:
        return max(map(len, column))
    return min(_FOLDED, max((len(word) for text in column for word in text.split()), default=0))


def _block(headings: Sequence[str], row: Sequence[str]) -> RenderableType:
    about = ", ".join(f"{heading} {cell}" for heading, cell in zip(headings[1:], row[1:], strict=True) if cell)
    return Group(Text(row[0], style="bold", no_wrap=True), Padding(Text(about), (0, 0, 0, 2)))


def facts(about: Mapping[str, object]) -> None:
    """What is known of one thing, a line each; what is empty is left out."""
    known = {name: value for name, value in about.items() if value not in (None, "", [], (), {})}
    width = max(map(len, known), default=0)
    terminal = sys.stdout.isatty()
    for name, value in known.items():
        lines = [plain(each, 2000) for each in value] if isinstance(value, list | tuple) else [plain(value, 2000)]
        for line in lines:
            typer.echo(f"{name:{width}}  {line}" if terminal else f"{name}\t{line}")


def plain(value: object, longest: int = _LONGEST_CELL) -> str:
    """A value as a person would write it, and inert: no enums, braces or quotes of Python's."""
    return inert(_words(value), longest)


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items() if each not in (None, "", [], {}))
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    return str(value)


def as_json(value: object) -> None:
    """Print JSON; every character outside ASCII is escaped, so that no terminal obeys it."""
    sys.stdout.write(json.dumps(value, indent=2, default=_json) + "\n")


def _json(value: Any) -> object:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def say(text: str) -> None:
    """One line to the person, on standard error."""
    typer.echo(inert(text, 1000), err=True)


def give_up(text: str, status: int = 1) -> NoReturn:
    """Say why and end with `status`."""
    say(text)
    raise typer.Exit(status)


def ask(what: str) -> str:
    """A line from the person; ends the command where there is none."""
    typer.echo(f"{what}: ", nl=False, err=True)
    answer = sys.stdin.readline().strip()
    if not answer:
        give_up("Nothing was typed.", 2)
    return answer


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
