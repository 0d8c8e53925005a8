"""The ledger's one connection: every read and write of this process goes through it, one at a time."""

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import LedgerUnavailable
from bot.ledger.schema import connect


class Store:
    """Transactions over one SQLite connection. Raises LedgerUnavailable when the disk does not take them."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.RLock()
        with _ours():
            self._connection = connect(directory)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction: all of it or nothing."""
        with self._lock, _ours():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Everything a query finds."""
        with self._lock, _ours():
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.ProgrammingError) as exc:
        raise LedgerUnavailable(str(exc)) from exc


def first(db: sqlite3.Connection, sql: str, values: Sequence[Any]) -> Any:
    """The first value of the first row, or None."""
    found = db.execute(sql, values).fetchone()
    return None if found is None else found[0]


def marks(values: Collection[Any]) -> str:
    """`?, ?, ?`: as many as there are values."""
    return ", ".join("?" * len(values))
