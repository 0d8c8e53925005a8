"""Posting exactly once: written down before it is sent, looked for before it is sent again (outbox, reconciliation)."""

import logging
from dataclasses import replace

from bot.crashpoints import Point, point
from bot.errors import NotSent, PictureRefused, RateLimited, Refused, Unauthorized, Unknown
from bot.flow.parts import Parts
from bot.flow.recheck import recheck
from bot.ledger import About, Answer, Post, PostKind, Row, StaleRow, State
from bot.posts import Reply
from bot.reply.compose import compose
from bot.reply.wording import is_note
from bot.request.reading import CommandKind, Trouble
from worker.contract import FailureCode

log = logging.getLogger(__name__)

FIRST_WATCH_S = 120.0
_SKEW_S = 60.0
"""How far a platform's clock may be from ours."""
_LEAST_BYTES = 50_000
"""Of a painting that was refused: below, its weight is not the reason."""
FAREWELL_S = 1800.0
"""Seconds after which the answer "forgotten" is itself deleted."""


def publish(parts: Parts, row: Row) -> None:
    """`decided` -> its end. Stays, with a later time, where the platform did not take it."""
    horizon_s, created = parts.rules.horizon_s(row.platform), parts.ledger.created_at
    if not _note_is_settled(parts, row):
        parts.ledger.put_off(row, 1.0, "a note that was sent may still appear")
    elif row.round and row.posting_boot and _waited_s(parts, row) < horizon_s:
        parts.ledger.put_off(row, 1.0, "replayed: an answer sent before may still appear")
    elif not _may_be_answered_already(parts, row):
        _first_time(parts, row)
    elif _is_before_the_ledger(parts, row) and _since_s(parts, created.boot, created.steady) < horizon_s:
        parts.ledger.put_off(row, 1.0, "the ledger is new: an answer sent before may still appear")
    elif not _found(parts, row):
        _first_time(parts, row)


def reconcile(parts: Parts, row: Row) -> None:
    """`posting`, and nobody knows whether it was posted: after the horizon look for it, then post again."""
    waited_s = _waited_s(parts, row)
    horizon_s = parts.rules.horizon_s(row.platform)
    if waited_s < horizon_s:
        parts.ledger.put_off(row, min(horizon_s - waited_s, 5.0), row.reason)
    elif not _found(parts, row):
        point(Point.LOOKED_FOR)
        _again(parts, row)


def _again(parts: Parts, row: Row) -> None:
    """It was certainly not posted. A painting that never gets through is at last told of in words."""
    if row.attempts >= parts.rules.posting_tries and _answer(row).about is About.PAINTING:
        _not_taken(parts, row)
    else:
        _send(parts, parts.ledger.begin_posting(row), _reply(parts, row))


def _not_taken(parts: Parts, row: Row) -> None:
    parts.ledger.decide(row, Answer(About.TROUBLE, Trouble.NOT_TAKEN.value, _answer(row).language))


def _may_be_answered_already(parts: Parts, row: Row) -> bool:
    """A mention from before this process began may have been answered under a ledger that was lost or restored.

    The order in which mentions came, the platform's clock and ours may each be wrong, so each of them is enough.
    """
    began = max(parts.process.started_at, parts.platforms[row.platform].first_contact())
    return row.process_id != parts.ledger.process_id or _written(row) <= began + _SKEW_S


def _is_before_the_ledger(parts: Parts, row: Row) -> bool:
    first_contact = parts.platforms[row.platform].first_contact()
    return not row.process_id or _written(row) <= max(parts.ledger.created_at.wall, first_contact)


def _waited_s(parts: Parts, row: Row) -> float:
    """Seconds since `posting` was written."""
    return _since_s(parts, row.posting_boot, row.posting_steady)


def _since_s(parts: Parts, boot: str, steady: float) -> float:
    """Seconds since then, by the clock that does not jump; after a reboot, since we began."""
    return parts.clock.steady() - (steady if boot == parts.clock.boot else parts.process.started)


def _unknown_posts(parts: Parts, row: Row) -> tuple[list[str], list[str]]:
    """Ids of our notes and of our answers to the mention of `row` that are not in the ledger, each oldest first."""
    known = {post.id for post in parts.ledger.posts(row.platform, row.id)}
    found = [post_id for post_id in parts.platforms[row.platform].find(row.id) if post_id not in known]
    notes = [post_id for post_id in found if _is_note(parts, row, post_id)]
    return notes, [post_id for post_id in found if post_id not in notes]


def _is_note(parts: Parts, row: Row, post_id: str) -> bool:
    platform = parts.platforms[row.platform]
    if platform.limits().one_reply_only:
        return False
    post = platform.look(post_id)
    return post is not None and not post.attachments and is_note(post.text)


def _found(parts: Parts, row: Row) -> bool:
    """Whether our answer exists already; then the row ends. A note that a lost ledger knew of will go with it."""
    notes, answers = _unknown_posts(parts, row)
    for note in notes:
        parts.ledger.remember(Post(row.platform, note, row.id, PostKind.NOTE))
    if answers:
        log.info("found our answer", extra={"platform": row.platform, "mention": row.id})
        parts.metrics.recoveries.labels("reconciled").inc()
        _finish(parts, row, answers[0])
    return bool(answers)


def _first_time(parts: Parts, row: Row) -> None:
    checked = recheck(parts, row)
    if checked is None:
        return
    reply = _reply(parts, checked)
    closed_until = parts.process.closed_until.get((row.platform, bool(reply.paintings)), 0.0)
    closed_s = closed_until - parts.clock.steady()
    if closed_s > 0:
        parts.ledger.put_off(checked, closed_s, "RateLimited")
        return
    point(Point.COMPOSED)
    row = parts.ledger.begin_posting(checked)
    point(Point.POSTING)
    _send(parts, row, reply)


def _send(parts: Parts, row: Row, reply: Reply) -> None:
    try:
        post_id = parts.platforms[row.platform].post(reply)
    except PictureRefused as exc:
        _picture_refused(parts, row, reply, exc)
    except Refused as exc:
        log.info("refused", extra={"platform": row.platform, "mention": row.id, "status": exc.status})
        parts.metrics.platform_failed(row.platform, exc)
        parts.ledger.move(row, State.WITHDRAWN, f"refused with {exc.status}")
    except (RateLimited, NotSent, Unauthorized) as exc:
        _not_posted(parts, row, reply, exc)
        raise
    except Unknown as exc:
        parts.metrics.platform_failed(row.platform, exc)
        raise
    else:
        point(Point.POSTED)
        _finish(parts, row, post_id)


def _picture_refused(parts: Parts, row: Row, reply: Reply, exc: PictureRefused) -> None:
    """Sent once more at half the weight, and smaller again; where that is refused as well, it is said in words."""
    log.info("picture refused", extra={"platform": row.platform, "mention": row.id, "status": exc.status})
    parts.metrics.platform_failed(row.platform, exc)
    largest = max((len(picture.data) for picture in reply.paintings), default=0)
    smaller = _reply(parts, row, largest // 2)
    lighter = max((len(picture.data) for picture in smaller.paintings), default=0)
    if 0 < lighter < largest and largest > _LEAST_BYTES:
        _send(parts, row, smaller)
    else:
        _not_taken(parts, row)


def _not_posted(parts: Parts, row: Row, reply: Reply, exc: RateLimited | NotSent | Unauthorized) -> None:
    """Puts the row back to `decided`: certainly nothing was posted."""
    parts.metrics.platform_failed(row.platform, exc)
    parts.ledger.not_posted(row, type(exc).__name__)
    if isinstance(exc, RateLimited):
        until = parts.clock.steady() + exc.wait_s(parts.clock.now())
        # Uploads have a bucket of their own: while it is empty, sentences still go out.
        for kind in {True, bool(reply.paintings)}:
            parts.process.closed_until[row.platform, kind] = until


def _finish(parts: Parts, row: Row, post_id: str) -> None:
    """Ends the row, deletes its note, and has the mention watched for a while."""
    answer, ledger = _answer(row), parts.ledger
    ours = Post(row.platform, post_id, row.id, PostKind.REPLY)
    watch = FIRST_WATCH_S if parts.rules.watches_s.get(row.platform, 0) > 0 else None
    notes = [p for p in ledger.posts(row.platform, row.id) if p.kind is PostKind.NOTE]
    try:
        ledger.answered(row, post_id, answer.ends_as, answer.code, watch)
    except StaleRow:
        # Withdrawn while the request was under way: what was posted goes again.
        ledger.remember(ours)
        ledger.erasure.mark_for_deletion(ours)
    else:
        parts.metrics.replied(row.platform, max(0.0, parts.clock.now() - row.recorded_at))
    for note in notes:
        ledger.erasure.mark_for_deletion(note)
    if answer.about is About.COMMAND and answer.code == CommandKind.FORGET_ME:
        ledger.erasure.mark_for_deletion(ours, FAREWELL_S)
        ledger.erasure.forget(row.platform, row.mention.author.id)


def _note_is_settled(parts: Parts, row: Row) -> bool:
    """A note whose id was lost is found before it could be taken for the answer; it may appear for a horizon."""
    posts = parts.ledger.posts(row.platform, row.id)
    intended = next((post for post in posts if post.kind is PostKind.INTENDED_NOTE), None)
    if intended is None:
        return True
    # First the time, then the look: what appears between the two is not missed.
    waited_s = _since_s(parts, intended.boot, intended.steady)
    notes, _ = _unknown_posts(parts, row)
    if not notes and waited_s < parts.rules.horizon_s(row.platform):
        return False
    parts.ledger.noted(row, notes[0] if notes else "")
    return True


def _reply(parts: Parts, row: Row, most_bytes: int = 0) -> Reply:
    """`most_bytes`: what a painting may weigh, where the platform takes less than it says."""
    limits = parts.platforms[row.platform].limits()
    if most_bytes:
        limits = replace(limits, image_bytes=min(limits.image_bytes, most_bytes))
    answer = _answer(row)
    jobs = parts.ledger.jobs(row) if answer.about is About.PAINTING else ()
    return compose(replace(row, answer=answer), jobs, limits, parts.pictures, parts.house.names)


def _written(row: Row) -> float:
    """When the mention was written, by its platform's clock; long ago where it does not say."""
    return row.mention.created_at.timestamp() if row.mention.created_at else 0.0


def _answer(row: Row) -> Answer:
    return row.answer or Answer(About.FAILURE, FailureCode.INTERNAL.value)
