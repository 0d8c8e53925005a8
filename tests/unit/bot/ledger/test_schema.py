"""Ledgers of other releases."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ledger import Ledger, State
from bot.ledger.rows import MENTION
from bot.ledger.schema import FILE, MIGRATIONS, LedgerTooNew, connect
from tests.fakes.clock import FakeClock
from tests.fakes.mentions import ANN, BEN, mention


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_a_ledger_of_a_newer_version_is_left_alone(memory_path: Path) -> None:
    connection = connect(memory_path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(LedgerTooNew):
        connect(memory_path)


def test_a_ledger_of_the_first_version_keeps_its_rows_and_takes_turns(memory_path: Path, clock: FakeClock) -> None:
    old = sqlite3.connect(memory_path / FILE)
    old.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    words = MENTION.dump_json(mention(1)).decode()
    old.execute(
        "INSERT INTO mention (platform, id, state, author, host, thread, mention, recorded_at, changed_at, due_at)"
        " VALUES ('fake', '1', 'new', '1', 'h', '1', ?, 0, 0, 0)",
        (words,),
    )
    old.commit()
    old.close()
    ledger = Ledger(memory_path, clock)
    ledger.record("fake", [mention(2, BEN)], "2")
    assert [row.id for row in ledger.due(State.NEW)] == ["1", "2"]
    ledger.close()


def test_a_row_of_an_older_ledger_is_in_the_same_state_under_its_new_name(memory_path: Path, clock: FakeClock) -> None:
    before = 6  # the seventh renames them
    old = sqlite3.connect(memory_path / FILE)
    for number, script in enumerate(MIGRATIONS[:before], 1):
        old.executescript(f"{script} PRAGMA user_version = {number};")
    states = [state.value if state is not State.DECIDED else "rendered" for state in State]
    for number, state in enumerate(states):
        old.execute(
            "INSERT INTO mention (platform, id, state, author, host, thread, mention, recorded_at, changed_at, due_at)"
            " VALUES ('fake', ?, ?, '1', 'h', '1', ?, 0, 0, 0)",
            (str(number), state, MENTION.dump_json(mention(number)).decode()),
        )
    old.commit()
    old.close()
    ledger = Ledger(memory_path, clock)
    found = [ledger.get("fake", str(number)) for number in range(len(states))]
    assert [row.state for row in found if row] == list(State)
    ledger.close()


def test_the_newest_schema_is_reached_from_the_first(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.sqlite") as db:
        db.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1")
        answer = MENTION.dump_json(replace(mention(1), parent=mention(50, ANN))).decode()
        row = ("fake", "1", "answered", "2", "h", "1", answer)
        db.execute(
            "INSERT INTO mention (platform, id, state, author, host, thread, mention, recorded_at, changed_at, due_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0)",
            row,
        )
    db.close()
    newest = connect(tmp_path)
    assert newest.execute("SELECT count(*) FROM source").fetchone()[0] == 0
    newest.close()
