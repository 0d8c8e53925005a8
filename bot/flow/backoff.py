"""What a failure means: how long its row, or its loop, waits before the next try, and when a row is given up."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from bot.errors import BotError, NotTaken, PictureReason, RateLimited, TransportDown, Unauthorized, is_shared
from bot.flow.parts import Parts
from bot.ledger import About, Answer, Row, StaleRow, State, Unreadable
from bot.policy import DAY_S
from bot.request.reading import Trouble
from worker.contract import FailureCode

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 30.0
"""Of a loop."""
REDIS_PAUSE_S = 3.0
UNAUTHORIZED_PAUSE_S = 60.0
NOT_SENT_PAUSE_S = 2.0
LONGEST_OWN_PAUSE_S = 3600.0
"""Of a row with trouble of its own."""
_SERVER_PAUSE_S = 30.0


def attempt(step: Callable[[Parts, Row], None], parts: Parts, row: Row, *, serves: bool = True) -> BotError | None:
    """One step of one row; the error that it met, if any, after the row was put off or ended for it.

    `serves` says whether the row's platform served anything lately: while it does not, no trouble is a row's own.
    """
    try:
        step(parts, row)
    except StaleRow:
        return None
    except Unreadable as exc:  # a newer release wrote one of its jobs
        if now := _now(parts, row):
            with suppress(StaleRow):
                parts.ledger.set_aside(now, exc)
    except BotError as exc:
        log.info("row put off", extra={"mention": row.id, "trouble": type(exc).__name__, "why": str(exc)})
        _trouble(parts, row, exc, serves)
        return exc
    except Exception as exc:  # one bad row must not hold up the others
        log.error("row met the unexpected", extra={"mention": row.id, "state": row.state}, exc_info=exc)
        _unexpected(parts, row)
    return None


def _now(parts: Parts, row: Row) -> Row | None:
    """The row as it is now: the step may have moved it before it failed. None where somebody replayed it."""
    now = parts.ledger.get(*row.key)
    return now if now is not None and now.round == row.round else None


def _trouble(parts: Parts, row: Row, exc: BotError, serves: bool) -> None:
    now = _now(parts, row)
    if now is None:
        return
    name = type(exc).__name__
    if is_shared(exc):
        parts.ledger.put_off(now, _shared_pause_s(exc, parts.clock.now()), name)
    elif not serves:
        parts.ledger.put_off(now, _SERVER_PAUSE_S, name)
    elif not _ends(parts, now, exc):
        parts.ledger.put_off(now, own_pause_s(now.attempts), name, trouble=True)


def _ends(parts: Parts, row: Row, exc: BotError) -> bool:
    """Whether `row` was tried often enough; then its author is told, else it ends with a reason."""
    tries, ledger = row.attempts + 1, parts.ledger
    if row.state is State.NEW and tries >= parts.rules.reading_tries:
        if ledger.counters.take_quota(row, parts.rules.quota) is not None:
            ledger.move(row, State.DECLINED, "quota")
        else:
            ledger.decide(row, _unread(row))
    elif tries < parts.rules.posting_tries:
        return False
    elif row.state is State.DECIDED and isinstance(exc, NotTaken) and row.answer and row.answer.about is About.PAINTING:
        ledger.decide(row, Answer(About.TROUBLE, Trouble.NOT_TAKEN.value, row.language))
    elif _is_of_today(parts, row):
        return False
    else:
        ledger.move(row, State.FAILED, f"tried {tries} times: {type(exc).__name__}")
    return True


def _unexpected(parts: Parts, row: Row) -> None:
    """A row that our own mistake keeps from moving ends with an apology rather than never."""
    now = _now(parts, row)
    if now is None:
        return
    apology = Answer(About.FAILURE, FailureCode.INTERNAL.value, now.language)
    # While it is posting, perhaps it was posted, and somebody has to look for it.
    may_exist = now.state is State.POSTING and _is_of_today(parts, now)
    if now.attempts < parts.rules.unexpected_tries or may_exist:
        parts.ledger.put_off(now, own_pause_s(now.attempts), "unexpected", trouble=True)
    elif now.state is State.POSTING or now.answer == apology:
        parts.ledger.move(now, State.FAILED, "unexpected")
    else:
        parts.ledger.decide(now, apology)


def _is_of_today(parts: Parts, row: Row) -> bool:
    return 0 <= parts.clock.now() - row.recorded_at < DAY_S


def pause_after(loop: str, exc: Exception, errors: int) -> float:
    """Seconds that a loop waits after `exc`, its `errors`-th in a row."""
    if isinstance(exc, RateLimited):
        log.warning("rate limited", extra={"loop": loop, "until": exc.until.isoformat()})
        return exc.wait_s(time.time())
    if isinstance(exc, Unauthorized):
        says = "the platform refuses the credentials; run `stylesmith login` and start the bot again"
        log.error(says, extra={"loop": loop, "why": str(exc)})
        return _doubled(errors, UNAUTHORIZED_PAUSE_S)
    if isinstance(exc, BotError):
        log.warning("loop met trouble", extra={"loop": loop, "trouble": type(exc).__name__, "why": str(exc)})
    else:
        log.error("loop met the unexpected", extra={"loop": loop}, exc_info=exc)
    return _doubled(errors, REDIS_PAUSE_S if isinstance(exc, TransportDown) else LONGEST_PAUSE_S)


def _unread(row: Row) -> Answer:
    if row.mention.in_reply_to:
        return Answer(About.TROUBLE, Trouble.UNREAD.value, row.language)
    return Answer(About.PICTURE, PictureReason.UNREACHABLE.value, row.language)


def own_pause_s(attempts: int) -> float:
    """Seconds for a row that had `attempts` troubles of its own before this one: 1, 2, 4, … 3600."""
    return min(LONGEST_OWN_PAUSE_S, 2.0 ** min(attempts, 20))


def _shared_pause_s(exc: BotError, now: float) -> float:
    """Seconds for a row whose trouble all others have, too; the loop's own pause is what counts."""
    if isinstance(exc, RateLimited):
        return exc.wait_s(now)
    if isinstance(exc, TransportDown):
        return REDIS_PAUSE_S
    return UNAUTHORIZED_PAUSE_S if isinstance(exc, Unauthorized) else NOT_SENT_PAUSE_S


def _doubled(times: int, longest_s: float) -> float:
    """Half a second, twice as long each time, at most `longest_s`."""
    return min(longest_s, 0.5 * 2.0 ** min(times, 10))
