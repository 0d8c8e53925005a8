"""The way of a mention: for each open state the step that comes next. The loop and the tests drive this table."""

from collections.abc import Callable
from typing import Final

from bot.flow.collect import collect
from bot.flow.parts import Parts
from bot.flow.publish import publish, reconcile
from bot.flow.receive import receive
from bot.flow.submit import submit
from bot.ledger import Row, State

Step = Callable[[Parts, Row], None]
"""Takes a row one state further. It may die anywhere: the next call goes on from the ledger."""

STEPS: Final[dict[State, Step]] = {
    State.NEW: receive,  # silence, a sentence or a plan -> ignored, decided, ready
    State.READY: submit,  # its jobs to Redis -> queued
    State.QUEUED: collect,  # outcomes in, lost jobs again -> decided
    State.DECIDED: publish,  # composed, written down as posting, sent -> an end
    State.POSTING: reconcile,  # does it exist? if not, sent again -> an end
}


def step(parts: Parts, row: Row) -> None:
    STEPS[row.state](parts, row)
