"""Lists: a table in a terminal, tabs in a pipe, JSON for scripts; control characters in cells are escaped."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.output import as_json, say
from bot.text import printable

Watch = Annotated[bool, typer.Option("--watch", help="Look again every two seconds, until Ctrl-C.")]

WATCH_S = 2.0
_LONGEST_CELL = 200
_LONGEST_FACT = 2000
_GAP = 2
"""Blanks between two columns."""
_FOLDED = 14
"""Columns that a long name gets at least before it goes on below."""
_EMPTY: tuple[object, ...] = (None, "", [], (), {})


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows for a person or a pipe, and the same as plain data for --json. The first column is an id."""

    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    data: object
    note: str = ""


def show(look: Callable[[], Listing], *, as_data: bool = False, watching: bool = False) -> None:
    """A listing, once or again and again until Ctrl-C: in place in a terminal, one below the other elsewhere."""
    if not watching:
        _print(look(), as_data)
        return
    console = Console()
    try:
        if as_data or not console.is_terminal:
            while True:
                _print(look(), as_data)
                sys.stdout.flush()
                time.sleep(WATCH_S)
        with Live(_screen(look(), console.width), console=console, auto_refresh=False, screen=True) as live:
            while True:
                time.sleep(WATCH_S)
                live.update(_screen(look(), console.width), refresh=True)
    except KeyboardInterrupt:
        return


def _print(listing: Listing, as_data: bool) -> None:
    """A table to a person, lines with tabs between the columns to a pipe, or JSON."""
    if as_data:
        as_json(listing.data)
        return
    console = Console()
    if console.is_terminal:
        console.print(_table(listing, console.width), crop=False)
    else:
        for row in (listing.headings, *listing.rows):
            typer.echo("\t".join(map(plain, row)))
    if listing.note:
        say(listing.note)


def _screen(listing: Listing, width: int) -> Group:
    at = datetime.now().astimezone().strftime("%H:%M:%S")
    note = Text(" ".join(filter(None, [f"{len(listing.rows)} at {at}; Ctrl-C ends.", listing.note])), style="dim")
    return Group(_table(listing, width), note)


def _table(listing: Listing, width: int) -> RenderableType:
    """A table with what is long folded; where even that is too wide, a block for each row."""
    cells = [[plain(cell) for cell in row] for row in listing.rows]
    least = [_least_width(place, column) for place, column in enumerate(zip(listing.headings, *cells, strict=True))]
    if sum(least) + _GAP * len(least) > width:
        return Group(*(_block(listing.headings, row) for row in cells))
    shown = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for place, heading in enumerate(listing.headings):
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


def facts(about: Mapping[str, object], *, as_data: bool = False) -> None:
    """What is known of one thing, a line each, without what is empty; or all of it as JSON."""
    if as_data:
        as_json(about)
        return
    known = {name: value for name, value in about.items() if value not in _EMPTY}
    width = max(map(len, known), default=0)
    terminal = sys.stdout.isatty()
    for name, value in known.items():
        for line in value if isinstance(value, list | tuple) else [value]:
            shown = plain(line, _LONGEST_FACT)
            typer.echo(f"{name:{width}}  {shown}" if terminal else f"{name}\t{shown}")


def plain(value: object, longest: int = _LONGEST_CELL) -> str:
    """A value in words without control characters: no enums, braces or quotes of Python's."""
    return printable(_words(value), longest)


def _words(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case Mapping():
            return ", ".join(f"{name} {_words(each)}" for name, each in value.items() if each not in _EMPTY)
        case list() | tuple():
            return ", ".join(map(_words, value))
    return str(value)
