"""Lost jobs: found, and sent again.

RQ delivers at least once and Redis may be wiped: a job that the ledger holds open and Redis does not know is sent
again; one that kills its workers is given up.
"""

import logging

from bot.errors import TransportFull
from bot.flow.backoff import own_pause_s
from bot.flow.parts import Parts
from bot.flow.submit import pictures_of
from bot.ledger import About, Answer, JobRow, Row, State
from worker.contract import FailureCode

log = logging.getLogger(__name__)

_LOOKS = 20
"""An open job is looked for every second; one that nobody looked for during so many patiences has ended."""


def is_lost(parts: Parts, job: JobRow, *, known: bool) -> bool:
    """Whether Redis has not known an open job for long enough; `known` is what this look found.

    Between a worker's pop and its lease a job is nowhere for some milliseconds, so one look proves nothing.
    """
    now, patience_s, process = parts.clock.steady(), parts.rules.lost_after_s, parts.process
    if known:
        process.missed.pop(job.job.id, None)
        return False
    if any(now - at > _LOOKS * patience_s for at in process.missed.values()):
        process.missed = {name: at for name, at in process.missed.items() if now - at <= _LOOKS * patience_s}
    lost = now - process.missed.setdefault(job.job.id, now) >= patience_s
    if lost:
        del process.missed[job.job.id]
    return lost


def recover(parts: Parts, row: Row, job: JobRow, *, died: bool) -> bool:
    """Sends a lost `job` again; False when the row is decided: it is given up, or its pictures are gone.

    A wiped Redis is nobody's fault and costs no try.
    """
    tries = row.tries + 1 if died else row.tries
    log.warning("job lost", extra={"job": job.job.id, "tries": tries, "died": died})
    parts.metrics.recoveries.labels("reaped").inc()
    if tries >= parts.rules.tries:
        parts.queue.discard(job.job.id)
        parts.metrics.gave_up.inc()
        parts.ledger.decide(row, Answer(About.FAILURE, FailureCode.INTERNAL.value, row.language))
        return False
    if died:
        parts.ledger.move(row, State.QUEUED, "worker died", tries=tries)
    if _send_again(parts, row, job):
        return True
    parts.ledger.decide(row, Answer(About.PICTURE, "gone", row.language))
    return False


def once_more(parts: Parts, row: Row, job: JobRow) -> bool:
    """Sends a job again whose painting or pictures did not arrive; False where that came to nothing too often."""
    again = row.attempts < parts.rules.unexpected_tries and _send_again(parts, row, job)
    if again:
        parts.ledger.put_off(row, own_pause_s(row.attempts), "sent again", trouble=True)
    return again


def _send_again(parts: Parts, row: Row, job: JobRow) -> bool:
    """Forgets what Redis knows of a job and sends it once more; False when its pictures are gone."""
    blobs = pictures_of(parts, job)
    if blobs is None:
        return False
    parts.queue.discard(job.job.id)
    try:
        parts.queue.submit(job.job, blobs)
    except TransportFull:
        parts.metrics.no_room.inc()
        parts.ledger.move(row, State.READY, "no room in Redis")
    else:
        parts.metrics.recoveries.labels("resubmitted").inc()
    return True
