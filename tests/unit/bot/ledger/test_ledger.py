"""The ledger itself: transactions, the lock, migrations, order, forgetting."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import LedgerUnavailable
from bot.ledger import About, Answer, Ledger, StaleRow, State
from bot.ledger.erasure import PORTION
from bot.policy import Retention
from tests.fakes.clock import FakeClock
from tests.fakes.mentions import ANN, BEN, mention


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ledger(memory_path: Path, clock: FakeClock) -> Ledger:
    return Ledger(memory_path, clock)


def test_mentions_and_cursor_advance_together_or_not_at_all(ledger: Ledger) -> None:
    broken = replace(mention(2), platform=None)  # type: ignore[arg-type]  # what the database refuses
    with pytest.raises(sqlite3.IntegrityError):
        ledger.record("fake", [mention(1), broken], "2")
    assert (ledger.cursor("fake"), ledger.get("fake", "1")) == (None, None)


def test_a_mention_is_recorded_once_and_comes_back_as_it_was(ledger: Ledger) -> None:
    parent = mention(7, BEN, "what a view")
    original = replace(mention(1, ANN, "in this style"), parent=parent)
    assert ledger.record("fake", [original], "1") == 1
    assert ledger.record("fake", [original], "1") == 0
    row = ledger.get("fake", "1")
    assert row is not None
    assert row.mention == original


def test_only_one_of_two_moves_from_the_same_state_succeeds(ledger: Ledger) -> None:
    ledger.record("fake", [mention(1)], "1")
    (row,) = ledger.due(State.NEW)
    ledger.move(row, State.IGNORED, "old")
    with pytest.raises(StaleRow):
        ledger.decide(row, Answer(About.FAILURE, "internal"))


def test_everybodys_first_mention_comes_before_anybodys_second(ledger: Ledger) -> None:
    storm = [mention(number) for number in range(1, 50)]
    ledger.record("fake", [*storm, mention(99, BEN)], "99")
    assert [row.id for row in ledger.due(State.NEW, limit=3)] == ["1", "99", "2"]


def test_somebody_new_does_not_wait_for_all_that_another_asked_before(ledger: Ledger) -> None:
    ledger.record("fake", [mention(number) for number in range(1, 50)], "49")
    for row in ledger.due(State.NEW, limit=10):
        ledger.move(row, State.DECLINED, "quota")
    ledger.record("fake", [mention(99, BEN)], "99")
    assert [row.id for row in ledger.due(State.NEW, limit=2)] == ["99", "11"]


def test_a_turn_counts_the_last_ten_minutes_only(ledger: Ledger, clock: FakeClock) -> None:
    ledger.record("fake", [mention(1), mention(2)], "2")
    clock.pass_s(601)
    ledger.record("fake", [mention(3), mention(4, BEN)], "4")
    assert [row.id for row in ledger.due(State.NEW)] == ["1", "3", "4", "2"]


def test_what_is_past_its_time_is_blanked_and_then_hashed(ledger: Ledger, clock: FakeClock) -> None:
    ledger.record("fake", [mention(1, ANN, "my secret")], "1")
    (row,) = ledger.due(State.NEW)
    ledger.move(row, State.IGNORED, "old")
    clock.pass_s(8 * 86_400)
    ledger.erasure.expire(Retention())
    blank = ledger.get("fake", "1")
    assert blank is not None
    assert (blank.mention.text, blank.mention.author.handle) == ("", "")
    clock.pass_s(90 * 86_400)
    ledger.erasure.expire(Retention())
    assert ledger.get("fake", "1") is None
    assert [row.id[:7] for row in ledger.recent()] == ["sha256:"]


def test_many_that_are_past_their_time_are_blanked_in_portions(ledger: Ledger, clock: FakeClock) -> None:
    ledger.record("fake", [mention(number, ANN, "my secret") for number in range(2 * PORTION + 1)], "1")
    for row in ledger.due(State.NEW, limit=1000):
        ledger.move(row, State.IGNORED, "old")
    begun: list[int] = []
    with ledger.store.write() as db:
        db.set_trace_callback(lambda sql: begun.append(1) if sql.startswith("BEGIN") else None)
    for days in (8, 90):
        clock.pass_s(days * 86_400)
        ledger.erasure.expire(Retention())
        assert len(begun) == 1 + 3
        begun.clear()
    assert {(row.id[:7], row.mention.text) for row in ledger.recent(1000)} == {("sha256:", "")}


def test_a_full_disk_changes_nothing_and_is_our_own_error(ledger: Ledger) -> None:
    ledger.record("fake", [mention(1)], "1")
    pages = ledger.store.rows("PRAGMA page_count")[0][0]
    ledger.store.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerUnavailable):
        ledger.record("fake", [mention(number, ANN, "x" * 9000) for number in range(2, 99)], "99")
    assert ledger.cursor("fake") == "1"
    ledger.store.rows("PRAGMA max_page_count = 1000000")
    assert ledger.record("fake", [mention(2)], "2") == 1


def test_every_commit_is_on_disk(ledger: Ledger) -> None:
    assert ledger.store.rows("PRAGMA synchronous")[0][0] == 2
    assert ledger.store.rows("PRAGMA journal_mode")[0][0] == "wal"
