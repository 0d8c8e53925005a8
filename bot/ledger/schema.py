"""The ledger's tables, and how an older file becomes a newer one."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

FILE = "ledger.sqlite"

_FIRST = """
CREATE TABLE birth (boot TEXT NOT NULL, steady REAL NOT NULL, wall REAL NOT NULL);
CREATE TABLE cursor (platform TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE mention (
  platform TEXT NOT NULL, id TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
  author TEXT NOT NULL, host TEXT NOT NULL, thread TEXT NOT NULL, mention TEXT NOT NULL,
  round INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
  recorded_at REAL NOT NULL, changed_at REAL NOT NULL, due_at REAL NOT NULL,
  admitted_at REAL, engaged_at REAL, ended_at REAL, watch_at REAL,
  posting_boot TEXT NOT NULL DEFAULT '', posting_steady REAL NOT NULL DEFAULT 0,
  plan TEXT, answer TEXT,
  PRIMARY KEY (platform, id)
) WITHOUT ROWID;
CREATE INDEX mention_by_state ON mention (state, due_at);
CREATE INDEX mention_by_author ON mention (platform, author, admitted_at);
CREATE INDEX mention_by_host ON mention (platform, host, admitted_at);
CREATE INDEX mention_by_thread ON mention (platform, thread);
CREATE INDEX mention_by_end ON mention (ended_at);
CREATE INDEX mention_to_watch ON mention (watch_at) WHERE watch_at IS NOT NULL;
CREATE TABLE job (
  id TEXT PRIMARY KEY, platform TEXT NOT NULL, mention TEXT NOT NULL, position INTEGER NOT NULL,
  job TEXT NOT NULL, outcome TEXT NOT NULL DEFAULT '', painting TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX job_by_mention ON job (platform, mention, position);
CREATE TABLE picture (
  key TEXT NOT NULL, platform TEXT NOT NULL, mention TEXT NOT NULL, painted INTEGER NOT NULL,
  doomed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (key, platform, mention)
) WITHOUT ROWID;
CREATE INDEX picture_by_mention ON picture (platform, mention);
CREATE TABLE post (
  platform TEXT NOT NULL, id TEXT NOT NULL, mention TEXT NOT NULL, kind TEXT NOT NULL,
  posted_at REAL NOT NULL, doomed INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL DEFAULT 0,
  PRIMARY KEY (platform, id)
) WITHOUT ROWID;
CREATE INDEX post_by_mention ON post (platform, mention);
CREATE TABLE told (
  platform TEXT NOT NULL, author TEXT NOT NULL, what TEXT NOT NULL, mention TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (platform, author, what)
) WITHOUT ROWID;
"""

_TURNS = """
ALTER TABLE mention ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX mention_by_turn ON mention (state, turn, recorded_at);
CREATE INDEX picture_doomed ON picture (key) WHERE doomed = 1;
CREATE INDEX post_doomed ON post (platform, due_at) WHERE doomed = 1;
CREATE INDEX mention_by_arrival ON mention (platform, author, recorded_at);
"""

_LIVES = """
ALTER TABLE mention ADD COLUMN life TEXT NOT NULL DEFAULT '';
"""

_SOURCES = """
CREATE TABLE source (
  platform TEXT NOT NULL, mention TEXT NOT NULL, post TEXT NOT NULL,
  author TEXT NOT NULL, handle TEXT NOT NULL DEFAULT '', host TEXT NOT NULL DEFAULT '', watch_at REAL,
  PRIMARY KEY (platform, mention, post)
) WITHOUT ROWID;
CREATE INDEX source_by_author ON source (platform, author);
CREATE INDEX source_by_post ON source (platform, post);
CREATE INDEX source_to_watch ON source (platform, watch_at) WHERE watch_at IS NOT NULL;
INSERT INTO source
  SELECT platform, id, json_extract(mention, '$.parent.id'), json_extract(mention, '$.parent.author.id'),
    json_extract(mention, '$.parent.author.handle'), json_extract(mention, '$.parent.author.host'), watch_at
  FROM mention
  WHERE plan IS NOT NULL AND json_extract(mention, '$.parent.by_us') = 0
    AND json_array_length(mention, '$.parent.attachments') > 0 AND json_array_length(mention, '$.attachments') < 2;
CREATE TABLE stray (
  platform TEXT NOT NULL, mention TEXT NOT NULL, author TEXT NOT NULL,
  since REAL NOT NULL, begun_at REAL NOT NULL, due_at REAL NOT NULL,
  PRIMARY KEY (platform, mention)
) WITHOUT ROWID;
"""

_DELAYS = """
ALTER TABLE mention ADD COLUMN delay REAL NOT NULL DEFAULT 900;
ALTER TABLE post ADD COLUMN boot TEXT NOT NULL DEFAULT '';
ALTER TABLE post ADD COLUMN steady REAL NOT NULL DEFAULT 0;
"""

_ACCOUNTS = """
CREATE TABLE account (platform TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
"""

_DECIDED = """
UPDATE mention SET state = 'decided' WHERE state = 'rendered';
"""

_IN_TURN = """
DROP INDEX mention_by_turn;
CREATE INDEX mention_in_turn ON mention (state, attempts > 0, turn, recorded_at, length(id), id);
"""
"""As `Table.due` orders them, so that the first of a long backlog is found without sorting it."""

_AT_A_GLANCE = """
CREATE INDEX mention_by_age ON mention (platform, state, changed_at);
CREATE INDEX mention_by_time ON mention (recorded_at, length(id), id);
CREATE INDEX mention_aside ON mention (state) WHERE reason = 'unreadable';
"""
"""What metrics and `mention list` ask for, without reading the rows."""

_ADMITTED = """
CREATE INDEX mention_by_admission ON mention (platform, admitted_at);
"""
"""For the quota of everybody on a platform, which else reads all its mentions."""

_STATISTICS = """
ANALYZE birth;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('mention', 'sqlite_autoindex_mention_1', '1000000 500000 1'),
  ('mention', 'mention_by_state', '1000000 1000 2'),
  ('mention', 'mention_by_author', '1000000 500000 20 1'),
  ('mention', 'mention_by_host', '1000000 500000 2000 1'),
  ('mention', 'mention_by_thread', '1000000 500000 3'),
  ('mention', 'mention_by_end', '1000000 2'),
  ('mention', 'mention_to_watch', '1000 2'),
  ('mention', 'mention_by_arrival', '1000000 500000 20 1'),
  ('mention', 'mention_in_turn', '1000000 1000 500 100 2 1 1'),
  ('mention', 'mention_by_age', '1000000 500000 1000 1'),
  ('mention', 'mention_by_time', '1000000 2 1 1'),
  ('mention', 'mention_aside', '10 5'),
  ('mention', 'mention_by_admission', '1000000 500000 2'),
  ('job', 'sqlite_autoindex_job_1', '1000000 1'),
  ('job', 'job_by_mention', '1000000 500000 1 1'),
  ('picture', 'sqlite_autoindex_picture_1', '1000000 2 1 1'),
  ('picture', 'picture_by_mention', '1000000 500000 3'),
  ('picture', 'picture_doomed', '10 1'),
  ('post', 'sqlite_autoindex_post_1', '1000000 500000 1'),
  ('post', 'post_by_mention', '1000000 500000 1'),
  ('post', 'post_doomed', '10 5 1'),
  ('source', 'sqlite_autoindex_source_1', '1000000 500000 1 1'),
  ('source', 'source_by_author', '1000000 500000 20'),
  ('source', 'source_by_post', '1000000 500000 1'),
  ('source', 'source_to_watch', '1000 500 1');
ANALYZE sqlite_schema;
"""
"""Rows, and rows for each value of an index's first column, its first two and so on, of a large ledger.

Without them SQLite takes a platform for as good as a key, since it is the first half of one, and reads all of its rows.
"""

MIGRATIONS = (
    _FIRST, _TURNS, _LIVES, _SOURCES, _DELAYS, _ACCOUNTS, _DECIDED, _IN_TURN, _AT_A_GLANCE, _ADMITTED, _STATISTICS
)  # fmt: skip
"""The script that leads from each version to the next; a script that was released is never edited."""


class LedgerTooNew(Exception):
    """The file was written by a newer Stylesmith."""


class LedgerTooOld(Exception):
    """The file was written by an older Stylesmith; only the bot brings it up to date."""


def connect(directory: Path) -> sqlite3.Connection:
    """The ledger in `directory`, durable at every commit, brought up to this version."""
    # For its owner alone, also in a directory that is open to others; SQLite gives its log and index the same rights.
    # Only where there is none yet: closing a file takes this process's locks on it away (POSIX).
    with suppress(FileExistsError):
        os.close(os.open(directory / FILE, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(directory / FILE, isolation_level=None, check_same_thread=False, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    migrate(connection)
    return connection


def open_file(directory: Path, *, writing: bool) -> sqlite3.Connection:
    """The ledger of a bot that may be running, as it is. Raises LedgerTooNew and LedgerTooOld: nothing is migrated."""
    # A ledger that nobody has open has no log beside it; opened as immutable, not even that is made.
    idle = not (directory / f"{FILE}-wal").exists()
    mode = "mode=rw" if writing else "immutable=1" if idle else "mode=ro"
    address = f"{(directory / FILE).absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
    connection.row_factory = sqlite3.Row
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != len(MIGRATIONS):
        connection.close()
        raise (LedgerTooNew if version > len(MIGRATIONS) else LedgerTooOld)(*_versions(version))
    if writing:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
    return connection


def _versions(version: int) -> tuple[str]:
    return (f"the ledger has version {version}, this program knows {len(MIGRATIONS)}",)


def migrate(connection: sqlite3.Connection) -> None:
    """Runs the missing scripts, each in one transaction with its version number."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise LedgerTooNew(*_versions(version))
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")
