"""`stylesmith bot`: listen to mentions and answer them, until told to stop."""

import errno
import sys

import typer
from pydantic import ValidationError

from bot import wording_cli as words
from bot.errors import LedgerUnavailable
from bot.ledger.lock import EXIT_LOCKED, DirectoryLock, Locked
from bot.settings import Settings
from worker.process.limits import ignore_stop_signals

EXIT_CONFIG = 78
"""EX_CONFIG of sysexits.h: no use in starting again before the settings are changed."""

EXIT_DISK = 74
"""EX_IOERR: starting again helps as soon as the disk takes writes."""
_ABOUT_THE_DISK = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT, errno.ENOTDIR, errno.EIO}


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
            from bot.service import Unready, run  # noqa: PLC0415

            try:
                run(settings)
            except Unready as error:
                typer.echo(str(error), err=True)
                sys.exit(EXIT_CONFIG)
            finally:
                ignore_stop_signals()
    except Locked:
        typer.echo(words.LOCKED, err=True)
        sys.exit(EXIT_LOCKED)
    except (OSError, LedgerUnavailable) as error:
        if isinstance(error, OSError) and error.errno not in _ABOUT_THE_DISK:
            raise
        typer.echo(words.not_writable(str(settings.data_dir)), err=True)
        sys.exit(EXIT_DISK)
