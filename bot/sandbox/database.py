"""The sandbox's tables in SQLite, the ids it gives out, and parts of a list that is asked for page by page."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

FILE = "sandbox.sqlite"

_TABLES = """
CREATE TABLE IF NOT EXISTS account (
  id INTEGER PRIMARY KEY, acct TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
  fields TEXT NOT NULL DEFAULT '[]', bot INTEGER NOT NULL DEFAULT 0, policy TEXT NOT NULL, created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS app (
  client_id TEXT PRIMARY KEY, client_secret TEXT NOT NULL, name TEXT NOT NULL, website TEXT,
  redirect_uris TEXT NOT NULL, scopes TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS code (
  code TEXT PRIMARY KEY, client_id TEXT NOT NULL, account INTEGER NOT NULL, scopes TEXT NOT NULL,
  redirect_uri TEXT NOT NULL, expires_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS token (
  token TEXT PRIMARY KEY, client_id TEXT NOT NULL, account INTEGER, scopes TEXT NOT NULL, created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS post (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL, text TEXT NOT NULL DEFAULT '', spoiler TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0, visibility TEXT NOT NULL, language TEXT, parent INTEGER,
  parent_account INTEGER, root INTEGER NOT NULL, created_at REAL NOT NULL, listed_at REAL NOT NULL, quoted INTEGER,
  boost_of INTEGER
);
CREATE INDEX IF NOT EXISTS post_by_account ON post (account, id);
CREATE INDEX IF NOT EXISTS post_by_root ON post (root, id);
CREATE INDEX IF NOT EXISTS post_by_parent ON post (parent);
CREATE INDEX IF NOT EXISTS post_by_boost ON post (boost_of);
CREATE TABLE IF NOT EXISTS named (
  post INTEGER NOT NULL, account INTEGER NOT NULL, PRIMARY KEY (post, account)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS media (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL, post INTEGER, position INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL, mime TEXT NOT NULL, file TEXT NOT NULL, description TEXT,
  width INTEGER NOT NULL, height INTEGER NOT NULL, size INTEGER NOT NULL, ready_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS media_by_post ON media (post, position);
CREATE TABLE IF NOT EXISTS relation (
  kind TEXT NOT NULL, source INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (kind, source, target)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS relation_by_target ON relation (kind, target);
CREATE TABLE IF NOT EXISTS notification (
  id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, source INTEGER NOT NULL, kind TEXT NOT NULL,
  post INTEGER, created_at REAL NOT NULL, listed_at REAL NOT NULL, filtered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS notification_by_account ON notification (account, id);
CREATE TABLE IF NOT EXISTS idempotency (
  account INTEGER NOT NULL, key TEXT NOT NULL, post INTEGER NOT NULL, created_at REAL NOT NULL,
  PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS version (
  post INTEGER NOT NULL, at REAL NOT NULL, text TEXT NOT NULL, spoiler TEXT NOT NULL, sensitive INTEGER NOT NULL,
  media TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS version_by_post ON version (post, at);
"""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for (docs.joinmastodon.org/api/guidelines#pagination)."""

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    def clause(self) -> tuple[str, list[int]]:
        """SQL after WHERE …, and its values. `min_id` takes the page right above, `since_id` the newest page."""
        bounds = [("id < ?", self.max_id), ("id > ?", self.since_id), ("id > ?", self.min_id)]
        used = [(sql, value) for sql, value in bounds if value is not None]
        order = "ASC" if self.min_id is not None else "DESC"
        where = "".join(f" AND {sql}" for sql, _ in used)
        return f"{where} ORDER BY id {order} LIMIT ?", [*(value for _, value in used), self.limit]


class Database:
    """One connection, used from the event loop's thread only, so that every request sees whole changes."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.directory = directory
        self._connection = sqlite3.connect(directory / FILE, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_TABLES)
        newest = self.value(
            "SELECT max(id) FROM (SELECT id FROM post UNION SELECT id FROM media UNION SELECT id FROM account)"
        )
        self._last_id = int(str(newest or 0))

    def now(self) -> float:
        return time.time()

    def new_id(self) -> int:
        """A larger id than any before: milliseconds in the upper bits, as Mastodon's snowflakes."""
        self._last_id = max(self._last_id + 1, int(self.now() * 1000) << 16)
        return self._last_id

    def run(self, sql: str, *values: object) -> int:
        """Execute one statement; the number of changed rows."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, **values: object) -> int:
        """Add a row; its rowid."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (*values.values(),))  # noqa: S608  # names are ours
        return cursor.lastrowid or 0

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, *values: object) -> object:
        """The first column of the first row, or None."""
        found = self.row(sql, *values)
        return found[0] if found else None

    def close(self) -> None:
        self._connection.close()
