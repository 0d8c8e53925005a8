"""The direct note to a person who will wait long; it is written down before it is sent, as an answer is."""

from contextlib import suppress
from datetime import timedelta

from bot.errors import NotSent, PlatformError, RateLimited, Refused, Unauthorized
from bot.flow.parts import Parts
from bot.ledger import Row, StaleRow, Unreadable
from bot.reply import compose

_QUIET_S = 300.0
"""No note is tried again so soon after it was refused."""


def note(parts: Parts, row: Row) -> None:
    """Tells somebody who will wait long, once. Raises TransportDown."""
    if parts.ledger.posts(row.platform, row.id) or _was_refused(parts, row):
        return
    try:
        jobs = [job.job.id for job in parts.ledger.jobs(row) if not job.outcome]
    except Unreadable:
        return
    place = max((parts.queue.waiting(job).place for job in jobs), default=0)
    wait_s = parts.process.eta.wait_s(place)
    if wait_s < parts.rules.note_after_s:
        return
    limits = parts.platforms[row.platform].limits()
    if limits.one_reply_only:
        return
    with suppress(StaleRow):
        parts.ledger.intend_note(row)
        _send(parts, row, compose.note(row, limits, place, timedelta(seconds=round(wait_s))))


def _send(parts: Parts, row: Row, text: str) -> None:
    try:
        parts.ledger.noted(row, parts.platforms[row.platform].note(row.mention, text))
    except (Refused, RateLimited, NotSent, Unauthorized) as exc:  # certainly not posted
        parts.ledger.noted(row, "")
        # Put in place whole: every platform has a thread that reads it.
        parts.process.no_note_until = parts.process.no_note_until | {row.key: parts.clock.steady() + _QUIET_S}
        parts.metrics.platform_failed(row.platform, exc)
    except PlatformError as exc:
        parts.metrics.platform_failed(row.platform, exc)


def _was_refused(parts: Parts, row: Row) -> bool:
    now, process = parts.clock.steady(), parts.process
    process.no_note_until = {key: at for key, at in process.no_note_until.items() if at > now}
    return row.key in process.no_note_until
