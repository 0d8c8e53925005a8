"""What a command says: lines on standard error, JSON on standard output, questions, exit statuses."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

import typer

from bot.text import printable

AsJson = Annotated[bool, typer.Option("--json", help="For scripts: JSON on standard output.")]

EX_UNAVAILABLE = 69
"""Exit status when Redis cannot be reached, or a part is not installed (sysexits.h)."""
EX_NOPERM = 77
"""Exit status when this user may not see the bot's data (sysexits.h)."""
EX_CONFIG = 78
"""Exit status when settings cannot be used: no use in trying again before they are changed (sysexits.h)."""


def say(text: str) -> None:
    """One line on standard error."""
    typer.echo(printable(text, 1000), err=True)


def give_up(text: str, status: int = 1) -> NoReturn:
    say(text)
    raise typer.Exit(status)


def ask(what: str) -> str:
    """A line from the person; ends the command where there is none."""
    typer.echo(f"{what}: ", nl=False, err=True)
    answer = sys.stdin.readline().strip()
    if not answer:
        give_up("Nothing was typed.", 2)
    return answer


def as_json(value: object) -> None:
    """Print JSON in ASCII, so that no terminal obeys what is in it."""
    sys.stdout.write(json.dumps(value, indent=2, default=_json) + "\n")


def _json(value: Any) -> object:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def ago(when: datetime | None) -> str:
    """`12 s`, `5 min`, `3 h` since an aware time, or nothing."""
    if when is None:
        return ""
    seconds = max(0, int((datetime.now(UTC) - when).total_seconds()))
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
