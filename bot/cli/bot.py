"""`stylesmith bot`: listen to mentions and answer them, until told to stop."""

import logging
import signal
import sys
import threading
from contextlib import ExitStack

from pydantic import ValidationError

from bot import wording_cli
from bot.cli.operator import give_up, say
from bot.health import Observatory
from bot.ledger.lock import EXIT_LOCKED, DirectoryLock, Locked
from bot.ledger.schema import LedgerTooNew
from bot.listen import Listener
from bot.logs import configure
from bot.redis_server import RedisUnavailable, redis_server
from bot.settings import Settings, secrets_of
from bot.styles import CatalogueError
from bot.wiring import NothingToFollow, UnsafeRedis, check_redis, rhythm_of, wired

log = logging.getLogger("bot")

EXIT_USAGE = 78
"""EX_CONFIG of sysexits.h: no use in starting again before the settings are changed."""


def bot() -> None:
    """Listen to mentions and answer them. Ctrl-C or SIGTERM ends it when what has begun is done."""
    try:
        settings = Settings()
    except (ValidationError, OSError) as error:
        give_up(wording_cli.bad_settings(error), EXIT_USAGE)
    configure(level=settings.log_level, secrets=secrets_of(settings), as_json=settings.log_json or None)
    stop = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    try:
        _listen(settings, stop)
    except Locked:
        say(wording_cli.LOCKED)
        sys.exit(EXIT_LOCKED)
    except NothingToFollow:
        give_up(wording_cli.NOTHING_TO_FOLLOW, EXIT_USAGE)
    except UnsafeRedis:
        give_up(wording_cli.UNSAFE_REDIS, EXIT_USAGE)
    except (RedisUnavailable, CatalogueError, LedgerTooNew) as error:
        give_up(str(error), EXIT_USAGE)


def _listen(settings: Settings, stop: threading.Event) -> None:
    with ExitStack() as running:
        running.enter_context(DirectoryLock(settings.data_dir))
        url = settings.redis_url.get_secret_value()
        check_redis(url)
        url = running.enter_context(redis_server(settings.data_dir, url))
        bot = running.enter_context(wired(settings, url))
        if settings.metrics_port:
            running.enter_context(
                Observatory(bot.health, bot.metrics, host=settings.metrics_host, port=settings.metrics_port)
            )
        log.info("listening", extra={"platforms": list(bot.platforms), "data": str(settings.data_dir)})
        Listener(bot, rhythm_of(settings), stop).run()
        log.info("stopped")
