"""A mention that is deleted while it waits or is painted: the wish is taken back, and no worker goes on with it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.flow.deletions import follow_waiting
from bot.ledger import State
from tests.conversation import Conversation
from tests.fakes.mentions import ANN, BEN, mention
from tests.fakes.platform import FakePlatform


@pytest.fixture
def talk(memory_path: Path) -> Iterator[Conversation]:
    started = Conversation(memory_path)
    started.hears(mention(1, ANN), mention(2, BEN))
    started.receive()
    yield started
    started.ledger.close()


def look(talk: Conversation, times: int = 1) -> None:
    """Rounds of the loop, ten seconds apart."""
    for _ in range(times):
        follow_waiting(talk.parts, "fake", talk.ledger.due(State.QUEUED))
        talk.clock.pass_s(10)


def test_a_deleted_mention_is_painted_no_further_and_not_answered(talk: Conversation) -> None:
    talk.platform.gone.add("1")
    look(talk, 3)
    assert (talk.state(1), talk.state(2)) == (State.WITHDRAWN, State.QUEUED)
    assert [job.id for job in talk.renders.queue] == ["fake-2-0"]
    talk.settle()
    assert (len(talk.replies(1)), len(talk.replies(2))) == (0, 1)


def test_mentions_that_wait_are_looked_for_in_turn_and_not_all_the_time(talk: Conversation) -> None:
    asked: list[str] = []

    class Counting(FakePlatform):
        def exists(self, mention_id: str) -> bool:
            asked.append(mention_id)
            return super().exists(mention_id)

    talk.platform.__class__ = Counting
    for _ in range(40):
        follow_waiting(talk.parts, "fake", talk.ledger.due(State.QUEUED))
        talk.clock.pass_s(1)
    assert 6 <= len(asked) <= 8
    assert {"1", "2"} == set(asked)


def test_where_each_look_costs_money_there_is_none(talk: Conversation) -> None:
    talk.platform.facts = replace(talk.platform.facts, one_reply_only=True)
    talk.platform.gone.add("1")
    look(talk, 3)
    assert talk.state(1) is State.QUEUED
