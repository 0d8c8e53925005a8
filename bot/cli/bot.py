"""`stylesmith bot`: listen to mentions and answer them, until told to stop."""

import errno
import sys

import typer

from bot.cli.connections import settings
from bot.cli.output import EX_CONFIG
from bot.cli.sentences import not_writable
from bot.errors import LedgerUnavailable
from bot.ledger.lock import EXIT_LOCKED, Locked, lock
from worker.process.limits import ignore_stop_signals

EXIT_DISK = 74
"""EX_IOERR: starting again helps as soon as the disk takes writes."""
_ABOUT_THE_DISK = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT, errno.ENOTDIR, errno.EIO}


def bot() -> None:
    """Listen to mentions and answer them. Ctrl-C or SIGTERM ends it when what has begun is done."""
    chosen = settings()
    try:
        with lock(chosen.data_dir):
            # Imported behind the lock: a second bot has to see at once that it is one.
            from bot.service import run  # noqa: PLC0415
            from bot.wiring import Unready  # noqa: PLC0415

            try:
                run(chosen)
            except Unready as error:
                typer.echo(str(error), err=True)
                sys.exit(EX_CONFIG)
            finally:
                ignore_stop_signals()
    except Locked:
        typer.echo("Another bot is using this data directory; one directory, one bot.", err=True)
        sys.exit(EXIT_LOCKED)
    except (OSError, LedgerUnavailable) as error:
        if isinstance(error, OSError) and error.errno not in _ABOUT_THE_DISK:
            raise
        typer.echo(not_writable(str(chosen.data_dir)), err=True)
        sys.exit(EXIT_DISK)
