"""`stylesmith bot`: listen to mentions and answer them, until told to stop."""

import sys

import typer
from pydantic import ValidationError

from bot import wording_cli as words
from bot.ledger.lock import EXIT_LOCKED, DirectoryLock, Locked
from bot.settings import Settings

EXIT_CONFIG = 78
"""EX_CONFIG of sysexits.h: no use in starting again before the settings are changed."""


def bot() -> None:
    """Listen to mentions and answer them. Ctrl-C or SIGTERM ends it when what has begun is done."""
    try:
        settings = Settings()
    except (ValidationError, OSError) as error:
        typer.echo(words.bad_settings(error), err=True)
        sys.exit(EXIT_CONFIG)
    try:
        with DirectoryLock(settings.data_dir):
            # Imported behind the lock: a second bot has to see at once that it is one.
            from bot.running import Unready, run  # noqa: PLC0415

            try:
                run(settings)
            except Unready as error:
                typer.echo(str(error), err=True)
                sys.exit(EXIT_CONFIG)
    except Locked:
        typer.echo(words.LOCKED, err=True)
        sys.exit(EXIT_LOCKED)
