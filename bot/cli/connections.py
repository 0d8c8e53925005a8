"""What a command works on: settings, Redis, the ledger, a painter; where one cannot be had, it ends with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import redis
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from bot.cli.output import EX_CONFIG, EX_NOPERM, EX_UNAVAILABLE, give_up
from bot.cli.sentences import bad_settings
from bot.clock import SystemClock
from bot.errors import LedgerUnavailable, TransportDown
from bot.ledger import Ledger
from bot.ledger.schema import FILE, LedgerTooNew, LedgerTooOld
from bot.ledger.store import Access
from bot.queue.rq import connect
from bot.settings import Settings
from bot.styles.catalogue import Catalogue
from bot.styles.listing import CatalogueError, in_use

AnySettings = TypeVar("AnySettings", bound=BaseSettings)


def settings() -> Settings:
    return checked(Settings)


def checked(kind: type[AnySettings], **given: Any) -> AnySettings:
    """The settings, with what an option says in place of some; ends the command where they cannot be used."""
    try:
        return kind(**given)
    except (ValidationError, OSError) as error:
        give_up(bad_settings(error), EX_CONFIG)


def house_styles() -> Catalogue:
    try:
        return in_use(settings())
    except CatalogueError as error:
        give_up(str(error))


def require_painter() -> None:
    """Ends the command where only the bot is installed."""
    if find_spec("torch") is None or find_spec("safetensors") is None:
        give_up(
            "Painting needs PyTorch, which is not installed here: pip install 'stylesmith[worker]'.", EX_UNAVAILABLE
        )


@contextmanager
def open_redis(chosen: Settings) -> Iterator[redis.Redis]:
    """Redis as the settings name it, else the private one beside the bot."""
    given = chosen.redis_url.get_secret_value()
    try:
        with connect(chosen.redis_address) as connection:
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


@contextmanager
def open_ledger(directory: Path, access: Access = Access.READ) -> Iterator[Ledger]:
    """The bot's ledger; reading neither makes nor changes it."""
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
