"""What somebody may do about a painting that another person had made from their picture."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ledger import Post, PostKind, State
from bot.ledger.rows import PLAN
from bot.posts import Author, Mention
from tests.conversation import Conversation
from tests.fakes.mentions import ANN, BEN, mention, picture
from tests.fakes.platform import LOST

CAT = Author(id="3", handle="cat@far.example", host="far.example")
OURS = Mention("fake", "p0", Author("9", "stylesmith", "home.example"), "", by_us=True)
PHOTO = replace(mention(50, ANN), attachments=(picture("photo", "Ann at the sea"),))


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    """Ben had Ann's photo painted, and Cat had it painted again: posts p0 and p1."""
    talk = Conversation(memory_path)
    talk.platform.parents["50"] = PHOTO
    says(talk, 1, BEN, "as waves", under="50")
    says(talk, 2, CAT, "again", under="p0", parent=OURS)
    assert [len(reply.paintings) for reply in talk.platform.replies_to("1") + talk.platform.replies_to("2")] == [1, 1]
    return talk


def says(talk: Conversation, number: int, by: Author, text: str, under: str = "", **more: object) -> None:
    talk.clock.pass_s(120)
    wish = mention(number, by, text, at=talk.clock.now())
    talk.hears(replace(wish, attachments=(), in_reply_to=under, **more))  # type: ignore[arg-type]  # fields of Mention
    talk.settle()
    talk.tidy()


@pytest.mark.parametrize("post", ["p0", "p1"])
def test_delete_is_taken_from_whoever_posted_the_picture(talk: Conversation, post: str) -> None:
    says(talk, 3, ANN, "delete", under=post)
    assert talk.platform.deleted == [post]
    assert (talk.state(3), talk.row(3).reason) == (State.ANSWERED, "delete")


def test_delete_is_taken_from_nobody_else(talk: Conversation) -> None:
    says(talk, 3, Author("4", "dan@far.example", "far.example"), "delete", under="p1")
    assert talk.platform.deleted == []


def test_who_asked_for_the_first_painting_has_no_say_over_the_second(talk: Conversation) -> None:
    says(talk, 3, BEN, "delete", under="p1")
    assert talk.platform.deleted == []


def test_when_the_picture_is_gone_every_painting_of_it_goes(talk: Conversation) -> None:
    talk.platform.gone.add("50")
    talk.clock.pass_s(600)
    talk.tidy()
    talk.tidy()
    assert sorted(talk.platform.deleted) == ["p0", "p1"]
    assert set(talk.pictures.stored.values()) <= {b"waves"}


def test_a_picture_is_followed_as_long_as_a_mention(talk: Conversation) -> None:
    talk.clock.pass_s(86_400)
    talk.tidy()
    talk.platform.gone.add("50")
    talk.clock.pass_s(86_400)
    talk.tidy()
    assert talk.platform.deleted == []


def test_forget_me_reaches_what_others_had_painted(talk: Conversation) -> None:
    says(talk, 3, ANN, "forget me")
    talk.tidy()
    assert {"p0", "p1"} <= set(talk.platform.deleted)
    assert set(talk.pictures.stored.values()) <= {b"waves"}
    assert not any(ANN.handle in str(row) or "sea" in str(row) for row in talk.ledger.recent())


def test_forget_me_takes_a_painting_of_it_out_of_the_queue(memory_path: Path) -> None:
    talk = Conversation(memory_path)
    talk.platform.parents["50"] = PHOTO
    talk.hears(replace(mention(1, BEN, "as waves"), attachments=(), in_reply_to="50"))
    talk.receive()
    says(talk, 3, ANN, "forget me")
    assert (talk.renders.painted, talk.state(1), talk.replies(1)) == (0, State.WITHDRAWN, [])


def test_an_operator_finds_the_owner_of_a_picture_by_name(talk: Conversation) -> None:
    assert talk.ledger.people(ANN.handle) == [("fake", ANN.id)]
    talk.ledger.erasure.forget("fake", ANN.id)
    talk.tidy()
    assert sorted(talk.platform.deleted) == ["p0", "p1"]
    assert talk.ledger.people(ANN.handle) == []


def test_what_an_older_release_painted_from_others_is_theirs_as_well(memory_path: Path) -> None:
    talk = Conversation(memory_path)
    talk.platform.parents["50"] = PHOTO
    says(talk, 1, BEN, "as waves", under="50")
    as_before(talk)
    says(talk, 3, ANN, "delete", under="p0")
    assert talk.platform.deleted == ["p0"]


def as_before(talk: Conversation) -> None:
    """The ledger as the release before sources left it, opened by this one."""
    plan = talk.row(1).plan
    assert plan is not None
    talk.ledger.close()
    with sqlite3.connect(talk.directory / "ledger.sqlite") as db:
        db.execute("UPDATE mention SET plan = ?", (PLAN.dump_json(replace(plan, sources=None)).decode(),))
        db.executescript("DROP TABLE source; DROP TABLE stray; DROP TABLE account; PRAGMA user_version = 3")
        # What came after sources.
        for table, column in (("mention", "delay"), ("post", "boot"), ("post", "steady")):
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        for index in ("mention_in_turn", "mention_by_age", "mention_by_time", "mention_aside", "mention_by_admission"):
            db.execute(f"DROP INDEX {index}")
        db.execute("CREATE INDEX mention_by_turn ON mention (state, turn, recorded_at)")
    db.close()
    talk.start()


@pytest.mark.parametrize("how", ["forgotten", "deleted", "refused"])
def test_an_answer_of_which_nobody_knows_goes_when_its_mention_was_withdrawn(memory_path: Path, how: str) -> None:
    talk = Conversation(memory_path)
    talk.platform.visibility_lag_s = 60
    talk.platform.after_post.append(LOST)
    talk.hears(mention(1))
    talk.settle(1)
    assert talk.state(1) is State.POSTING
    talk.platform.gone.add("1")
    if how == "forgotten":
        talk.ledger.erasure.forget("fake", ANN.id)
    if how == "deleted":
        talk.ledger.erasure.withdraw(talk.row(1), "deleted")
    if how == "refused":
        talk.platform.visibility_lag_s = 100
        talk.platform.log[0] = replace(talk.platform.log[0], visible_at=talk.clock.elsewhere + 100)
        talk.clock.pass_s(90)
        talk.settle(1)
    assert talk.state(1) is State.WITHDRAWN
    for _ in range(20):
        talk.clock.pass_s(30)
        talk.tidy()
    assert talk.platform.deleted == ["p0"]


def test_a_note_of_which_nobody_knows_goes_as_well(memory_path: Path) -> None:
    talk = Conversation(memory_path)
    talk.hears(mention(1))
    talk.receive()
    talk.ledger.remember(Post("fake", "1", "1", PostKind.INTENDED_NOTE))
    talk.platform.notes.append(("1", "you are third"))
    talk.ledger.erasure.withdraw(talk.row(1), "deleted")
    talk.tidy()
    assert talk.platform.deleted == ["n1"]


def test_looking_for_a_lost_answer_ends_and_touches_no_other(memory_path: Path) -> None:
    talk = Conversation(memory_path)
    talk.hears(mention(1), mention(2, BEN))
    talk.settle()
    with talk.ledger.store.write() as db:
        db.execute("INSERT INTO stray VALUES ('fake', '2', '2', 0, ?, 0)", (talk.clock.now(),))
    for _ in range(20):
        talk.clock.pass_s(600)
        talk.tidy()
    assert talk.platform.deleted == []
    assert talk.ledger.store.rows("SELECT * FROM stray") == []


def test_a_mention_whose_id_was_hashed_is_still_known(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    talk.clock.pass_s(100 * 86_400)
    talk.tidy()
    assert talk.ledger.get("fake", "1") is None
    assert talk.ledger.record("fake", [mention(1)], "1") == 0
