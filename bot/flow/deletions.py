"""Deletions: of a mention or of a post that gave a picture, which take our answer with them, and of posts of ours."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from bot.errors import PlatformError, Refused, TransportDown, is_shared
from bot.flow.backoff import own_pause_s
from bot.flow.parts import Parts
from bot.ledger import Post, Row

log = logging.getLogger(__name__)

_LOOK_S = 10.0
"""A mention that waits is not looked for more often."""
_SOON_S = 300.0
_LATER_S = 3600.0
_RETRY_S = 30.0
_MINUTE = 6
"""A first pause of 2 ** 6 seconds."""
_Again = Callable[[str, str, float | None], None]
"""Says of a post (platform, id) after how many seconds it is looked for again, or never."""


def follow_deletions(parts: Parts, name: str) -> None:
    """Where a mention is gone, or a post that gave a picture, our answer and its pictures go, too."""
    erasure, sources = parts.ledger.erasure, parts.ledger.sources
    for mention_id, age_s in erasure.watched(name):
        _follow(parts, name, mention_id, age_s, painted=(mention_id,), again=erasure.watch_again)
    for post_id, age_s in sources.watched(name):
        _follow(parts, name, post_id, age_s, painted=sources.mentions(name, post_id), again=sources.watch_again)


def _follow(parts: Parts, name: str, post_id: str, age_s: float, *, painted: Sequence[str], again: _Again) -> None:
    """Withdraws the mentions `painted` when this post is gone, else says when it is looked for `again`."""
    try:
        exists = parts.platforms[name].exists(post_id)
    except PlatformError as exc:
        parts.metrics.platform_failed(name, exc)
        return again(name, post_id, _SOON_S)
    if exists:
        following = age_s < parts.rules.watches_s.get(name, 0)
        return again(name, post_id, (_SOON_S if age_s < _LATER_S else _LATER_S) if following else None)
    again(name, post_id, None)
    for mention_id in painted:
        row = parts.ledger.get(name, mention_id)
        if row is not None:
            _withdraw(parts, row)
    return None


def _withdraw(parts: Parts, row: Row) -> None:
    cancel(parts, parts.ledger.erasure.withdraw(row, "deleted"))


def cancel(parts: Parts, jobs: Sequence[str]) -> None:
    for job in jobs:
        with suppress(TransportDown):  # the painting will find no row to go to
            parts.queue.cancel(job)


def follow_waiting(parts: Parts, name: str, rows: Sequence[Row]) -> None:
    """Whoever deletes a mention while it waits or is painted takes the wish back: one look at a time, in turn.

    Not where each look costs money, as on X; there, as everywhere, nothing is posted under a mention that is gone.
    """
    platform, now, process = parts.platforms[name], parts.clock.steady(), parts.process
    if not rows or platform.limits().one_reply_only:
        return
    others = {key: at for key, at in process.looked_at.items() if key[0] != name}
    looked = {row.key: process.looked_at.get(row.key, now) for row in rows}
    row = min(rows, key=lambda row: looked[row.key])
    is_time = now - looked[row.key] >= _LOOK_S
    process.looked_at = others | looked | ({row.key: now} if is_time else {})
    if not is_time:
        return
    try:
        if not platform.exists(row.id):
            _withdraw(parts, row)
    except PlatformError as exc:
        parts.metrics.platform_failed(name, exc)


def seek_strays(parts: Parts, name: str) -> None:
    """Looks for posts of ours that may exist although what they answer was withdrawn."""
    strays, platform = parts.ledger.strays, parts.platforms[name]
    for stray in strays.due(name):
        since = datetime.fromtimestamp(stray.since, UTC)
        try:
            strays.looked(stray, platform.strays(stray.mention, stray.author, since))
        except PlatformError as exc:
            parts.metrics.platform_failed(name, exc)
            strays.later(stray, _RETRY_S)
            if is_shared(exc):
                return


def delete_posts(parts: Parts, name: str) -> None:
    erasure = parts.ledger.erasure
    for post in erasure.posts(name):
        try:
            parts.platforms[name].delete(post.id)
        except Refused as exc:
            log.error("may not delete our own post", extra={"platform": name, "status": exc.status})
            erasure.mark_for_deletion(post, _LATER_S)
        except PlatformError as exc:
            parts.metrics.platform_failed(name, exc)
            _later(parts, post)
            if is_shared(exc):
                return
        else:
            parts.process.failed_deletions.pop(post.id, None)
            erasure.post_gone(post)


def _later(parts: Parts, post: Post) -> None:
    """A deletion that fails again and again is tried less and less often, once an hour at least."""
    tries = parts.process.failed_deletions.get(post.id, 0)
    parts.process.failed_deletions[post.id] = tries + 1
    parts.ledger.erasure.mark_for_deletion(post, own_pause_s(_MINUTE + tries))
