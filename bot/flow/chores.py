"""What is done now and then: notes to those who wait long, deletions, retention."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.errors import NotSent, PlatformError, RateLimited, Refused, TransportDown, Unauthorized, is_shared
from bot.flow.backoff import own_pause_s
from bot.flow.parts import Parts
from bot.ledger import Post, Row, StaleRow, Unreadable
from bot.reply.compose import voice_for

log = logging.getLogger(__name__)

_LOOK_S = 10.0
"""A mention that waits is not looked for more often."""
_SOON_S = 300.0
_LATER_S = 3600.0
_RETRY_S = 30.0
_Again = Callable[[str, str, float | None], None]
"""Says of a post (platform, id) after how many seconds it is looked for again, or never."""
_MINUTE = 6
"""A first pause of 2 ** 6 seconds."""
_QUIET_S = 300.0
"""No note is tried again so soon after it was refused."""


class Caretaker:
    """One small round at a time; a platform that fails is asked again later. Never raises PlatformError."""

    def __init__(self, parts: Parts) -> None:
        self._ledger = parts.ledger
        self._queue = parts.queue
        self._pictures = parts.pictures
        self._platforms = parts.platforms
        self._rules = parts.rules
        self._clock = parts.clock
        self._metrics = parts.metrics
        self._pace = parts.pace
        self._quiet_until: dict[tuple[str, str], float] = {}
        self._looked_at: dict[tuple[str, str], float] = {}
        """When a mention that waits was looked for, by the steady clock."""
        self._deletions: dict[str, int] = {}
        """How often the deletion of a post of ours failed."""

    def note(self, row: Row) -> None:
        """Tells somebody who will wait long, once. Raises TransportDown."""
        platform = self._platforms[row.platform]
        if self._ledger.posts(row.platform, row.id) or self._is_quiet(row):
            return
        try:
            jobs = [job.job.id for job in self._ledger.jobs(row) if not job.outcome]
        except Unreadable:
            return
        place = max((self._queue.waiting(job).place for job in jobs), default=0)
        wait_s = self._pace.wait_s(place)
        if wait_s < self._rules.note_after_s or platform.limits().one_reply_only:
            return
        text = voice_for(row, platform.limits(), row.plan.language if row.plan else "en").waiting(
            place, timedelta(seconds=round(wait_s))
        )
        with suppress(StaleRow):
            self._ledger.intend_note(row)
            self._send_note(row, text)

    def _send_note(self, row: Row, text: str) -> None:
        try:
            self._ledger.noted(row, self._platforms[row.platform].note(row.mention, text))
        except (Refused, RateLimited, NotSent, Unauthorized) as exc:  # certainly not posted
            self._ledger.noted(row, "")
            self._quiet_until[row.key] = self._clock.steady() + _QUIET_S
            self._metrics.platform_failed(row.platform, type(exc).__name__)
        except PlatformError as exc:
            self._metrics.platform_failed(row.platform, type(exc).__name__)

    def _is_quiet(self, row: Row) -> bool:
        """Whether a note was refused a while ago: it is not tried at every round."""
        now = self._clock.steady()
        self._quiet_until = {key: at for key, at in self._quiet_until.items() if at > now}
        return row.key in self._quiet_until

    def follow_deletions(self, name: str) -> None:
        """Where a mention is gone, or a post that gave a picture, our answer and its pictures go, too."""
        ledger = self._ledger
        for mention_id, age_s in ledger.erasure.watched(name):
            self._follow(name, mention_id, age_s, (mention_id,), ledger.erasure.watch_again)
        for post_id, age_s in ledger.sources.watched(name):
            painted = ledger.sources.mentions(name, post_id)
            self._follow(name, post_id, age_s, painted, ledger.sources.watch_again)

    def _follow(self, name: str, post_id: str, age_s: float, painted: Sequence[str], again: _Again) -> None:
        """Withdraws the mentions `painted` when this post is gone, else says when it is looked for `again`."""
        try:
            exists = self._platforms[name].exists(post_id)
        except PlatformError as exc:
            self._metrics.platform_failed(name, type(exc).__name__)
            return again(name, post_id, _SOON_S)
        if exists:
            following = age_s < self._rules.watches_s.get(name, 0)
            return again(name, post_id, (_SOON_S if age_s < _LATER_S else _LATER_S) if following else None)
        again(name, post_id, None)
        for mention_id in painted:
            row = self._ledger.get(name, mention_id)
            if row is not None:
                self._withdraw(row)

    def _withdraw(self, row: Row) -> None:
        for job in self._ledger.erasure.withdraw(row, "deleted"):
            with suppress(TransportDown):  # the painting will find no row to go to
                self._queue.cancel(job)

    def follow_waiting(self, name: str, rows: Sequence[Row]) -> None:
        """Whoever deletes a mention while it waits or is painted takes the wish back: one look at a time, in turn.

        Not where each look costs money, as on X; there, as everywhere, nothing is posted under a mention that is gone.
        """
        platform, now = self._platforms[name], self._clock.steady()
        if not rows or platform.limits().one_reply_only:
            return
        others = {key: at for key, at in self._looked_at.items() if key[0] != name}
        self._looked_at = others | {row.key: self._looked_at.get(row.key, now) for row in rows}
        row = min(rows, key=lambda row: self._looked_at[row.key])
        if now - self._looked_at[row.key] < _LOOK_S:
            return
        self._looked_at[row.key] = now
        try:
            if not platform.exists(row.id):
                self._withdraw(row)
        except PlatformError as exc:
            self._metrics.platform_failed(name, type(exc).__name__)

    def seek_strays(self, name: str) -> None:
        """Looks for posts of ours that may exist although what they answer was withdrawn."""
        strays, platform = self._ledger.strays, self._platforms[name]
        for stray in strays.due(name):
            since = datetime.fromtimestamp(stray.since, UTC)
            try:
                strays.looked(stray, platform.strays(stray.mention, stray.author, since))
            except PlatformError as exc:
                self._metrics.platform_failed(name, type(exc).__name__)
                strays.later(stray, _RETRY_S)
                if is_shared(exc):
                    return

    def delete_posts(self, name: str) -> None:
        """Deletes posts of ours that are to go."""
        for post in self._ledger.erasure.posts(name):
            try:
                self._platforms[name].delete(post.id)
            except Refused as exc:
                log.error("may not delete our own post", extra={"platform": name, "status": exc.status})
                self._ledger.erasure.post_later(post, _LATER_S)
            except PlatformError as exc:
                self._metrics.platform_failed(name, type(exc).__name__)
                self._later(post)
                if is_shared(exc):
                    return
            else:
                self._deletions.pop(post.id, None)
                self._ledger.erasure.post_gone(post)

    def _later(self, post: Post) -> None:
        """A deletion that fails again and again is tried less and less often, once an hour at least."""
        tries = self._deletions.get(post.id, 0)
        self._deletions[post.id] = tries + 1
        self._ledger.erasure.post_later(post, own_pause_s(_MINUTE + tries))

    def tidy(self) -> None:
        """Marks what is past its time and removes pictures that nobody needs any more."""
        self._ledger.erasure.expire(self._rules.retention)
        self.forget_pictures()
        with suppress(TransportDown):
            self._queue.sweep()

    def forget_pictures(self) -> None:
        """Removes the pictures that are marked."""
        keys = self._ledger.erasure.pictures()
        if keys:
            self._pictures.forget(keys)
            self._ledger.erasure.pictures_gone(keys)

    def measure(self) -> None:
        """Ages of every state and the length of the queue, for the metrics. Raises TransportDown."""
        merged: dict[str, tuple[int, float]] = {}
        for (_, state), (rows, age_s) in self._ledger.counts().items():
            before = merged.get(state, (0, 0.0))
            merged[state] = (before[0] + rows, max(before[1], age_s))
        self._metrics.ledger(merged)
        self._metrics.unreadable(self._ledger.unreadable())
        self._metrics.queue(self._queue.depth())
