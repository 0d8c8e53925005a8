"""What travelled for a mention goes as soon as its paintings are in the ledger; a day's pictures would fill a Redis."""

from collections.abc import Sequence
from contextlib import suppress

from bot.errors import TransportDown
from bot.ledger import JobRow, Ledger, Row
from bot.ports import Queue
from worker.contract import OUTCOME, Rendered


def settle(row: Row, jobs: Sequence[JobRow], ledger: Ledger, queue: Queue) -> None:
    """House styles stay, and what another open mention needs. What is missed here goes by its time to live."""
    plan = row.plan
    keys = {key for job in jobs for key in _made(job)} | ({*plan.photos, *plan.styles} if plan else set())
    keys -= ledger.erasure.needed_elsewhere(row, keys)
    with suppress(TransportDown):
        queue.settle([job.job.id for job in jobs], sorted(keys))


def _made(job: JobRow) -> set[str]:
    """The painting, and the film beside it."""
    outcome = OUTCOME.validate_json(job.outcome) if job.outcome else None
    return {outcome.blob, outcome.shown} if isinstance(outcome, Rendered) else set()
