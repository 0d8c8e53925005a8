"""The ledger as admin commands read it: never made by looking, and closed to whoever may not open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import wording_cli as words
from bot.cli.operator import EX_NOPERM, give_up
from bot.clock import SystemClock
from bot.errors import LedgerUnavailable
from bot.ledger import Ledger
from bot.ledger.schema import FILE


@contextmanager
def operators_ledger(directory: Path) -> Iterator[Ledger]:
    """The bot's ledger; ends the command when there is none, or when this user may not open it."""
    try:
        if not (directory / FILE).exists():
            give_up(words.no_ledger(str(directory)))
        ledger = Ledger(directory, SystemClock())
    except (PermissionError, LedgerUnavailable):
        give_up(words.not_yours(str(directory)), EX_NOPERM)
    try:
        yield ledger
    finally:
        ledger.close()
