"""The way of a mention, on one page: `receive` until it is painted, `deliver` until we know what to say."""

from dataclasses import replace

from bot.crashpoints import Point, point
from bot.errors import PictureError, PlatformError, TransportFull, Unauthorized
from bot.flow.backoff import own_pause_s
from bot.flow.commands import Deeds
from bot.flow.interpret import Understanding
from bot.flow.parts import Parts
from bot.flow.plan import Gathering
from bot.flow.transit import settle
from bot.flow.unfinished import pause_s
from bot.ledger import About, Answer, JobRow, Row, State
from bot.ledger.origin import audience
from bot.policy import DAY_S, Allowed, Wait
from bot.posts import Visibility
from bot.request.reading import Asked, Declined, Deed, Hint, Ignored, Reading, Silence, Wanted
from worker.contract import OUTCOME, Failed, FailureCode, Rendered

_TOLD_ONCE_A_DAY = frozenset({Hint.HOW_TO, Hint.NO_PICTURE, Hint.NOT_IMAGES})
_LONGEST_WAIT_S = 60.0
_FAREWELLS_S = 3600.0
_ROOM_S = 2.0
"""Between two looks whether Redis has room for a mention's pictures."""


class Pipeline:
    """Each public method takes one row one step further and may die anywhere: the next call goes on from the ledger."""

    def __init__(self, parts: Parts) -> None:
        self._ledger = parts.ledger
        self._queue = parts.queue
        self._pictures = parts.pictures
        self._platforms = parts.platforms
        self._understanding = Understanding(parts)
        self._house = parts.house
        self._rules = parts.rules
        self._clock = parts.clock
        self._metrics = parts.metrics
        self._pace = parts.pace
        self._deeds = Deeds(parts.ledger, parts.queue)
        self._gathering = Gathering(parts)
        self._jumped = False
        self._farewells: dict[tuple[str, str], float] = {}

    # A mention comes in.

    def receive(self, row: Row) -> None:
        """`new` -> `queued`, or to a sentence, or to silence. Raises PlatformError and TransportDown: try again."""
        row = replace(row, mention=self._understanding.completed(row))
        reading = self._understanding.read(row)
        if self._may_be_unfinished(row, reading):
            return
        row = self._ledger.refresh(row)
        match reading:
            case Ignored(why):
                self._ignore(row, why)
            case Asked():
                self._do(row, reading)
            case Declined():
                self._decline(row, reading)
            case Wanted():
                self._start(row, reading)

    def _may_be_unfinished(self, row: Row, reading: Reading) -> bool:
        """What its server has not resolved yet is not absent: such a post is read again for a while."""
        whole_s = self._rules.unfinished_s.get(row.platform, 0.0)
        waited_s = self._clock.now() - row.recorded_at
        wait_s = pause_s(row.mention, reading, waited_s, row.attempts, whole_s)
        if wait_s:
            self._ledger.put_off(row, wait_s, "perhaps not whole yet")
        return wait_s > 0

    def _start(self, row: Row, wanted: Wanted) -> None:
        if self._waits_its_minute(row):
            return None
        if not self._ledger.counters.claim_reply_slot(row, self._rules.replies_per_thread):
            return self._enough(row, wanted)
        verdict = self._ledger.counters.take_quota(row, self._rules.quota)
        if isinstance(verdict, Wait):
            return self._cool_down(row, wanted, verdict)
        try:
            gathered = self._gathering.gather(row, wanted)
        except PictureError as exc:
            return self._without_picture(row, wanted, exc)
        if isinstance(gathered, Declined):
            return self._decline(row, gathered)
        limits = self._platforms[row.platform].limits()
        narrow = audience(replace(row, plan=gathered.plan, answer=Answer(About.PAINTING))) > Visibility.UNLISTED
        if narrow and limits.all_public:
            return self._decline(row, Declined(Hint.NOT_PUBLIC, wanted.language))
        jobs = self._gathering.jobs(row, gathered, takes_video=limits.video)
        row = self._ledger.plan(row, gathered.plan, jobs)
        point(Point.PLANNED)
        self.submit(row)
        self._accept(row)

    def _waits_its_minute(self, row: Row) -> bool:
        """Whoever answers us in words has just been answered: that is no loop, and is put off to the next minute."""
        parent = row.mention.parent
        pause_s = self._ledger.counters.cooldown_s(row) if parent and parent.by_us and not row.mention.images else 0.0
        if pause_s > 0:
            self._ledger.put_off(row, pause_s, "one answer a minute in a thread")
        return pause_s > 0

    def submit(self, row: Row) -> None:
        """`ready` -> `queued`, or later where Redis has no room. Raises TransportDown: the row stays ready."""
        try:
            self._submit(row)
        except TransportFull:
            self._metrics.had_no_room()
            self._ledger.put_off(row, _ROOM_S, "no room in Redis")

    def _submit(self, row: Row) -> None:
        front = self._may_jump(row)
        for job in self._ledger.jobs(row):
            if not job.outcome:
                blobs = self._blobs(job)
                if blobs is None:
                    self._ledger.decide(row, Answer(About.PICTURE, "gone", _language(row)))
                    return
                self._queue.submit(job.job, blobs, at_front=front)
        point(Point.SUBMITTED)
        self._ledger.move(row, State.QUEUED)
        point(Point.QUEUED)

    def _blobs(self, job: JobRow) -> list[bytes] | None:
        """Every picture of a job, or None when one was removed meanwhile."""
        keys = [*filter(None, [job.job.photo]), *job.job.styles]
        blobs = [data for key in keys if (data := self._pictures.read(key)) is not None]
        return blobs if len(blobs) == len(keys) else None

    def _may_jump(self, row: Row) -> bool:
        """Followers go to the front of the queue, at most every second job, so that nobody starves."""
        self._jumped = row.mention.author.follows_us and not self._jumped
        return self._jumped

    # It is painted.

    def deliver(self, row: Row) -> None:
        """`queued` -> `rendered` once every job of `row` ended. Raises TransportDown."""
        jobs = [job if job.outcome else self._collect(row, job) for job in self._ledger.jobs(row)]
        if not jobs or not all(job.outcome for job in jobs):
            return
        point(Point.PAINTED)
        if any(job.painting for job in jobs):
            answer = Answer(About.PAINTING, language=_language(row))
        else:
            failure = OUTCOME.validate_json(jobs[0].outcome)
            code = failure.code if isinstance(failure, Failed) else FailureCode.INTERNAL
            answer = Answer(About.FAILURE, code.value, _language(row))
        self._ledger.decide(row, answer)
        settle(row, jobs, self._ledger, self._queue)

    def _collect(self, row: Row, job: JobRow) -> JobRow:
        """`job` with its outcome, if there is one; what can be mended is sent again."""
        outcome = self._queue.outcome(job.job.id)
        painting = ""
        if outcome is None:
            return job
        if isinstance(outcome, Rendered):
            data = self._queue.painting(outcome)
            if data is None and self._once_more(row, job):
                return job
            outcome, painting = self._taken(data, job, outcome)
        elif outcome.code is FailureCode.PICTURE_MISSING and self._once_more(row, job):
            self._metrics.failed(outcome)
            return job
        if isinstance(outcome, Failed):
            self._metrics.failed(outcome)
        text = outcome.model_dump_json()
        self._ledger.ended(row, job.job.id, text, painting)
        return replace(job, outcome=text, painting=painting)

    def _once_more(self, row: Row, job: JobRow) -> bool:
        """Sends a job again whose painting or pictures did not arrive; False where that came to nothing too often."""
        again = row.attempts < self._rules.unexpected_tries and self.send_again(row, job)
        if again:
            self._ledger.put_off(row, own_pause_s(row.attempts), "sent again", trouble=True)
        return again

    def _taken(self, data: bytes | None, job: JobRow, told: Rendered) -> tuple[Rendered | Failed, str]:
        """What came of it, and the key of the painting; what is none fails as a mistake of ours."""
        if data is None:
            return Failed(id=told.id, code=FailureCode.INTERNAL, detail="its painting never arrived"), ""
        try:
            painting = self._pictures.take(data, job.job, told)
        except PictureError as exc:
            if exc.retry:
                raise
            return Failed(id=told.id, code=FailureCode.INTERNAL, detail=f"painting refused: {exc.reason.value}"), ""
        self._metrics.rendered(told)
        self._pace.ended(told.seconds)
        return told, painting

    def send_again(self, row: Row, job: JobRow) -> bool:
        """Forget what Redis knows of a job and send it once more; False when its pictures are gone."""
        blobs = self._blobs(job)
        if blobs is None:
            return False
        self._queue.discard(job.job.id)
        try:
            self._queue.submit(job.job, blobs)
        except TransportFull:
            self._metrics.had_no_room()
            self._ledger.move(row, State.READY, "no room in Redis")
        else:
            self._metrics.recovered("resubmitted")
        return True

    # It is not painted.

    def _ignore(self, row: Row, why: Silence) -> None:
        self._ledger.move(row, State.IGNORED, why.value)

    def _decline(self, row: Row, declined: Declined) -> None:
        """One kind sentence; how to ask is told to a person once a day, or we would lecture in every chat."""
        if self._waits_its_minute(row):
            return
        once = declined.hint in _TOLD_ONCE_A_DAY
        if once and not self._ledger.counters.tell_once(row, "how_to", DAY_S):
            return self._ignore(row, Silence.HOWTO_ALREADY_SENT)
        if not self._ledger.counters.claim_reply_slot(row, self._rules.replies_per_thread):
            return self._ignore(row, Silence.LOOP)
        if not self._may_be_told(row):
            return None
        self._metrics.refused(declined.hint.value)
        self._ledger.decide(row, Answer(About.HINT, declined.hint.value, declined.language, near=declined.near))

    def _may_be_told(self, row: Row) -> bool:
        """Sentences count against the quotas, too; over them, not a word."""
        verdict = self._ledger.counters.take_quota(row, self._rules.quota)
        if isinstance(verdict, Wait):
            self._metrics.quota_hit(verdict.of)
            self._ledger.move(row, State.DECLINED, "quota")
        return not isinstance(verdict, Wait)

    def _enough(self, row: Row, wanted: Wanted) -> None:
        """A thread has its answers. Who asks for another painting is told so, once a day; a loop is not."""
        if not wanted.again_of or not self._ledger.counters.tell_once(row, "thread_full", DAY_S):
            return self._ignore(row, Silence.LOOP)
        self._metrics.refused(Hint.THREAD_FULL.value)
        self._ledger.decide(row, Answer(About.HINT, Hint.THREAD_FULL.value, wanted.language))

    def _cool_down(self, row: Row, wanted: Wanted, wait: Wait) -> None:
        """Over the quota: said once a day, afterwards not a word."""
        self._metrics.quota_hit(wait.of)
        if not self._ledger.counters.tell_once(row, "cooldown", DAY_S):
            self._ledger.move(row, State.DECLINED, "quota")
            return
        self._ledger.decide(row, Answer(About.COOLDOWN, wait.of, wanted.language, wait.seconds))

    def _without_picture(self, row: Row, wanted: Wanted, trouble: PictureError) -> None:
        """Passing troubles are waited out for ten minutes before the person hears of them."""
        waited_s = self._clock.now() - row.recorded_at
        if trouble.retry and 0 <= waited_s < self._rules.pictures_pending_s:
            wait_s = min(_LONGEST_WAIT_S, own_pause_s(row.attempts))
            self._ledger.put_off(row, wait_s, trouble.reason.value, trouble=True)
            return
        self._metrics.refused(trouble.reason.value)
        self._ledger.decide(row, Answer(About.PICTURE, trouble.reason.value, wanted.language))

    def _do(self, row: Row, asked: Asked) -> None:
        match self._deeds.do(row, asked):
            case Declined() as declined:
                self._decline(row, declined)
            case Answer() as answer:
                self._say_done(row, answer, asked.deed)

    def _say_done(self, row: Row, answer: Answer, deed: Deed) -> None:
        """What was asked for is done in any case; the word for it counts against the quotas."""
        forgets = deed is Deed.FORGET_ME
        told = self._ledger.counters.take_quota(row, self._rules.quota)
        if isinstance(told, Allowed) and not (forgets and self._was_bidden_farewell(row)):
            self._ledger.decide(row, answer)
            return
        self._ledger.move(row, State.ANSWERED, deed.value)
        if forgets:
            self._ledger.erasure.forget(row.platform, row.mention.author.id)

    def _was_bidden_farewell(self, row: Row) -> bool:
        """Whoever was forgotten is counted nowhere any more: for an hour this process knows whom it told so."""
        now, person = self._clock.steady(), (row.platform, row.mention.author.id)
        self._farewells = {known: at for known, at in self._farewells.items() if now - at < _FAREWELLS_S}
        lately = person in self._farewells
        self._farewells.setdefault(person, now)
        return lately

    def _accept(self, row: Row) -> None:
        try:
            self._platforms[row.platform].accept(row.mention)
        except Unauthorized:
            raise
        except PlatformError as exc:
            self._metrics.platform_failed(row.platform, type(exc).__name__)


def _language(row: Row) -> str:
    return row.plan.language if row.plan else "en"
