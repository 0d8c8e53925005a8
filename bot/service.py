"""A bot process from its settings to its last answer: log, Redis, health, signals."""

import logging
import signal
import threading
from contextlib import ExitStack
from queue import SimpleQueue

from bot.health import serving
from bot.ledger.schema import LedgerTooNew
from bot.loop import Loops
from bot.queue.redis_server import RedisUnavailable, redis_server
from bot.settings import Settings
from bot.styles.listing import CatalogueError
from bot.wiring import Unready, check_redis, intervals_of, wired
from worker.process.limits import disable_core_dumps, ignore_stop_signals, limit_malloc_arenas
from worker.process.logs import configure
from worker.process.settings import secrets_of

log = logging.getLogger("bot")


def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. The caller holds the directory's lock. Raises Unready."""
    disable_core_dumps()
    limit_malloc_arenas()
    configure(level=settings.log_level, secrets=secrets_of(settings), as_json=settings.log_json or None)
    try:
        _listen(settings, _stop_on_signals())
    except (RedisUnavailable, CatalogueError, LedgerTooNew) as error:
        raise Unready(str(error)) from error


def _stop_on_signals() -> threading.Event:
    """Set by the first SIGTERM or SIGINT; those after it are ignored.

    By a thread of its own: a handler runs in the middle of whatever the main thread does, and would wait for ever for
    the lock of an event that it was just waiting for.
    """
    stop, told = threading.Event(), SimpleQueue[int]()

    def tell(number: int, _: object) -> None:
        ignore_stop_signals()
        told.put(number)

    def listen() -> None:
        told.get()
        stop.set()

    threading.Thread(target=listen, name="stop", daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return stop


def _listen(settings: Settings, stop: threading.Event) -> None:
    with ExitStack() as running:
        url = settings.redis_url.get_secret_value()
        check_redis(url)
        url = running.enter_context(redis_server(settings.data_dir, url))
        bot = running.enter_context(wired(settings, url))
        if settings.metrics_port:
            pages = serving(bot.health, bot.parts.metrics, host=settings.metrics_host, port=settings.metrics_port)
            running.enter_context(pages)
        log.info("listening", extra={"platforms": list(bot.parts.platforms), "data": str(settings.data_dir)})
        Loops(bot, intervals_of(settings), stop).run()
        log.info("stopped")
