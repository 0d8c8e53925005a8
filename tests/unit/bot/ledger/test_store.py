"""A ledger that is only looked at."""

import sqlite3
from pathlib import Path

import pytest

from bot.ledger.ledger import Ledger
from bot.ledger.schema import LedgerTooNew, LedgerTooOld
from bot.ledger.store import Access
from tests.conversation import Conversation
from tests.fakes.mentions import mention


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


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
