"""A Redis without room: a mention waits, others go on, nobody is told and no try is counted."""

from pathlib import Path

import pytest

from bot.flow.chores import make_room
from bot.ledger import State
from tests.conversation import Conversation
from tests.fakes.mentions import BEN, mention


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


def test_a_mention_waits_for_room_however_long_and_is_answered_once(talk: Conversation) -> None:
    talk.renders.is_full = True
    talk.hears(mention(1))
    for _ in range(30):
        talk.settle(1)
    assert talk.state(1) is State.READY
    assert talk.platform.replies_to("1") == []
    talk.renders.is_full = False
    talk.settle()
    assert talk.state(1) is State.ANSWERED
    assert len(talk.replies(1)) == 1


def test_what_is_taken_back_is_sent_again_and_answered_once(talk: Conversation) -> None:
    talk.hears(mention(1), mention(2, BEN))
    talk.receive()
    talk.renders.is_full = True
    make_room(talk.parts)
    assert {talk.state(1), talk.state(2)} == {State.READY}
    assert talk.renders.queue == []
    talk.renders.is_full = False
    talk.settle()
    assert len(talk.replies(1)) == len(talk.replies(2)) == 1
    assert talk.row(1).tries == 0


def test_a_bot_that_dies_between_taking_back_and_noting_it_sends_it_again(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    talk.renders.is_full = True
    talk.renders.make_room()
    talk.restart()
    talk.settle()
    assert talk.state(1) is State.READY  # the reaper found it nowhere, and there was no room
    talk.renders.is_full = False
    talk.settle()
    assert len(talk.replies(1)) == 1
    assert talk.row(1).tries == 0


def test_pictures_lost_on_the_way_are_sent_again_once_there_is_room(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    talk.renders.blobs.clear()
    talk.renders.paint()
    talk.renders.is_full = True
    talk.deliver()
    assert talk.state(1) is State.READY
    talk.renders.is_full = False
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_how_full_redis_is_can_be_seen_and_a_redis_that_is_away_stops_nothing(talk: Conversation) -> None:
    talk.renders.is_full = True
    make_room(talk.parts)
    assert b"stylesmith_redis_used_ratio 1.0" in talk.metrics.text()
    talk.renders.is_down = True
    make_room(talk.parts)
    talk.renders.is_down = False
    talk.hears(mention(1))
    talk.receive()
    assert b"stylesmith_no_room_total 1.0" in talk.metrics.text()
