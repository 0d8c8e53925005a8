"""A mention that gets no painting: one sentence, or none, within the quotas."""

from collections.abc import Callable
from functools import partial
from math import inf

from bot.errors import PictureError
from bot.flow.backoff import own_pause_s
from bot.flow.parts import Parts
from bot.ledger import About, Answer, Row, State
from bot.policy import DAY_S, Wait
from bot.request.reading import Declined, Hint, IgnoreReason, Wanted

_TOLD_ONCE_A_DAY = frozenset({Hint.HOW_TO, Hint.NO_PICTURE, Hint.NOT_IMAGES})
_LONGEST_WAIT_S = 60.0


def ignore(parts: Parts, row: Row, why: IgnoreReason) -> None:
    parts.ledger.move(row, State.IGNORED, why.value)


def decline(parts: Parts, row: Row, declined: Declined) -> None:
    """One kind sentence; how to ask is told to a person once a day, or we would lecture in every chat."""
    once = declined.hint in _TOLD_ONCE_A_DAY
    if once and not parts.ledger.counters.tell_once(row, "how_to", DAY_S):
        ignore(parts, row, IgnoreReason.HOWTO_ALREADY_SENT)
    elif may_answer(parts, row, partial(ignore, parts, row, IgnoreReason.LOOP)) and not _is_over_quota(parts, row):
        hint = Answer(About.HINT, declined.hint.value, declined.language, near=declined.near)
        _say(parts, row, hint)


def may_answer(parts: Parts, row: Row, when_full: Callable[[], None]) -> bool:
    """Whether an answer is due now. Else it is put off for its author's minute, or `when_full` ends it.

    Who posts three photos in a thread gets three answers, one a minute.
    """
    wait_s = parts.ledger.counters.claim_reply_slot(row, parts.rules.replies_per_thread)
    if wait_s == inf:
        when_full()
    elif wait_s:
        parts.ledger.put_off(row, wait_s, "one answer a minute in a thread")
    return not wait_s


def thread_is_full(parts: Parts, row: Row, wanted: Wanted) -> None:
    """A thread has its answers. Who asks for another painting is told so, once a day; a loop is not.

    Two bots that answer each other's pictures are a loop.
    """
    parent = row.mention.parent
    may_be_loop = parent is not None and parent.by_us and not wanted.again_of
    if may_be_loop or not parts.ledger.counters.tell_once(row, "thread_full", DAY_S):
        ignore(parts, row, IgnoreReason.LOOP)
    else:
        _say(parts, row, Answer(About.HINT, Hint.THREAD_FULL.value, wanted.language))


def cool_down(parts: Parts, row: Row, wanted: Wanted, wait: Wait) -> None:
    """Over the quota: said once a day, afterwards not a word."""
    parts.metrics.quota_hits.labels(wait.of).inc()
    if parts.ledger.counters.tell_once(row, "cooldown", DAY_S):
        parts.ledger.decide(row, Answer(About.COOLDOWN, wait.of, wanted.language, wait.seconds))
    else:
        parts.ledger.move(row, State.DECLINED, "quota")


def without_picture(parts: Parts, row: Row, wanted: Wanted, trouble: PictureError) -> None:
    """Passing troubles are waited out for ten minutes before the person hears of them."""
    waited_s = parts.clock.now() - row.recorded_at
    if trouble.retry and 0 <= waited_s < parts.rules.pictures_pending_s:
        wait_s = min(_LONGEST_WAIT_S, own_pause_s(row.attempts))
        parts.ledger.put_off(row, wait_s, trouble.reason.value, trouble=True)
    else:
        _say(parts, row, Answer(About.PICTURE, trouble.reason.value, wanted.language))


def _say(parts: Parts, row: Row, answer: Answer) -> None:
    parts.metrics.refusals.labels(answer.code).inc()
    parts.ledger.decide(row, answer)


def _is_over_quota(parts: Parts, row: Row) -> bool:
    """Whether even a sentence is over the quota; then the row ends without one."""
    wait = parts.ledger.counters.take_quota(row, parts.rules.quota)
    if wait is not None:
        parts.metrics.quota_hits.labels(wait.of).inc()
        parts.ledger.move(row, State.DECLINED, "quota")
    return wait is not None
