"""`python -m tests.faults.bot_process`: the real bot, as `stylesmith bot` runs it, with nothing around it."""

import signal
import sys
import threading

from bot.ledger.lock import EXIT_LOCKED, DirectoryLock, Locked
from bot.listen import Listener
from bot.logs import PlainLines, Redaction
from bot.settings import Settings
from bot.wiring import rhythm_of, wired


def main() -> None:
    """Until SIGTERM."""
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(PlainLines(Redaction()))
    logging.basicConfig(level="INFO", handlers=[handler])
    settings, stop = Settings(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        with (
            DirectoryLock(settings.data_dir),
            wired(settings, settings.redis_url.get_secret_value()) as bot,
        ):
            Listener(bot, rhythm_of(settings), stop).run()
    except Locked:
        sys.exit(EXIT_LOCKED)


if __name__ == "__main__":
    main()
