"""`stylesmith mention`: looking changes nothing, a replay needs --yes and never answers twice."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import mention
from bot.ledger import State
from tests.conversation import Conversation
from tests.fakes.mentions import ANN
from tests.fakes.mentions import mention as a_mention
from tests.unit.bot.cli.commands import run


def test_the_list_shows_where_every_mention_stands(talk: Conversation) -> None:
    status, said = run(mention.app, "list", "--json")
    assert status == 0
    assert {row["id"]: row["state"] for row in json.loads(said)} == {"1": "answered", "2": "declined"}


def test_looking_changes_nothing(talk: Conversation) -> None:
    before = [dict(row) for row in talk.ledger.store.rows("SELECT * FROM mention")]
    for words in (["list"], ["show", "1", "--platform", "fake"], ["show", "2", "--platform", "fake", "--json"]):
        assert run(mention.app, *words)[0] == 0
    assert [dict(row) for row in talk.ledger.store.rows("SELECT * FROM mention")] == before


def test_what_a_person_wrote_is_inert_on_the_terminal(talk: Conversation) -> None:
    talk.hears(a_mention(3, replace(ANN, id="9"), "\x1b]0;owned\x07 \u202eolleh"))
    _, said = run(mention.app, "show", "3", "--platform", "fake")
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_replay_needs_yes_and_ends_in_one_more_answer(talk: Conversation) -> None:
    status, said = run(mention.app, "replay", "2", "--platform", "fake")
    assert status != 0
    assert "--yes" in said
    assert run(mention.app, "replay", "2", "--platform", "fake", "--yes")[0] == 0
    talk.clock.pass_s(86_400 / 2)
    talk.settle()
    assert talk.state(2) is not State.NEW
    assert {reply.key for reply in talk.platform.replies_to("2")} <= {"reply-fake-2", "reply-fake-2-1"}


def test_an_answered_mention_is_not_replayed(talk: Conversation) -> None:
    status, said = run(mention.app, "replay", "1", "--platform", "fake", "--yes")
    assert status != 0
    assert "one answer" in said


def test_an_unknown_mention_is_a_sentence_and_a_status(talk: Conversation) -> None:
    status, said = run(mention.app, "show", "99")
    assert status == 1
    assert "99" in said


def test_nothing_is_made_where_no_bot_ever_ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLESMITH_DATA_DIR", str(tmp_path / "nowhere"))
    assert run(mention.app, "list")[0] == 1
    assert not (tmp_path / "nowhere").exists()
