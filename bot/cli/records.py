"""The ledger as admin commands read it: never made or changed by looking, and closed to whoever may not open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
            give_up(f"There is no ledger in {directory}. Is STYLESMITH_DATA_DIR right, and did the bot run?")
        ledger = Ledger(directory, SystemClock(), access)
    except (PermissionError, LedgerUnavailable):
        give_up(
            f"Permission denied: the ledger in {directory} is for the user that runs the bot. Try it as that user.",
            EX_NOPERM,
        )
    except LedgerTooNew as error:
        give_up(f"A newer Stylesmith wrote this ledger: {error}. Please update this program.")
    except LedgerTooOld as error:
        give_up(f"An older Stylesmith wrote this ledger: {error}. Restart the bot; it brings the ledger up to date.")
    try:
        yield ledger
    finally:
        ledger.close()
