"""Posting exactly once: written down before it is sent, looked for before it is sent again."""

import logging
from dataclasses import replace

from bot.crashpoints import Point, point
from bot.errors import NotSent, PictureError, PictureRefused, RateLimited, Refused, Unauthorized, Unknown
from bot.flow.parts import Parts
from bot.flow.recheck import Recheck
from bot.ledger import About, Answer, JobRow, Post, PostKind, Row, StaleRow, State
from bot.posts import Reply
from bot.reply.compose import caption, painting, reply_to, sentence, voice_for
from bot.request.reading import Deed, Trouble
from worker.contract import FailureCode, Film

log = logging.getLogger(__name__)

FIRST_WATCH_S = 120.0
_SKEW_S = 60.0
"""How far a platform's clock may be from ours."""
_LEAST_BYTES = 50_000
"""Of a painting that was refused: below, its weight is not the reason."""
FAREWELL_S = 1800.0
"""The word that somebody was forgotten is itself forgotten after this long."""


class Courier:
    """Takes rows from `decided` and `posting` to their end. One thread a platform calls it."""

    def __init__(self, parts: Parts) -> None:
        self._ledger = parts.ledger
        self._pictures = parts.pictures
        self._platforms = parts.platforms
        self._styles = parts.house.names
        self._rules = parts.rules
        self._clock = parts.clock
        self._metrics = parts.metrics
        self._recheck = Recheck(parts.ledger, parts.platforms)
        self._started = parts.clock.now()
        self._started_steady = parts.clock.steady()
        self._closed_until: dict[tuple[str, bool], float] = {}

    def post(self, row: Row) -> None:
        """`decided` -> its end. Stays, with a later time, where the platform did not take it."""
        if not self._note_is_settled(row):
            self._ledger.put_off(row, 1.0, "a note that was sent may still appear")
        elif row.round and row.posting_boot and self._waited_s(row) < self._rules.horizon_s(row.platform):
            self._ledger.put_off(row, 1.0, "replayed: an answer sent before may still appear")
        elif not self._may_be_answered_already(row):
            self._first_time(row)
        elif self._is_before_the_ledger(row) and self._since_created_s() < self._rules.horizon_s(row.platform):
            self._ledger.put_off(row, 1.0, "the ledger is new: an answer sent before may still appear")
        elif not self._found(row):
            self._first_time(row)

    def reconcile(self, row: Row) -> None:
        """`posting`, and nobody knows whether it was posted: after the horizon look for it, then post again."""
        waited_s = self._waited_s(row)
        horizon_s = self._rules.horizon_s(row.platform)
        if waited_s < horizon_s:
            self._ledger.put_off(row, min(horizon_s - waited_s, 5.0), row.reason)
        elif not self._found(row):
            point(Point.LOOKED_FOR)
            self._again(row)

    def _again(self, row: Row) -> None:
        """It was certainly not posted. A painting that never gets through is at last told of in words."""
        if row.attempts >= self._rules.posting_tries and _answer(row).about is About.PAINTING:
            self._ledger.decide(row, Answer(About.TROUBLE, Trouble.NOT_TAKEN.value, _answer(row).language))
        else:
            self._send(self._ledger.begin_posting(row), self._reply(row))

    def _may_be_answered_already(self, row: Row) -> bool:
        """A mention from before this process began may have been answered under a ledger that was lost or restored.

        The order in which mentions came, the platform's clock and ours may each be wrong, so each of them is enough.
        """
        began = max(self._started, self._first_contact(row))
        return row.process_id != self._ledger.process_id or _written(row) <= began + _SKEW_S

    def _is_before_the_ledger(self, row: Row) -> bool:
        return not row.process_id or _written(row) <= max(self._ledger.created_at.wall, self._first_contact(row))

    def _first_contact(self, row: Row) -> float:
        return self._platforms[row.platform].first_contact()

    def _since_created_s(self) -> float:
        created = self._ledger.created_at
        return self._since_s(created.boot, created.steady)

    def _waited_s(self, row: Row) -> float:
        """Seconds since `posting` was written."""
        return self._since_s(row.posting_boot, row.posting_steady)

    def _since_s(self, boot: str, steady: float) -> float:
        """Seconds since then, by the clock that does not jump; after a reboot, since we began."""
        return self._clock.steady() - (steady if boot == self._clock.boot else self._started_steady)

    def _found(self, row: Row) -> bool:
        """Ends `row` when our answer exists already."""
        known = {post.id for post in self._ledger.posts(row.platform, row.id)}
        found = [post_id for post_id in self._platforms[row.platform].find(row.id) if post_id not in known]
        if found:
            log.info("found our answer", extra={"platform": row.platform, "mention": row.id})
            self._metrics.recovered("reconciled")
            self._finish(row, found[0])
        return bool(found)

    def _first_time(self, row: Row) -> None:
        checked = self._recheck.now(row)
        if checked is None:
            return
        row = checked
        reply = self._reply(row)
        closed_s = self._closed_until.get((row.platform, bool(reply.paintings)), 0.0) - self._clock.steady()
        if closed_s > 0:
            self._ledger.put_off(row, closed_s, "RateLimited")
            return
        point(Point.COMPOSED)
        row = self._ledger.begin_posting(row)
        point(Point.POSTING)
        self._send(row, reply)

    def _send(self, row: Row, reply: Reply) -> None:
        try:
            post_id = self._platforms[row.platform].post(reply)
        except PictureRefused as exc:
            self._picture_refused(row, reply, exc)
        except Refused as exc:
            log.info("refused", extra={"platform": row.platform, "mention": row.id, "status": exc.status})
            self._metrics.platform_failed(row.platform, "Refused")
            self._ledger.move(row, State.WITHDRAWN, f"refused with {exc.status}")
        except (RateLimited, NotSent, Unauthorized) as exc:
            self._not_posted(row, reply, exc)
            raise
        except Unknown:
            self._metrics.platform_failed(row.platform, "Unknown")
            raise
        else:
            point(Point.POSTED)
            self._finish(row, post_id)

    def _picture_refused(self, row: Row, reply: Reply, exc: PictureRefused) -> None:
        """Sent once more at half the weight, and smaller again; where that is refused as well, it is said in words."""
        log.info("picture refused", extra={"platform": row.platform, "mention": row.id, "status": exc.status})
        self._metrics.platform_failed(row.platform, "PictureRefused")
        largest = max((len(picture.data) for picture in reply.paintings), default=0)
        smaller = self._reply(row, largest // 2)
        lighter = max((len(picture.data) for picture in smaller.paintings), default=0)
        if 0 < lighter < largest and largest > _LEAST_BYTES:
            self._send(row, smaller)
        else:
            self._ledger.decide(row, Answer(About.TROUBLE, Trouble.NOT_TAKEN.value, _answer(row).language))

    def _not_posted(self, row: Row, reply: Reply, exc: RateLimited | NotSent | Unauthorized) -> None:
        """Back to `decided`: certainly nothing was posted."""
        name = type(exc).__name__
        self._metrics.platform_failed(row.platform, name)
        self._ledger.not_posted(row, name)
        if isinstance(exc, RateLimited):
            pause_s = exc.wait_s(self._clock.now())
            # Uploads have a bucket of their own: while it is empty, sentences still go out.
            for kind in {True, bool(reply.paintings)}:
                self._closed_until[row.platform, kind] = self._clock.steady() + pause_s

    def _finish(self, row: Row, post_id: str) -> None:
        """The row at its end, the note gone, the mention watched for a while."""
        answer = _answer(row)
        watch = FIRST_WATCH_S if self._rules.watches_s.get(row.platform, 0) > 0 else None
        erasure = self._ledger.erasure
        notes = [p for p in self._ledger.posts(row.platform, row.id) if p.kind is PostKind.NOTE]
        try:
            self._ledger.answered(row, post_id, answer.ends_as, answer.code, watch)
        except StaleRow:
            # Withdrawn while the request was under way: what was posted goes again.
            self._ledger.remember(Post(row.platform, post_id, row.id, PostKind.REPLY))
            erasure.mark_for_deletion(Post(row.platform, post_id, row.id, PostKind.REPLY))
        else:
            self._metrics.replied(row.platform, max(0.0, self._clock.now() - row.recorded_at))
        for note in notes:
            erasure.mark_for_deletion(note)
        if answer.about is About.DEED and answer.code == Deed.FORGET_ME:
            erasure.mark_for_deletion(Post(row.platform, post_id, row.id, PostKind.REPLY), FAREWELL_S)
            erasure.forget(row.platform, row.mention.author.id)

    def _note_is_settled(self, row: Row) -> bool:
        """A note whose id was lost is found before it could be taken for the answer; it may appear for a horizon."""
        posts = self._ledger.posts(row.platform, row.id)
        intended = next((post for post in posts if post.kind is PostKind.INTENDED_NOTE), None)
        if intended is None:
            return True
        known = {post.id for post in posts}
        # First the time, then the look: what appears between the two is not missed.
        waited_s = self._since_s(intended.boot, intended.steady)
        found = [post_id for post_id in self._platforms[row.platform].find(row.id) if post_id not in known]
        if not found and waited_s < self._rules.horizon_s(row.platform):
            return False
        self._ledger.noted(row, found[0] if found else "")
        return True

    def _reply(self, row: Row, most_bytes: int = 0) -> Reply:
        """`most_bytes`: what a painting may weigh, where the platform takes less than it says."""
        limits = self._platforms[row.platform].limits()
        if most_bytes:
            limits = replace(limits, image_bytes=min(limits.image_bytes, most_bytes))
        answer = _answer(row)
        voice = voice_for(row, limits, answer.language)
        if answer.about is not About.PAINTING or row.plan is None:
            return reply_to(row, sentence(voice, answer, self._styles(answer.language)), limits)
        jobs = self._ledger.jobs(row)
        painted = [(job, data) for job in jobs if (data := self._painted(job, limits.image_bytes)) is not None]
        if not painted:
            return reply_to(row, voice.failed(FailureCode.INTERNAL), limits)
        plan, jobs = row.plan, [job for job, _ in painted]
        pictures = [painting(voice, plan, job, data) for job, data in painted]
        return reply_to(row, caption(voice, plan, jobs), limits, pictures)

    def _painted(self, job: JobRow, limit_bytes: int) -> bytes | None:
        """The painting of a job as it fits, or its film, which does; None where there is none."""
        data = self._pictures.read(job.painting) if job.painting else None
        if data is None or len(data) <= limit_bytes or job.job.options.film is not Film.NONE:
            return data
        try:
            return self._pictures.fitted(data, limit_bytes)
        except PictureError as exc:
            log.error("a painting could not be made to fit", extra={"job": job.job.id, "why": exc.reason.value})
            return None


def _written(row: Row) -> float:
    """When the mention was written, by its platform's clock; long ago where it does not say."""
    return row.mention.created_at.timestamp() if row.mention.created_at else 0.0


def _answer(row: Row) -> Answer:
    return row.answer or Answer(About.FAILURE, FailureCode.INTERNAL.value)
