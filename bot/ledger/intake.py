"""Mentions come into the ledger, together with the cursor from which a platform is read on."""

import logging
import sqlite3
import uuid
from collections.abc import Iterable

from bot.clock import Clock
from bot.ledger.rows import MENTION, State, to_json
from bot.ledger.statements import hashed_id, leave_account, thread_of, turn_of
from bot.ledger.store import Store, first_value, marks
from bot.ledger.table import Table
from bot.posts import Mention

log = logging.getLogger(__name__)


class Intake(Table):
    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store, clock)
        self.process_id = uuid.uuid4().hex
        """This process, as its rows name it."""
        self._synced: set[str] = set()

    def cursor(self, platform: str) -> str | None:
        """Where the next poll starts; None before the first."""
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
