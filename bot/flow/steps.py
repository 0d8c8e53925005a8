"""The way of a mention: for each open state the step that comes next. The loop and the tests drive this table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bot.flow.chores import Caretaker
from bot.flow.parts import Parts
from bot.flow.pipeline import Pipeline
from bot.flow.publish import Courier
from bot.flow.reaper import Reaper
from bot.ledger import Row, State

Step = Callable[[Row], None]
"""Takes a row one state further. It may die anywhere: the next call goes on from the ledger."""


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps, and what is done beside them."""

    steps: dict[State, Step]
    pipeline: Pipeline
    publisher: Courier
    reaper: Reaper
    chores: Caretaker

    @classmethod
    def of(cls, parts: Parts) -> Self:
        """Every step joined to the same parts."""
        pipeline, publisher = Pipeline(parts), Courier(parts)
        steps: dict[State, Step] = {
            State.NEW: pipeline.receive,  # silence, a sentence or a plan -> ignored, decided, ready
            State.READY: pipeline.submit,  # its jobs to Redis -> queued
            State.QUEUED: pipeline.deliver,  # its outcomes in -> decided
            State.DECIDED: publisher.post,  # composed, written down as posting, sent -> an end
            State.POSTING: publisher.reconcile,  # does it exist? if not, sent again -> an end
        }
        return cls(steps, pipeline, publisher, Reaper(parts, pipeline), Caretaker(parts))

    def step(self, row: Row) -> None:
        """The step that comes next for `row`."""
        self.steps[row.state](row)
