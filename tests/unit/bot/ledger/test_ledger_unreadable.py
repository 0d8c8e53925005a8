"""Rows that cannot be read: of another release, or damaged."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot.ledger import State
from bot.ledger.table import UNREADABLE
from tests.conversation import Conversation
from tests.fakes.mentions import BEN, mention


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


def damaged(talk: Conversation, text: str) -> None:
    with sqlite3.connect(talk.directory / "ledger.sqlite") as db:
        db.execute("UPDATE mention SET plan = ? WHERE id = '1'", (text,))
    db.close()


@pytest.mark.parametrize("kind", ["field", "version", "nothing"])
def test_a_row_that_cannot_be_read_is_set_aside_alone_until_somebody_can(talk: Conversation, kind: str) -> None:
    talk.hears(mention(1), mention(2, BEN))
    talk.receive()
    ((plan,),) = talk.ledger.store.rows("SELECT plan FROM mention WHERE id = '1'")
    newer = json.loads(plan)
    assert newer["v"] == 1
    newer["options"]["grain"] = 3
    damaged(talk, {"field": json.dumps(newer), "version": '{"v":2,' + plan[7:], "nothing": "{"}[kind])
    talk.settle()
    assert talk.state(2) is State.ANSWERED
    assert (talk.row(1).state, talk.row(1).reason) == (State.QUEUED, UNREADABLE)
    assert talk.ledger.unreadable() == 1
    damaged(talk, plan)
    talk.restart()
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def changed(talk: Conversation, sql: str, *values: str) -> None:
    with sqlite3.connect(talk.directory / "ledger.sqlite") as db:
        db.execute(sql, values)
    db.close()


def test_a_state_that_only_a_newer_release_knows_is_shown_and_let_be(talk: Conversation) -> None:
    talk.hears(mention(1), mention(2, BEN))
    changed(talk, "UPDATE mention SET state = 'dreaming' WHERE id = '1'")
    talk.settle()
    assert talk.state(2) is State.ANSWERED
    assert {row.id: row.state for row in talk.ledger.recent()} == {"1": State.UNREADABLE, "2": State.ANSWERED}
    assert talk.ledger.unreadable() == 1
    changed(talk, "UPDATE mention SET state = 'new' WHERE id = '1'")
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_whoever_is_forgotten_is_so_in_a_state_of_a_newer_release_too(talk: Conversation) -> None:
    talk.hears(mention(1))
    changed(talk, "UPDATE mention SET state = 'dreaming' WHERE id = '1'")
    talk.ledger.erasure.forget(*talk.row(1).key[:1], mention(1).author.id)
    assert talk.state(1) is State.WITHDRAWN
    assert talk.row(1).mention.text == ""


@pytest.mark.parametrize(
    ("column", "text"), [("job", '{"grain": 3}'), ("outcome", '{"outcome": "half painted"}')], ids=["job", "outcome"]
)
def test_a_painting_that_a_newer_release_wrote_down_is_set_aside_alone(
    talk: Conversation, column: str, text: str
) -> None:
    talk.hears(mention(1), mention(2, BEN))
    talk.receive()
    ((was,),) = talk.ledger.store.rows(f"SELECT {column} FROM job WHERE mention = '1'")
    changed(talk, f"UPDATE job SET {column} = ? WHERE mention = '1'", text)
    talk.settle()
    assert talk.state(2) is State.ANSWERED
    assert (talk.row(1).state, talk.row(1).reason) == (State.QUEUED, UNREADABLE)
    changed(talk, f"UPDATE job SET {column} = ? WHERE mention = '1'", was)
    talk.restart()
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_a_post_of_a_kind_that_a_newer_release_knows_is_ours_and_no_answer(talk: Conversation) -> None:
    talk.hears(mention(1))
    changed(talk, "INSERT INTO post (platform, id, mention, kind, posted_at) VALUES ('mastodon', '9', '1', 'story', 0)")
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_an_unreadable_row_ends_with_a_reason_after_a_day(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    damaged(talk, "{")
    talk.settle()
    talk.clock.pass_s(90_000)
    talk.settle()
    assert (talk.row(1).state, talk.row(1).reason) == (State.FAILED, UNREADABLE)
