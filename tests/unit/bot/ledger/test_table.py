"""How the table of mentions is asked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ledger import Ledger, State
from bot.policy import Quota
from tests.fakes.clock import FakeClock
from tests.fakes.mentions import mention


@pytest.fixture
def ledger(memory_path: Path) -> Iterator[Ledger]:
    opened = Ledger(memory_path, FakeClock())
    yield opened
    opened.close()


def ways(ledger: Ledger, ask: Callable[[], object]) -> list[str]:
    """How SQLite finds what `ask` reads."""
    asked = list[str]()
    with ledger.store.write() as connection:
        connection.set_trace_callback(asked.append)
    ask()
    connection.set_trace_callback(None)
    questions = [each for each in asked if each.startswith(("SELECT", "UPDATE"))]
    return [str(row["detail"]) for each in questions for row in ledger.store.rows(f"EXPLAIN QUERY PLAN {each}")]


@pytest.mark.parametrize("state", [State.NEW, State.READY, State.QUEUED])
def test_the_first_of_a_long_backlog_is_found_without_sorting_it(ledger: Ledger, state: State) -> None:
    plan = ways(ledger, lambda: ledger.due(state, limit=1))
    assert plan == ["SEARCH mention USING INDEX mention_in_turn (state=?)"]


def test_the_newest_of_all_are_found_without_sorting_the_others(ledger: Ledger) -> None:
    assert ways(ledger, ledger.recent) == ["SCAN mention USING INDEX mention_by_time"]


def test_states_and_their_ages_are_counted_without_reading_a_row(ledger: Ledger) -> None:
    assert ways(ledger, ledger.counts) == ["SCAN mention USING COVERING INDEX mention_by_age"]


def test_what_is_set_aside_is_counted_without_reading_the_others(ledger: Ledger) -> None:
    found, strange = ways(ledger, ledger.unreadable)
    assert "INDEX mention_aside (state=?)" in found
    assert strange.startswith("SCAN mention USING COVERING INDEX")


def test_quotas_are_found_without_reading_what_was_admitted_long_ago(ledger: Ledger) -> None:
    """Everybody's quota too, although it is no one person's or instance's."""
    ledger.record("fake", [mention(1)], "1")
    (row,) = ledger.due(State.NEW)
    plan = ways(ledger, lambda: ledger.counters.take_quota(row, Quota()))
    windows = [step for step in plan if "admitted_at" in step]
    assert len(windows) == len(Quota().windows("fake"))
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in plan)
