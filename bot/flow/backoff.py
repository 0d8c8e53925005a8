"""What a failure means: how long its row, or its loop, waits before the next try, and when a row is given up."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from bot.clock import Clock
from bot.errors import BotError, NotTaken, PictureReason, RateLimited, TransportDown, Unauthorized, is_shared
from bot.ledger import About, Answer, Ledger, Row, StaleRow, State, Unreadable
from bot.policy import DAY_S, Rules, Wait
from bot.request.reading import Trouble
from bot.text import language_of
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


class Guard:
    """Takes steps of rows. What concerns one row puts it off alone, with pauses that grow, and ends it at last.

    `serves` says whether a platform served anything lately: while it serves nothing, no trouble is a row's own.
    """

    def __init__(
        self, ledger: Ledger, rules: Rules, clock: Clock, serves: Callable[[str], bool] = lambda platform: True
    ) -> None:
        self._ledger = ledger
        self._rules = rules
        self._clock = clock
        self._serves = serves

    def step(self, row: Row, step: Callable[[Row], None]) -> bool:
        """One step of one row. False when Redis is down."""
        try:
            step(row)
        except StaleRow:
            return True
        except Unreadable as exc:
            self._set_aside(row, exc)
        except BotError as exc:
            log.info("row put off", extra={"mention": row.id, "trouble": type(exc).__name__, "why": str(exc)})
            self._trouble(row, exc)
            return not isinstance(exc, TransportDown)
        except Exception as exc:  # one bad row must not hold up the others
            log.error("row met the unexpected", extra={"mention": row.id, "state": row.state}, exc_info=exc)
            self._unexpected(row)
        return True

    def post(self, row: Row, step: Callable[[Row], None]) -> None:
        """Like `step`, but what concerns everybody is raised, to pause the platform's posts.

        A rate limit is not: it may be for pictures only, or for looking, and its row knows when it is over.
        """
        try:
            step(row)
        except StaleRow:
            return
        except Unreadable as exc:
            self._set_aside(row, exc)
        except BotError as exc:
            self._trouble(row, exc)
            if is_shared(exc) and not isinstance(exc, RateLimited):
                raise
        except Exception as exc:  # one bad row must not hold up the others
            log.error("post met the unexpected", extra={"mention": row.id}, exc_info=exc)
            self._unexpected(row)

    def _set_aside(self, row: Row, exc: Unreadable) -> None:
        """One of its paintings was written down by a newer release."""
        now = self._ledger.get(*row.key)
        if now is not None and now.round == row.round:
            with suppress(StaleRow):
                self._ledger.set_aside(now, exc)

    def _trouble(self, row: Row, exc: BotError) -> None:
        """The step may have moved the row before it failed, so it is read again."""
        now = self._ledger.get(*row.key)
        if now is None or now.round != row.round:
            return
        name = type(exc).__name__
        if is_shared(exc):
            self._ledger.put_off(now, _shared_pause_s(exc, self._clock.now()), name)
        elif not self._serves(row.platform):
            self._ledger.put_off(now, _SERVER_PAUSE_S, name)
        elif not self._ends(now, exc):
            self._ledger.put_off(now, own_pause_s(now.attempts), name, trouble=True)

    def _ends(self, row: Row, exc: BotError) -> bool:
        """Whether `row` was tried often enough; then its author is told, else it ends with a reason."""
        tries, age_s = row.attempts + 1, self._clock.now() - row.recorded_at
        language = row.plan.language if row.plan else language_of(row.mention.text, row.mention.language)
        if row.state is State.NEW and tries >= self._rules.reading_tries:
            if isinstance(self._ledger.counters.take_quota(row, self._rules.quota), Wait):
                self._ledger.move(row, State.DECLINED, "quota")
            else:
                self._ledger.decide(row, _unread(row, language))
        elif tries < self._rules.posting_tries:
            return False
        elif row.state is State.DECIDED and isinstance(exc, NotTaken) and _shows_a_painting(row):
            self._ledger.decide(row, Answer(About.TROUBLE, Trouble.NOT_TAKEN.value, language))
        elif 0 <= age_s < DAY_S:
            return False
        else:
            self._ledger.move(row, State.FAILED, f"tried {tries} times: {type(exc).__name__}")
        return True

    def _unexpected(self, row: Row) -> None:
        """A row that our own mistake keeps from moving ends with an apology rather than never."""
        now = self._ledger.get(*row.key)
        if now is None or now.round != row.round:
            return
        apology = Answer(About.FAILURE, FailureCode.INTERNAL.value, language_of(now.mention.text, now.mention.language))
        if now.attempts < self._rules.unexpected_tries:
            self._ledger.put_off(now, own_pause_s(now.attempts), "unexpected", trouble=True)
        elif now.state is State.POSTING and 0 <= self._clock.now() - now.recorded_at < DAY_S:
            # Perhaps it was posted: somebody has to look for it.
            self._ledger.put_off(now, own_pause_s(now.attempts), "unexpected", trouble=True)
        elif now.state is State.POSTING or now.answer == apology:
            self._ledger.move(now, State.FAILED, "unexpected")
        else:
            self._ledger.decide(now, apology)


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


def _unread(row: Row, language: str) -> Answer:
    if row.mention.in_reply_to:
        return Answer(About.TROUBLE, Trouble.UNREAD.value, language)
    return Answer(About.PICTURE, PictureReason.UNREACHABLE.value, language)


def _shows_a_painting(row: Row) -> bool:
    return row.answer is not None and row.answer.about is About.PAINTING


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
