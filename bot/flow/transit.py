"""What travelled for a mention goes as soon as its paintings are in the ledger; a day's pictures would fill a Redis."""

from collections.abc import Sequence
from contextlib import suppress

from bot.errors import TransportDown
from bot.ledger import JobRow, Ledger, Row
from bot.ports import Renders


def settle(row: Row, jobs: Sequence[JobRow], ledger: Ledger, renders: Renders) -> None:
    """House styles stay, and what another open mention needs. What is missed here goes by its time to live."""
    plan = row.plan
    keys = {job.painting for job in jobs if job.painting} | ({*plan.photos, *plan.styles} if plan else set())
    keys -= ledger.erasure.needed_elsewhere(row, keys)
    with suppress(TransportDown):
        renders.settle([job.job.id for job in jobs], sorted(keys))
