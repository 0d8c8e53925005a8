"""What keeps one trouble from becoming everybody's: every step of a row and every round of a loop is taken under it."""

import logging
from collections.abc import Callable

from bot.errors import BotError, RateLimited, TransportDown, Unauthorized
from bot.flow.publish import until
from bot.ledger import About, Answer, Ledger, Moved, Row, State
from worker.contract import FailureCode

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 30.0
REDIS_PAUSE_S = 3.0
_UNEXPECTED_TRIES = 6


class Guard:
    """Takes steps of rows."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def step(self, row: Row, step: Callable[[Row], None]) -> bool:
        """One step of one row: trouble of its own puts this row off, and no other. False when Redis is down."""
        try:
            step(row)
        except Moved:
            return True
        except BotError as exc:
            log.info("row put off", extra={"mention": row.id, "trouble": type(exc).__name__, "why": str(exc)})
            self._put_off(row, exc)
            return not isinstance(exc, TransportDown)
        except Exception as exc:  # one bad row must not hold up the others
            log.error("row met the unexpected", extra={"mention": row.id, "state": row.state}, exc_info=exc)
            self._unexpected(row)
        return True

    def post(self, row: Row, step: Callable[[Row], None]) -> None:
        """Like `step`, but what concerns the whole platform is raised, to pause its posts."""
        try:
            step(row)
        except Moved:
            return
        except RateLimited as exc:
            self._put_off(row, exc)
        except Unauthorized:
            raise
        except BotError as exc:
            self._put_off(row, exc)
            raise
        except Exception as exc:  # one bad row must not hold up the others
            log.error("post met the unexpected", extra={"mention": row.id}, exc_info=exc)
            self._unexpected(row)

    def _put_off(self, row: Row, exc: BotError) -> None:
        wait_s = until(exc) if isinstance(exc, RateLimited) else _longer(exc, row.attempts)
        self._ledger.put_off(row, wait_s, type(exc).__name__)

    def _unexpected(self, row: Row) -> None:
        """A row that our own mistake keeps from moving ends with an apology rather than never."""
        if row.attempts < _UNEXPECTED_TRIES:
            self._ledger.put_off(row, min(60.0, 2.0**row.attempts), "unexpected")
        elif row.state is State.RENDERED or row.state is State.POSTING:
            self._ledger.move(row, State.FAILED, "unexpected")
        else:
            language = row.plan.language if row.plan else "en"
            self._ledger.decide(row, Answer(About.FAILURE, FailureCode.INTERNAL.value, language))


def pause_after(loop: str, exc: Exception, errors: int) -> float:
    """Seconds that a loop waits after `exc`, its `errors`-th in a row."""
    if isinstance(exc, RateLimited):
        log.warning("rate limited", extra={"loop": loop, "until": exc.until.isoformat()})
        return until(exc)
    if isinstance(exc, BotError):
        level = logging.ERROR if isinstance(exc, Unauthorized) else logging.WARNING
        log.log(level, "loop met trouble", extra={"loop": loop, "trouble": type(exc).__name__, "why": str(exc)})
    else:
        log.error("loop met the unexpected", extra={"loop": loop}, exc_info=exc)
    return _longer(exc, errors)


def _longer(exc: Exception, times: int) -> float:
    """Half a second, then twice as long each time; Redis being back is noticed soon."""
    longest_s = REDIS_PAUSE_S if isinstance(exc, TransportDown) else LONGEST_PAUSE_S
    return min(longest_s, 0.5 * 2.0 ** min(times, 10))
