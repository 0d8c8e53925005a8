"""The ledger: what happened to every mention, durable before anything depends on it."""

import logging
import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.ledger.counters import Counters
from bot.ledger.erasure import Erasure
from bot.ledger.rows import (
    ANSWER,
    ENDS,
    IN_FLIGHT,
    MENTION,
    OPEN,
    PLAN,
    Answer,
    CreatedAt,
    JobRow,
    Plan,
    Post,
    PostKind,
    Row,
    State,
    Unreadable,
    to_json,
)
from bot.ledger.sources import Sources, keep_sources
from bot.ledger.statements import hashed_id, hold_pictures, leave_account, posts_of, remember, thread_of, turn_of
from bot.ledger.store import Access, Store, first_value, marks
from bot.ledger.strays import Strays, seek
from bot.posts import Mention
from worker.contract import RenderJob

log = logging.getLogger(__name__)

_OFTEN = 4
"""Whoever had trouble this often takes no place from others."""
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


class Ledger:
    """Mentions and their states. Every public method is one transaction and may be called from any thread."""

    def __init__(self, directory: Path, clock: Clock, access: Access = Access.OWN) -> None:
        self.store = Store(directory, access)
        self.counters = Counters(self.store, clock)
        self.erasure = Erasure(self.store, clock)
        self.sources = Sources(self.store, clock)
        self.strays = Strays(self.store, clock)
        self._clock = clock
        self.created_at = self._created() if access is Access.OWN else CreatedAt("", 0.0, 0.0)
        if access is Access.OWN:
            self._look_again()
        self.process_id = uuid.uuid4().hex
        """This process, as its rows name it."""
        self._synced: set[str] = set()

    def _created(self) -> CreatedAt:
        with self.store.write() as db:
            found = db.execute("SELECT boot, steady, wall FROM birth").fetchone()
            if found is None:
                found = (self._clock.boot, self._clock.steady(), self._clock.now())
                db.execute("INSERT INTO birth VALUES (?, ?, ?)", found)
        return CreatedAt(*found)

    def _look_again(self) -> None:
        """What another release could not read may be readable to this one."""
        with self.store.write() as db:
            db.execute("UPDATE mention SET due_at = ? WHERE reason = ?", (self._clock.now(), UNREADABLE))

    def close(self) -> None:
        self.store.close()

    # Mentions come in.

    def cursor(self, platform: str) -> str | None:
        """Where the next poll goes on; None before the first."""
        found = self.store.rows("SELECT value FROM cursor WHERE platform = ?", platform)
        return found[0]["value"] if found else None

    def belong_to(self, platform: str, account: str) -> bool:
        """Makes the platform's mentions those of `account`; True when they were another's until now.

        What is open of another account can be answered nowhere; its ids get that account's name before them, so that
        none is taken for one of the new account's.
        """
        with self.store.write() as db:
            known = first_value(db, "SELECT name FROM account WHERE platform = ?", (platform,))
            db.execute("INSERT OR REPLACE INTO account VALUES (?, ?)", (platform, account))
            if known in (None, account):
                return False
            leave_account(db, platform, known, self._clock.now())
        return True

    def record(self, platform: str, mentions: Iterable[Mention], cursor: str) -> int:
        """Writes down the unknown ones of `mentions` and moves the cursor, together; the number of new rows."""
        with self.store.write() as db:
            new = sum(self._insert(db, mention) for mention in mentions)
            db.execute(
                "INSERT INTO cursor VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (platform, cursor)
            )
        return new

    def first_sync_done(self, platform: str) -> None:
        """What was there before this process began has been read; nobody can have answered what comes from now on.

        It takes no clock to know that: an earlier ledger may be lost while the clock is an hour off.
        """
        self._synced.add(platform)

    def _insert(self, db: sqlite3.Connection, mention: Mention) -> int:
        ids = (mention.id, hashed_id(mention.platform, mention.id))
        if first_value(db, "SELECT 1 FROM mention WHERE platform = ? AND id IN (?, ?)", (mention.platform, *ids)):
            return 0
        now, author = self._clock.now(), mention.author
        values = (
            mention.platform, mention.id, State.NEW, author.id, author.host, thread_of(db, mention),
            to_json(MENTION, mention), now, now, now, turn_of(db, mention, now),
            self.process_id if mention.platform in self._synced else "",
        )  # fmt: skip
        log.info("mention seen", extra={"platform": mention.platform, "mention": mention.id})
        return db.execute(
            "INSERT INTO mention"
            " (platform, id, state, author, host, thread, mention, recorded_at, changed_at, due_at, turn, life)"
            f" VALUES ({marks(values)})",
            values,
        ).rowcount

    # Rows are found.

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
        """Whether some answer to this person may or may not exist just now."""
        return self._count("state = ? AND platform = ? AND author = ?", State.POSTING, platform, author) > 0

    def recent(self, limit: int = 50, *states: State) -> list[Row]:
        """The newest mentions, for people to look at."""
        where = f"WHERE state IN ({marks(states)})" if states else ""
        newest = f"SELECT * FROM mention {where} ORDER BY recorded_at DESC, length(id) DESC, id DESC LIMIT ?"
        return [_shown(found) for found in self.store.rows(newest, *states, limit)]

    def counts(self) -> dict[tuple[str, str], tuple[int, float]]:
        """(platform, state) -> number of rows and the age in seconds of the one changed longest ago."""
        found = self.store.rows("SELECT platform, state, count(*) n, min(changed_at) t FROM mention GROUP BY 1, 2")
        return {(r["platform"], r["state"]): (r["n"], max(0.0, self._clock.now() - r["t"])) for r in found}

    def _rows(self, where: str, *values: Any) -> list[Row]:
        """Those that can be read; the others are set aside, each by itself."""
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
        known = (*OPEN, *ENDS)
        aside = f"reason = ? AND state IN ({marks(OPEN)}) OR state NOT IN ({marks(known)})"
        return self._count(aside, UNREADABLE, *OPEN, *known)

    def _count(self, where: str, *values: Any) -> int:
        return int(self.store.rows(f"SELECT count(*) n FROM mention WHERE {where}", *values)[0]["n"])

    # Rows move.

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
        with self.store.write() as db:
            db.execute(
                "UPDATE mention SET due_at = ?, delay = ?, reason = ?, attempts = attempts + ?"
                " WHERE platform = ? AND id = ? AND state = ? AND round = ?",
                (self._clock.now() + seconds, seconds, reason, trouble, *row.key, row.state, row.round),
            )

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

    def replay(self, row: Row) -> Row:
        """`row` as new, its next answer not to be taken for an earlier one. Raises Moved.

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

    # What is painted.

    def plan(self, row: Row, plan: Plan, jobs: Sequence[RenderJob]) -> Row:
        """`row` as ready, with its jobs and the pictures they hold, in one transaction."""
        with self.store.write() as db:
            db.execute("DELETE FROM job WHERE platform = ? AND mention = ?", row.key)
            for position, job in enumerate(jobs):
                db.execute(
                    "INSERT INTO job (id, platform, mention, position, job) VALUES (?, ?, ?, ?, ?)",
                    (job.id, *row.key, position, job.model_dump_json()),
                )
            hold_pictures(db, row, [*plan.photos, *plan.styles], painted=False)
            keep_sources(db, row, plan)
            changes = {"plan": to_json(PLAN, plan), "mention": to_json(MENTION, row.mention)}
            return self._move(db, row, State.READY, "", changes)

    def jobs(self, row: Row) -> list[JobRow]:
        """The paintings of `row`, in the order of its photos. Raises Unreadable."""
        found = self.store.rows("SELECT * FROM job WHERE platform = ? AND mention = ? ORDER BY position", *row.key)
        return [JobRow.of(r) for r in found]

    def of_jobs(self, job_ids: Iterable[str]) -> list[Row]:
        """The mentions that these jobs are painted for."""
        wanted = "WHERE (platform, id) IN (SELECT platform, mention FROM job WHERE id = ?)"
        return [row for job_id in dict.fromkeys(job_ids) for row in self._rows(wanted, job_id)]

    def ended(self, row: Row, job_id: str, outcome: str, painting: str = "") -> None:
        """Keeps the outcome of one job, and the key of its painting."""
        with self.store.write() as db:
            db.execute("UPDATE job SET outcome = ?, painting = ? WHERE id = ?", (outcome, painting, job_id))
            if painting:
                hold_pictures(db, row, [painting], painted=True)

    # What is said.

    def decide(self, row: Row, answer: Answer) -> Row:
        """`row` with its answer written down, ready to be posted."""
        mention = to_json(MENTION, row.mention)
        return self.move(row, State.DECIDED, answer=to_json(ANSWER, answer), mention=mention)

    def begin_posting(self, row: Row) -> Row:
        """`row` as `posting`, on disk before the request leaves. How often it had trouble stays."""
        reason = SENT_BEFORE if row.state is State.POSTING else ""
        boot, steady = self._clock.boot, self._clock.steady()
        return self.move(row, State.POSTING, reason, attempts=row.attempts, posting_boot=boot, posting_steady=steady)

    def not_posted(self, row: Row, reason: str) -> Row:
        """`row` as decided again: certainly nothing was posted. How often it had trouble stays."""
        return self.move(row, State.DECIDED, reason, attempts=row.attempts)

    def answered(self, row: Row, post_id: str, state: State, reason: str, watch_after_s: float | None) -> Row:
        """`row` at its end with our reply's id, in one transaction."""
        watch_at = None if watch_after_s is None else self._clock.now() + watch_after_s
        with self.store.write() as db:
            remember(db, Post(row.platform, post_id, row.id, PostKind.REPLY), self._clock.now())
            db.execute("UPDATE source SET watch_at = ? WHERE platform = ? AND mention = ?", (watch_at, *row.key))
            return self._move(db, row, state, reason, {"watch_at": watch_at})

    def remember(self, post: Post) -> None:
        """A post of ours, so that it is not taken for the reply."""
        with self.store.write() as db:
            remember(db, post, self._clock.now())

    def intend_note(self, row: Row) -> None:
        """A note is going to be sent, while `row` is queued: its answer waits until that note is found or settled.

        Raises StaleRow when `row` is queued no more."""
        with self.store.write() as db:
            there = "SELECT 1 FROM mention WHERE platform = ? AND id = ? AND state = ? AND round = ?"
            if not first_value(db, there, (*row.key, State.QUEUED, row.round)):
                raise StaleRow(f"{row.platform}/{row.id} is no longer queued")
            remember(db, Post(row.platform, row.id, row.id, PostKind.INTENDED_NOTE), self._clock.now())
            db.execute(
                "UPDATE post SET boot = ?, steady = ? WHERE platform = ? AND id = ?",
                (self._clock.boot, self._clock.steady(), *row.key),
            )

    def noted(self, row: Row, note_id: str) -> None:
        """The note that was intended for `row` has this id, or (empty) was never sent."""
        with self.store.write() as db:
            db.execute(
                "DELETE FROM post WHERE platform = ? AND id = ? AND kind = ?", (*row.key, PostKind.INTENDED_NOTE)
            )
            if note_id:
                remember(db, Post(row.platform, note_id, row.id, PostKind.NOTE), self._clock.now())
                # Its mention may have been answered or withdrawn while it was sent.
                late = f"SELECT 1 FROM mention WHERE platform = ? AND id = ? AND state IN ({marks(ENDS)})"
                if first_value(db, late, (*row.key, *ENDS)):
                    doom = "UPDATE post SET doomed = 1, due_at = ? WHERE platform = ? AND id = ?"
                    db.execute(doom, (self._clock.now(), row.platform, note_id))

    def posts(self, platform: str, mention_id: str) -> list[Post]:
        """Our posts that belong to this mention."""
        return posts_of(self.store.rows("SELECT * FROM post WHERE platform = ? AND mention = ?", platform, mention_id))

    def mention_of(self, platform: str, post_id: str) -> Row | None:
        """The mention that this post of ours answers."""
        found = self.store.rows("SELECT mention FROM post WHERE platform = ? AND id = ?", platform, post_id)
        return self.get(platform, found[0]["mention"]) if found else None


def _shown(found: sqlite3.Row) -> Row:
    """A row as it stands, hollow where it cannot be read."""
    try:
        return Row.of(found)
    except Unreadable:
        return Row.placeholder(found)


def _log(row: Row) -> None:
    """What became of a mention: ids and codes, nobody's words."""
    answer = f"{row.answer.about}:{row.answer.code}".rstrip(":") if row.answer else ""
    level = logging.DEBUG if row.state in _IN_PASSING else logging.INFO
    about = {"platform": row.platform, "mention": row.id, "reason": row.reason, "answer": answer}
    log.log(level, "mention %s", row.state.value, extra={name: value for name, value in about.items() if value})
