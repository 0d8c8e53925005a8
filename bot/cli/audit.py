"""Commands that change something: they want --yes, and leave a line in audit.log."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import give_up

Yes = Annotated[bool, typer.Option("--yes", help="Really do it.")]


def confirm(yes: bool, action: str, data_dir: Path, verb: str, *what: str) -> None:
    """Ends the command without --yes; else what it is going to do is written down."""
    if not yes:
        give_up(f"This would {action}. Add --yes to do it.", 2)
    audit(data_dir, verb, *what)


def audit(data_dir: Path, verb: str, *what: str) -> None:
    """Append who did what and when to audit.log in the data directory."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "uid": os.getuid(), "verb": verb, "what": what}
    descriptor = os.open(data_dir / "audit.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
