"""The operator's commands over a real ledger: looking changes nothing, destructive verbs ask for --yes."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import NOUNS, mention, person
from bot.cli.doctor import unknown_settings
from bot.ledger import State
from bot.wiring import UnsafeRedis, check_redis
from tests.twins import ANN, BEN
from tests.twins import mention as a_mention
from tests.unit.conversation import Conversation


@pytest.fixture
def talk(memory_path: Path, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    monkeypatch.setenv("STYLESMITH_DATA_DIR", str(memory_path))
    talk = Conversation(memory_path)
    talk.platform.name = "mastodon"
    talk.hears(a_mention(1), replace(a_mention(2, BEN), attachments=()))
    talk.settle()
    return talk


def run(app: object, *words: str) -> tuple[int, str]:
    """Exit status and everything that was said."""
    result = CliRunner().invoke(app, list(words))  # type: ignore[arg-type]  # a Typer
    return result.exit_code, result.output


def test_the_list_shows_where_every_mention_stands(talk: Conversation) -> None:
    status, said = run(mention.app, "list", "--json")
    assert status == 0
    assert {row["id"]: row["state"] for row in json.loads(said)} == {"1": "answered", "2": "declined"}


def test_looking_changes_nothing(talk: Conversation) -> None:
    before = [dict(row) for row in talk.ledger.store.rows("SELECT * FROM mention")]
    for words in (["list"], ["show", "1", "--platform", "twin"], ["show", "2", "--platform", "twin", "--json"]):
        assert run(mention.app, *words)[0] == 0
    assert [dict(row) for row in talk.ledger.store.rows("SELECT * FROM mention")] == before


def test_what_a_person_wrote_is_inert_on_the_terminal(talk: Conversation) -> None:
    talk.hears(a_mention(3, replace(ANN, id="9"), "\x1b]0;owned\x07 \u202eolleh"))
    _, said = run(mention.app, "show", "3", "--platform", "twin")
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_replay_needs_yes_and_ends_in_one_more_answer(talk: Conversation) -> None:
    status, said = run(mention.app, "replay", "2", "--platform", "twin")
    assert status != 0
    assert "--yes" in said
    assert run(mention.app, "replay", "2", "--platform", "twin", "--yes")[0] == 0
    talk.clock.pass_s(86_400 / 2)
    talk.settle()
    assert talk.state(2) is not State.NEW
    assert {reply.key for reply in talk.platform.replies_to("2")} <= {"reply-twin-2", "reply-twin-2-1"}


def test_an_answered_mention_is_not_replayed(talk: Conversation) -> None:
    status, said = run(mention.app, "replay", "1", "--platform", "twin", "--yes")
    assert status != 0
    assert "one answer" in said


def test_an_unknown_mention_is_a_sentence_and_a_status(talk: Conversation) -> None:
    status, said = run(mention.app, "show", "99")
    assert status == 1
    assert "99" in said


def test_forgetting_a_person_needs_yes_and_takes_their_replies(talk: Conversation) -> None:
    assert run(person.app, "forget", ANN.handle)[0] != 0
    assert talk.row(1).mention.author.handle == ANN.handle
    assert run(person.app, "forget", f"@{ANN.handle}", "--yes")[0] == 0
    assert talk.row(1).mention.author.handle == ""
    talk.tidy()
    assert talk.platform.deleted == ["p0"]
    assert "person forget" in (talk.directory / "audit.log").read_text()


def test_nothing_is_made_where_no_bot_ever_ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLESMITH_DATA_DIR", str(tmp_path / "nowhere"))
    assert run(mention.app, "list")[0] == 1
    assert not (tmp_path / "nowhere").exists()


def test_a_misspelt_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STYLESMITH_MASTODON_TOKN", "x")
    monkeypatch.delenv("STYLESMITH_TEST_PROCESSES", raising=False)  # deploy/check's own
    assert unknown_settings() == ["STYLESMITH_MASTODON_TOKN"]


@pytest.mark.parametrize("url", ["redis://example.org:6379/0", "redis://10.0.0.7/0"])
def test_a_redis_elsewhere_without_a_password_is_refused(url: str) -> None:
    with pytest.raises(UnsafeRedis):
        check_redis(url)


@pytest.mark.parametrize("url", ["", "unix:///run/redis.sock", "redis://localhost/0", "redis://:pw@example.org/0"])
def test_a_redis_nearby_or_with_a_password_is_taken(url: str) -> None:
    check_redis(url)


def test_help_imports_no_noun_and_lists_all() -> None:
    program = (
        "import sys; sys.argv = ['stylesmith', '--help']; from bot.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('bot.cli.')])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith("[]")
    assert all(noun in said for noun in NOUNS)


def test_the_bot_never_imports_torch() -> None:
    program = "import bot.wiring, bot.cli.bot, sys; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
