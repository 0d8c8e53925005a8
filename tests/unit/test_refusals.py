"""Refusals that are not the platform's, pictures that are not taken, quotas of words, rows that cannot be read."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Intercepted, PictureRefused, Refused
from bot.ledger import State
from bot.ledger.ledger import UNREADABLE, Ledger
from bot.ledger.schema import LedgerTooNew, LedgerTooOld
from bot.ledger.store import Access
from bot.platforms.mastodon.errors import ours, refusal
from bot.platforms.speech import speaks
from bot.platforms.x.fields import ids_of, page_of
from bot.policy import Quota
from bot.reply.wording import sentences
from tests.twins import ANN, BEN, LOST, mention
from tests.unit.conversation import Conversation, with_rules


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 421, 422])
def test_a_page_in_place_of_the_api_refuses_nothing_for_good(status: int) -> None:
    assert isinstance(ours(refusal(status, "Forbidden"), spoke=False), Intercepted)
    assert isinstance(ours(refusal(status, "Forbidden"), spoke=True), Refused)


@pytest.mark.parametrize(
    ("body", "spoke"),
    [(b'{"error": "Record not found"}', True), (b"<html>403", False), (b"", False), (b"[]", False), (b"{}", False)],
)
def test_only_an_object_that_says_what_is_wrong_is_the_apis(body: bytes, spoke: bool) -> None:
    assert speaks(body) is spoke


def test_a_picture_that_is_refused_is_told_of_in_words(talk: Conversation) -> None:
    talk.platform.unpostable["1"] = PictureRefused(422, "unsupported")
    talk.hears(mention(1))
    talk.settle()
    assert talk.state(1) is State.FAILED
    assert talk.replies(1)[0] in sentences("en")["trouble"]["not_taken"]


def test_sentences_count_against_the_quota_and_then_there_is_silence(memory_path: Path) -> None:
    talk = Conversation(memory_path, with_rules(quota=Quota(3, 20, 60, 60)))
    words = ["help", "which styles?", "help", "delete", "which styles?", "help"]
    talk.hears(*(replace(mention(n, ANN, text), attachments=()) for n, text in enumerate(words, 1)))
    talk.settle()
    assert [len(talk.replies(number)) for number in range(1, 7)] == [1, 1, 1, 0, 0, 0]
    assert talk.row(4).reason == "quota"


def test_whoever_asks_to_be_forgotten_again_and_again_is_told_so_once(talk: Conversation) -> None:
    for number in range(1, 9):
        talk.hears(replace(mention(number, ANN, "forget me"), attachments=()))
        talk.settle(rounds=1)
    assert sum(len(talk.replies(number)) for number in range(1, 9)) == 1
    assert all(talk.row(number).mention.author.id == "" for number in range(1, 9))


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


def test_an_unreadable_row_ends_with_a_reason_after_a_day(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.receive()
    damaged(talk, "{")
    talk.settle()
    talk.clock.pass_s(90_000)
    talk.settle()
    assert (talk.row(1).state, talk.row(1).reason) == (State.FAILED, UNREADABLE)


def test_looking_changes_nothing_and_another_version_is_said(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.ledger.close()
    before = (talk.directory / "ledger.sqlite").read_bytes()
    looking = Ledger(talk.directory, talk.clock, Access.READ)
    assert [row.id for row in looking.recent()] == ["1"]
    looking.close()
    assert [path.name for path in talk.directory.glob("ledger*")] == ["ledger.sqlite"]
    assert (talk.directory / "ledger.sqlite").read_bytes() == before
    for version, kind in ((2, LedgerTooOld), (99, LedgerTooNew)):
        with sqlite3.connect(talk.directory / "ledger.sqlite") as db:
            db.execute(f"PRAGMA user_version = {version}")
        db.close()
        with pytest.raises(kind, match=f"version {version}"):
            Ledger(talk.directory, talk.clock, Access.READ)


def test_a_replayed_mention_whose_first_answer_shows_late_is_not_answered_twice(talk: Conversation) -> None:
    talk.platform.visibility_lag_s = 80
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    talk.settle(rounds=1)
    talk.ledger.move(talk.row(1), State.FAILED, "unexpected")
    talk.ledger.replay(talk.row(1))
    for _ in range(60):
        talk.settle(rounds=1)
    assert len(talk.replies(1)) == 1
    assert talk.state(1) is State.ANSWERED


def test_a_mention_whose_id_was_hashed_is_still_known(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    talk.clock.pass_s(100 * 86_400)
    talk.tidy()
    assert talk.ledger.get("twin", "1") is None
    assert talk.ledger.record("twin", [mention(1)], "1") == 0


def test_another_account_is_a_first_look_and_takes_no_id_for_an_old_one(talk: Conversation) -> None:
    assert not talk.ledger.belong_to("twin", "large.example/1")
    talk.hears(mention(1), mention(2, BEN))
    talk.settle(rounds=1)
    talk.hears(mention(3))
    assert talk.ledger.belong_to("twin", "small.example/7")
    assert talk.ledger.cursor("twin") is None
    assert talk.ledger.get("twin", "3") is None
    assert not talk.ledger.belong_to("twin", "small.example/7")
    assert talk.ledger.record("twin", [mention(3)], "3") == 1


def test_one_strange_post_on_x_is_passed_over_alone() -> None:
    good = {"id": "1500000000000000000", "author_id": "5", "text": "@stylesmith"}
    strange = [
        good | {"id": "x1"},
        {"author_id": "5"},
        good | {"id": "1500000000000000001", "referenced_tweets": [{"type": "replied_to"}, 7]},
        "post",
        None,
    ]
    body = {"data": [*strange, good], "includes": {"media": [{}, "media"]}}
    assert "1500000000000000000" in [found.id for found in page_of(body, "9000")]
    assert ids_of(body) == ["1500000000000000001", "1500000000000000000"]
