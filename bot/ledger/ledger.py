"""The ledger: what happened to every mention, durable before anything depends on it."""

from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.ledger.answers import Answers
from bot.ledger.counters import Counters
from bot.ledger.erasure import Erasure
from bot.ledger.intake import Intake
from bot.ledger.jobs import Jobs
from bot.ledger.rows import CreatedAt, Row, State
from bot.ledger.sources import Sources
from bot.ledger.store import Access, Store
from bot.ledger.strays import Strays
from bot.ledger.table import UNREADABLE


class Ledger(Intake, Jobs, Answers):
    def __init__(self, directory: Path, clock: Clock, access: Access = Access.OWN) -> None:
        super().__init__(Store(directory, access), clock)
        self.counters = Counters(self.store, clock)
        self.erasure = Erasure(self.store, clock)
        self.sources = Sources(self.store, clock)
        self.strays = Strays(self.store, clock)
        self.created_at = self._created() if access is Access.OWN else CreatedAt("", 0.0, 0.0)
        if access is Access.OWN:  # rows that another release could not read: this one may
            self.store.execute("UPDATE mention SET due_at = ? WHERE reason = ?", clock.now(), UNREADABLE)

    def _created(self) -> CreatedAt:
        with self.store.write() as db:
            found = db.execute("SELECT boot, steady, wall FROM birth").fetchone()
            if found is None:
                found = (self._clock.boot, self._clock.steady(), self._clock.now())
                db.execute("INSERT INTO birth VALUES (?, ?, ?)", found)
        return CreatedAt(*found)

    def close(self) -> None:
        self.store.close()

    def replay(self, row: Row) -> Row:
        """`row` as new, its next answer not to be taken for an earlier one. Raises StaleRow.

        When it was posted last stays: what was sent then may still appear, and would be its answer.
        """
        fresh: dict[str, Any] = {"round": row.round + 1, "tries": 0, "life": "", "plan": None, "answer": None}
        fresh |= dict.fromkeys(("admitted_at", "engaged_at", "ended_at", "watch_at"))
        with self.store.write() as db:
            db.execute("DELETE FROM stray WHERE platform = ? AND mention = ?", row.key)
            return self._move(db, row, State.NEW, "replayed", fresh)

    def people(self, who: str) -> list[tuple[str, str]]:
        """(platform, account id) of whoever has this handle or account id, and asked for or gave a picture."""
        named = "(author = ?1 OR lower({handle}) = lower(?1) OR lower({handle} || '@' || host) = lower(?1))"
        of_mentions = named.format(handle="json_extract(mention, '$.author.handle')")
        found = self.store.rows(
            f"SELECT platform, author FROM mention WHERE author <> '' AND {of_mentions}"
            f" UNION SELECT platform, author FROM source WHERE {named.format(handle='handle')}",
            who,
        )
        return [(r["platform"], r["author"]) for r in found]
