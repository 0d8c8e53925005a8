"""Quotas, reply slots and what a person was told, each counted in the transaction that decides."""

from math import inf

from bot.ledger.rows import Row
from bot.ledger.store import Section, first_value
from bot.policy import Quota, Wait

_MINUTE_S = 60.0


class Counters(Section):
    def take_quota(self, row: Row, quota: Quota) -> Wait | None:
        """Counts `row` against `quota` where it fits, in one transaction and once; else how long it has to wait."""
        with self.store.write() as db:
            # Read when nobody else writes: whoever waited with an earlier time would not count those let in meanwhile.
            now = self._clock.now()
            if first_value(db, "SELECT admitted_at FROM mention WHERE platform = ? AND id = ?", row.key) is not None:
                return None
            waits = []
            askers = {"author": row.mention.author.id, "host": row.mention.author.host, "platform": row.platform}
            for window in quota.windows(row.platform):
                who = askers[window.of]
                # The limit-th newest admission: when it leaves the window, there is room again.
                full = first_value(
                    db,
                    f"SELECT admitted_at FROM mention WHERE platform = ? AND {window.of} = ? AND admitted_at > ?"
                    " AND admitted_at <= ? ORDER BY admitted_at DESC LIMIT 1 OFFSET ?",
                    (row.platform, who, now - window.seconds, now, max(0, window.limit - 1)),
                )
                if window.limit == 0:
                    full = now
                if full is not None:
                    waits.append(Wait(full + window.seconds - now, window.of))
            if waits:
                return max(waits, key=lambda wait: wait.seconds)
            db.execute("UPDATE mention SET admitted_at = ? WHERE platform = ? AND id = ?", (now, *row.key))
        return None

    def claim_reply_slot(self, row: Row, per_thread: int) -> float:
        """Seconds until `row` may be answered: 0 where it may be now, which is decided once.

        Infinite in a thread that has its `per_thread` answers. An author gets one a minute in a thread.
        """
        others = "SELECT count(*) FROM mention WHERE platform = ? AND thread = ? AND id <> ? AND engaged_at > 0"
        with self.store.write() as db:
            if first_value(db, "SELECT engaged_at FROM mention WHERE platform = ? AND id = ?", row.key) is not None:
                return 0.0
            if first_value(db, others, (row.platform, row.thread, row.id)) >= per_thread:
                return inf
            now = self._clock.now()
            latest = first_value(
                db,
                "SELECT max(engaged_at) FROM mention WHERE platform = ? AND thread = ? AND author = ?"
                " AND engaged_at > ? AND engaged_at <= ?",
                (row.platform, row.thread, row.mention.author.id, now - _MINUTE_S, now),
            )
            if latest is not None:
                return float(latest) + _MINUTE_S - now
            db.execute("UPDATE mention SET engaged_at = ? WHERE platform = ? AND id = ?", (now, *row.key))
        return 0.0

    def tell_once(self, row: Row, what: str, seconds: float) -> bool:
        """Whether `row` is the one to be told `what`: nobody is told the same twice within `seconds`."""
        person = (row.platform, row.mention.author.id, what)
        with self.store.write() as db:
            now = self._clock.now()
            lately = "mention <> ? AND at > ? AND at <= ?"
            told = f"SELECT 1 FROM told WHERE platform = ? AND author = ? AND what = ? AND {lately}"
            if first_value(db, told, (*person, row.id, now - seconds, now)):
                return False
            db.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?)", (*person, row.id, now))
        return True
