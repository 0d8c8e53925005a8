"""The ledger's one connection: every read and write of this process goes through it, one at a time."""

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.errors import LedgerUnavailable
from bot.ledger.schema import connect, open_file


class Access(Enum):
    OWN = "own"
    """As the bot does: made and brought up to date."""
    WRITE = "write"
    """As an operator's command does that changes something."""
    READ = "read"
    """For looking: nothing is changed."""


class Store:
    """Transactions over one SQLite connection. Raises LedgerUnavailable when the disk does not take them."""

    def __init__(self, directory: Path, access: Access = Access.OWN) -> None:
        self._lock = threading.RLock()
        with _ours():
            if access is Access.OWN:
                directory.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._connection = connect(directory)
            else:
                self._connection = open_file(directory, writing=access is Access.WRITE)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction."""
        with self._lock, _ours(), self._connection as db:
            db.execute("BEGIN IMMEDIATE")
            yield db

    def execute(self, sql: str, *values: Any) -> None:
        with self.write() as db:
            db.execute(sql, values)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock, _ours():
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class Section:
    """Some of the ledger's transactions, over its one connection. Its methods may be called from any thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self._clock = clock


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.ProgrammingError) as exc:
        raise LedgerUnavailable(str(exc)) from exc


def first_value(db: sqlite3.Connection, sql: str, values: Sequence[Any]) -> Any:
    found = db.execute(sql, values).fetchone()
    return None if found is None else found[0]


def marks(values: Collection[Any]) -> str:
    """`?, ?, ?`, one for each value."""
    return ", ".join("?" * len(values))
