"""Jobs that got lost between Redis and a worker are sent again; one that kills its workers is given up."""

import logging

from bot.flow.parts import Parts
from bot.flow.pipeline import Pipeline
from bot.ledger import About, Answer, JobRow, Row, State
from worker.contract import FailureCode

log = logging.getLogger(__name__)

_LOOKS = 20
"""An open job is looked for every second; one that nobody looked for during so many patiences has ended."""


class Reaper:
    """Looks at every job that was sent and has no outcome. Raises TransportDown."""

    def __init__(self, parts: Parts, pipeline: Pipeline) -> None:
        self._ledger = parts.ledger
        self._queue = parts.queue
        self._pipeline = pipeline
        self._rules = parts.rules
        self._clock = parts.clock
        self._metrics = parts.metrics
        self._missed: dict[str, float] = {}

    @property
    def missing(self) -> frozenset[str]:
        """Jobs that were nowhere when they were last looked for."""
        return frozenset(self._missed)

    def look(self, row: Row) -> None:
        """`queued` rows: jobs that are nowhere, at two looks, go back to the queue."""
        for job in self._ledger.jobs(row):
            if job.outcome:
                continue
            waiting = self._queue.waiting(job.job.id)
            if waiting.known or self._queue.outcome(job.job.id) is not None:
                self._missed.pop(job.job.id, None)
            elif self._is_lost(job):
                self._missed.pop(job.job.id, None)
                if not self._recover(row, job, died=waiting.died):
                    return

    def _is_lost(self, job: JobRow) -> bool:
        """Between a worker's pop and its lease a job is nowhere for some milliseconds, so one look proves nothing."""
        now, patience_s = self._clock.steady(), self._rules.lost_after_s
        if any(now - at > _LOOKS * patience_s for at in self._missed.values()):
            self._missed = {name: at for name, at in self._missed.items() if now - at <= _LOOKS * patience_s}
        return now - self._missed.setdefault(job.job.id, now) >= patience_s

    def _recover(self, row: Row, job: JobRow, *, died: bool) -> bool:
        """Sends `job` again; False when that ended the row. A wiped Redis is nobody's fault and costs no try."""
        tries = row.tries + 1 if died else row.tries
        log.warning("job lost", extra={"job": job.job.id, "tries": tries, "died": died})
        self._metrics.recovered("reaped")
        if tries >= self._rules.tries:
            self._queue.discard(job.job.id)
            self._metrics.gave_up()
            self._ledger.decide(row, Answer(About.FAILURE, FailureCode.INTERNAL.value, _language(row)))
            return False
        if died:
            self._ledger.move(row, State.QUEUED, "worker died", tries=tries)
        return self._pipeline.send_again(row, job)


def _language(row: Row) -> str:
    return row.plan.language if row.plan else "en"
