"""The ledger as admin commands read it: never made or changed by looking, and closed to whoever may not open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import wording_cli as words
from bot.cli.operator import EX_NOPERM, give_up
from bot.clock import SystemClock
from bot.errors import LedgerUnavailable
from bot.ledger import Ledger
from bot.ledger.schema import FILE, LedgerTooNew, LedgerTooOld
from bot.ledger.store import Access


@contextmanager
def operators_ledger(directory: Path, access: Access = Access.READ) -> Iterator[Ledger]:
    """The bot's ledger; ends the command when there is none, of another version, or not for this user to open."""
    try:
        if not (directory / FILE).exists():
            give_up(words.no_ledger(str(directory)))
        ledger = Ledger(directory, SystemClock(), access)
    except (PermissionError, LedgerUnavailable):
        give_up(words.not_yours(str(directory)), EX_NOPERM)
    except LedgerTooNew as error:
        give_up(words.newer_ledger(str(error)))
    except LedgerTooOld as error:
        give_up(words.older_ledger(str(error)))
    try:
        yield ledger
    finally:
        ledger.close()
