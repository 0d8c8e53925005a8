"""Posts of ours that may exist under ids nobody knows, for mentions that were withdrawn: looked for, then deleted.

A mention may be withdrawn while its answer (or a note about the wait) was sent and the platform's word was lost.
Whether the post exists shows only later, when the mention, and with it the thread, may be gone.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.ledger.rows import Post, PostKind, State
from bot.ledger.statements import remember
from bot.ledger.store import Section

SOUGHT_S = 3600.0
_SOON_S = 15.0


@dataclass(frozen=True, slots=True)
class Stray:
    platform: str
    mention: str
    author: str
    """Account id of the person it answers."""
    since: float
    """When the mention was recorded: nothing older is it. Seconds since 1970."""
    begun_at: float


class Strays(Section):
    def due(self, platform: str, limit: int = 10) -> list[Stray]:
        found = self.store.rows(
            "SELECT * FROM stray WHERE platform = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
            platform, self._clock.now(), limit,
        )  # fmt: skip
        return [Stray(r["platform"], r["mention"], r["author"], r["since"], r["begun_at"]) for r in found]

    def looked(self, stray: Stray, found: Sequence[str]) -> None:
        """Marks what was found and is nothing else for deletion; looks again, at growing distances, for an hour."""
        now, key = self._clock.now(), (stray.platform, stray.mention)
        with self.store.write() as db:
            for post_id in found:
                if db.execute("SELECT 1 FROM post WHERE platform = ? AND id = ?", (stray.platform, post_id)).fetchone():
                    continue
                remember(db, Post(stray.platform, post_id, stray.mention, PostKind.REPLY), now)
                mark = "UPDATE post SET doomed = 1, due_at = ? WHERE platform = ? AND id = ?"
                db.execute(mark, (now, stray.platform, post_id))
            age_s = max(0.0, now - stray.begun_at)
            if age_s >= SOUGHT_S:
                db.execute("DELETE FROM stray WHERE platform = ? AND mention = ?", key)
            db.execute(
                "UPDATE stray SET due_at = ? WHERE platform = ? AND mention = ?", (now + max(_SOON_S, age_s), *key)
            )

    def later(self, stray: Stray, seconds: float) -> None:
        """Looks again after `seconds`: the platform could not be asked."""
        sql = "UPDATE stray SET due_at = ? WHERE platform = ? AND mention = ?"
        self.store.execute(sql, self._clock.now() + seconds, stray.platform, stray.mention)


def seek(db: sqlite3.Connection, platform: str, mentions: Sequence[str], now: float) -> None:
    """From now on looks for what may exist of these mentions; to be called before they leave their state."""
    db.executemany(
        "INSERT INTO stray (platform, mention, author, since, begun_at, due_at)"
        " SELECT platform, id, author, recorded_at, ?, ? FROM mention m"
        " WHERE platform = ? AND id = ? AND author <> '' AND (state = ? OR EXISTS"
        " (SELECT 1 FROM post p WHERE p.platform = m.platform AND p.mention = m.id AND p.kind = ?))"
        " ON CONFLICT DO NOTHING",
        [(now, now, platform, mention, State.POSTING, PostKind.INTENDED_NOTE) for mention in mentions],
    )
