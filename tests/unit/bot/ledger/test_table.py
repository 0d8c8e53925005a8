"""How the table of mentions is asked."""

from pathlib import Path

from bot.ledger import Ledger, State
from tests.fakes.clock import FakeClock


def test_the_first_of_a_long_backlog_is_found_without_sorting_it(memory_path: Path) -> None:
    ledger, asked = Ledger(memory_path, FakeClock()), list[str]()
    with ledger.store.write() as connection:
        connection.set_trace_callback(asked.append)
    for state in (State.NEW, State.READY, State.QUEUED):
        asked.clear()
        ledger.due(state, limit=1)
        (question,) = (statement for statement in asked if statement.startswith("SELECT"))
        plan = [str(row["detail"]) for row in ledger.store.rows(f"EXPLAIN QUERY PLAN {question}")]
        assert plan == ["SEARCH mention USING INDEX mention_in_turn (state=?)"]
    ledger.close()
