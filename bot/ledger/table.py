"""Rows of the ledger: found, and moved from state to state by compare and set."""

import logging
import sqlite3
from dataclasses import replace
from typing import Any

from bot.ledger.rows import ENDS, IN_FLIGHT, MENTION, OPEN, Row, State, Unreadable
from bot.ledger.statements import thread_of
from bot.ledger.store import Section, marks
from bot.ledger.strays import seek

log = logging.getLogger(__name__)

_OFTEN = 4
"""A row that had trouble this often takes no place from others."""
_LONGEST_DELAY_S = 3600
"""No step is put off longer."""
UNREADABLE = "unreadable"
"""Why a row is set aside."""
_SET_ASIDE_S = 86_400.0
SENT_BEFORE = "sent before"
"""Why a row is `posting` once more: what was sent before may exist, and is looked for when the row is withdrawn."""
_IN_PASSING = frozenset({State.READY, State.POSTING})
"""States of a moment, which are no news."""


class StaleRow(Exception):
    """The row is no longer in the state it was read in; whoever moved it goes on with it."""


class Table(Section):
    def get(self, platform: str, mention_id: str) -> Row | None:
        found = self.store.rows("SELECT * FROM mention WHERE platform = ? AND id = ?", platform, mention_id)
        return _shown(found[0]) if found else None

    def due(self, *states: State, limit: int = 100, platform: str = "") -> list[Row]:
        """Rows in these states whose time has come: those without trouble first, in turns (everybody's first before
        anybody's second)."""
        now = self._clock.now()
        return self._rows(
            # A row due later than its own delay was written before the clock was set back.
            f"WHERE state IN ({marks(states)}) AND (due_at <= ? OR due_at - delay > ?) AND (platform = ? OR ? = '')"
            " ORDER BY attempts > 0, turn, recorded_at, length(id), id LIMIT ?",
            *states, now, now, platform, platform, limit,
        )  # fmt: skip

    def in_flight(self) -> int:
        """How many mentions are being worked on, without those that have trouble again and again."""
        mine = f"state IN ({marks(IN_FLIGHT)}) AND attempts < ? AND reason <> ?"
        return self._count(mine, *IN_FLIGHT, _OFTEN, UNREADABLE)

    def is_posting_to(self, platform: str, author: str) -> bool:
        return self._count("state = ? AND platform = ? AND author = ?", State.POSTING, platform, author) > 0

    def recent(self, limit: int = 50, *states: State) -> list[Row]:
        where = f"WHERE state IN ({marks(states)})" if states else ""
        newest = f"SELECT * FROM mention {where} ORDER BY recorded_at DESC, length(id) DESC, id DESC LIMIT ?"
        return [_shown(found) for found in self.store.rows(newest, *states, limit)]

    def counts(self) -> dict[tuple[str, str], tuple[int, float]]:
        """(platform, state) -> number of rows and the age in seconds of the one changed longest ago."""
        found = self.store.rows("SELECT platform, state, count(*) n, min(changed_at) t FROM mention GROUP BY 1, 2")
        return {(r["platform"], r["state"]): (r["n"], max(0.0, self._clock.now() - r["t"])) for r in found}

    def _rows(self, where: str, *values: Any) -> list[Row]:
        """Readable rows; the others are set aside, each by itself."""
        rows = []
        for found in self.store.rows(f"SELECT * FROM mention {where}", *values):
            try:
                rows.append(Row.of(found))
            except Unreadable as error:
                self.set_aside(Row.placeholder(found), error)
        return rows

    def set_aside(self, row: Row, error: Unreadable) -> None:
        """Looked at again in an hour, or by the next process: a newer release can read it; ended after a day."""
        if row.state not in OPEN:
            return
        log.error("unreadable row", extra={"mention": row.id, "state": row.state, "why": str(error)})
        if self._clock.now() - row.recorded_at > _SET_ASIDE_S:
            self.move(row, State.FAILED, UNREADABLE)
        else:
            self.put_off(row, _LONGEST_DELAY_S, UNREADABLE)

    def unreadable(self) -> int:
        """How many open rows are set aside, or are in a state that only a newer release knows."""
        # Its name in the statement itself, as in the index of those rows.
        aside = self._count(f"reason = '{UNREADABLE}' AND state IN ({marks(OPEN)})", *OPEN)
        return aside + self._count(f"state NOT IN ({marks((*OPEN, *ENDS))})", *OPEN, *ENDS)

    def _count(self, where: str, *values: Any) -> int:
        return int(self.store.rows(f"SELECT count(*) n FROM mention WHERE {where}", *values)[0]["n"])

    def move(self, row: Row, state: State, reason: str = "", **changes: Any) -> Row:
        """`row` in its next state. Raises StaleRow when somebody else moved it meanwhile."""
        with self.store.write() as db:
            return self._move(db, row, state, reason, changes)

    def _move(self, db: sqlite3.Connection, row: Row, state: State, reason: str, changes: dict[str, Any]) -> Row:
        now = self._clock.now()
        fresh = {"attempts": 0, "due_at": now, "delay": 0.0, "changed_at": now}
        changes = {**fresh, **changes, "state": state, "reason": reason}
        if state is State.WITHDRAWN and row.state is State.POSTING and row.reason == SENT_BEFORE:
            seek(db, row.platform, [row.id], now)
        if state in ENDS:
            changes["ended_at"] = now
        names = ", ".join(f"{name} = ?" for name in changes)
        done = db.execute(
            f"UPDATE mention SET {names} WHERE platform = ? AND id = ? AND state = ? AND round = ?",
            (*changes.values(), row.platform, row.id, row.state, row.round),
        )
        if not done.rowcount:
            raise StaleRow(f"{row.platform}/{row.id} is no longer {row.state}")
        moved = _shown(db.execute("SELECT * FROM mention WHERE platform = ? AND id = ?", row.key).fetchone())
        _log(moved)
        return moved

    def put_off(self, row: Row, seconds: float, reason: str, *, trouble: bool = False) -> None:
        """Tries `row` again after `seconds`, an hour at most; it stays where it is. `trouble`: counted as its own."""
        seconds = min(seconds, _LONGEST_DELAY_S)
        self.store.execute(
            "UPDATE mention SET due_at = ?, delay = ?, reason = ?, attempts = attempts + ?"
            " WHERE platform = ? AND id = ? AND state = ? AND round = ?",
            self._clock.now() + seconds, seconds, reason, trouble, *row.key, row.state, row.round,
        )  # fmt: skip

    def refresh(self, row: Row) -> Row:
        """`row` with its mention written down as it is here, and in the thread that it is now known to belong to."""
        known = self.get(row.platform, row.id)
        if known is None or known.mention == row.mention:
            return row
        with self.store.write() as db:
            moved = known.mention.in_reply_to != row.mention.in_reply_to
            thread = thread_of(db, row.mention) if moved else known.thread
            db.execute(
                "UPDATE mention SET mention = ?, thread = ? WHERE platform = ? AND id = ? AND state = ?",
                (MENTION.dump_json(row.mention).decode(), thread, *row.key, row.state),
            )
        return replace(row, thread=thread)


def _shown(found: sqlite3.Row) -> Row:
    try:
        return Row.of(found)
    except Unreadable:
        return Row.placeholder(found)


def _log(row: Row) -> None:
    """Logs what became of a mention: ids and codes, no text of users."""
    answer = f"{row.answer.about}:{row.answer.code}".rstrip(":") if row.answer else ""
    level = logging.DEBUG if row.state in _IN_PASSING else logging.INFO
    about = {"platform": row.platform, "mention": row.id, "reason": row.reason, "answer": answer}
    log.log(level, "mention %s", row.state.value, extra={name: value for name, value in about.items() if value})
