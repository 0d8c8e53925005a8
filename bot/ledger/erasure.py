"""Taking things out of the ledger again: a person who leaves, pictures past their time, replies whose mention is gone.

First it is marked here, then it is removed outside (a file, a post), then the mark goes: a death between the steps
only means that the removal is done once more.
"""

import sqlite3
from collections.abc import Collection

from bot.ledger.rows import ENDS, MENTION, Post, PostKind, Row, State, to_json
from bot.ledger.sources import painted_from
from bot.ledger.statements import hashed_id, posts_of
from bot.ledger.store import Section, marks
from bot.ledger.strays import seek
from bot.policy import DAY_S, Retention
from bot.posts import NOBODY, Mention

FORGOTTEN = "forgotten"
PORTION = 100
"""Mentions blanked in one transaction: nobody else gets at the ledger meanwhile."""
_UNPAINTED = (State.NEW, State.READY, State.QUEUED)


class Erasure(Section):
    def forget(self, platform: str, author: str, *, but: str = "") -> list[str]:
        """Ends and blanks everything of this person, and what others had painted from their pictures; the job ids to
        cancel. Ids stay, so nothing is done twice.

        The mention `but` is left open: it is the one that asked."""
        with self.store.write() as db:
            asked = db.execute("SELECT id FROM mention WHERE platform = ? AND author = ?", (platform, author))
            ids = [r["id"] for r in asked if r["id"] != but] + painted_from(db, platform, author)
            jobs = [job for mention_id in ids for job in _unpainted(db, platform, mention_id)]
            seek(db, platform, ids, self._clock.now())
            db.executemany(
                "UPDATE mention SET state = ?, reason = ?, ended_at = ?"
                f" WHERE platform = ? AND id = ? AND state NOT IN ({marks(ENDS)})",
                [(State.WITHDRAWN, FORGOTTEN, self._clock.now(), platform, known, *ENDS) for known in ids],
            )
            for mention_id in ids:
                self._mark_for_deletion(db, platform, mention_id)
                _blank(db, platform, mention_id)
            db.execute("DELETE FROM told WHERE platform = ? AND author = ?", (platform, author))
        return jobs

    def withdraw(self, row: Row, reason: str) -> list[str]:
        """Ends `row` if it is open, marks its replies and pictures for deletion; the job ids to cancel."""
        with self.store.write() as db:
            jobs = _unpainted(db, *row.key)
            seek(db, row.platform, [row.id], self._clock.now())
            db.execute(
                "UPDATE mention SET state = ?, reason = ?, ended_at = ?, watch_at = NULL WHERE platform = ? AND id = ?",
                (State.WITHDRAWN, reason, self._clock.now(), *row.key),
            )
            db.execute("UPDATE source SET watch_at = NULL WHERE platform = ? AND mention = ?", row.key)
            self._mark_for_deletion(db, *row.key)
        return jobs

    def _mark_for_deletion(self, db: sqlite3.Connection, platform: str, mention_id: str) -> None:
        db.execute(
            "UPDATE post SET doomed = 1, due_at = ? WHERE platform = ? AND mention = ? AND doomed = 0",
            (self._clock.now(), platform, mention_id),
        )
        db.execute("UPDATE picture SET doomed = 1 WHERE platform = ? AND mention = ?", (platform, mention_id))

    def expire(self, keep: Retention) -> None:
        """Marks and blanks everything past its time, in portions."""
        now = self._clock.now()
        with self.store.write() as db:
            for painted, kept_s in ((False, keep.inputs_s), (True, keep.outputs_s)):
                db.execute(
                    "UPDATE picture SET doomed = 1 WHERE painted = ? AND doomed = 0 AND (platform, mention) IN"
                    " (SELECT platform, id FROM mention WHERE ended_at < ?)",
                    (painted, now - kept_s),
                )
            db.execute("DELETE FROM told WHERE at < ?", (now - DAY_S,))
        while self._blank_portion(now - keep.outputs_s, now - keep.ids_s):
            continue

    def _blank_portion(self, text_before: float, id_before: float) -> bool:
        """Blanks mentions that ended before the one, hashes ids of those before the other; whether more are left."""
        with self.store.write() as db:
            old = db.execute(
                f"SELECT platform, id FROM mention WHERE ended_at < ? AND author <> '' AND state IN ({marks(ENDS)})"
                " LIMIT ?",
                (text_before, *ENDS, PORTION),
            ).fetchall()
            for r in old:
                _blank(db, r["platform"], r["id"])
            ancient = db.execute(
                "SELECT platform, id FROM mention WHERE ended_at < ? AND id NOT LIKE 'sha256:%' LIMIT ?",
                (id_before, PORTION),
            ).fetchall()
            for r in ancient:
                _hash_id(db, r["platform"], r["id"])
        return PORTION in (len(old), len(ancient))

    def needed_elsewhere(self, row: Row, keys: Collection[str]) -> set[str]:
        """Those of `keys` that another mention is going to be painted from."""
        found = self.store.rows(
            "SELECT DISTINCT p.key FROM picture p JOIN mention m ON m.platform = p.platform AND m.id = p.mention"
            f" WHERE p.key IN ({marks(keys)}) AND m.state IN ({marks(_UNPAINTED)})"
            " AND NOT (m.platform = ? AND m.id = ?)",
            *keys, *_UNPAINTED, *row.key,
        )  # fmt: skip
        return {r["key"] for r in found}

    def pictures(self, limit: int = 500) -> list[str]:
        """Keys of marked pictures that nobody else needs."""
        found = self.store.rows(
            "SELECT DISTINCT key FROM picture p WHERE doomed = 1 AND NOT EXISTS"
            " (SELECT 1 FROM picture q WHERE q.key = p.key AND q.doomed = 0) LIMIT ?",
            limit,
        )
        return [r["key"] for r in found]

    def pictures_gone(self, keys: list[str]) -> None:
        with self.store.write() as db:
            db.executemany("DELETE FROM picture WHERE key = ? AND doomed = 1", [(key,) for key in keys])
            # Marks on a picture that somebody else still needs have done their work, too.
            db.execute(
                "DELETE FROM picture WHERE doomed = 1"
                " AND EXISTS (SELECT 1 FROM picture q WHERE q.key = picture.key AND q.doomed = 0)"
            )

    def posts(self, platform: str, limit: int = 20) -> list[Post]:
        """Posts of ours to delete from this platform now."""
        found = self.store.rows(
            "SELECT * FROM post WHERE doomed = 1 AND kind <> ? AND platform = ? AND due_at <= ?"
            " ORDER BY due_at LIMIT ?",
            PostKind.INTENDED_NOTE, platform, self._clock.now(), limit,
        )  # fmt: skip
        return posts_of(found)

    def mark_for_deletion(self, post: Post, after_s: float = 0) -> None:
        """Marks one post of ours for deletion after `after_s`; one that is marked is put off by that."""
        sql = "UPDATE post SET doomed = 1, due_at = ? WHERE platform = ? AND id = ?"
        self.store.execute(sql, self._clock.now() + after_s, post.platform, post.id)

    def post_gone(self, post: Post) -> None:
        self.store.execute("DELETE FROM post WHERE platform = ? AND id = ?", post.platform, post.id)

    def watched(self, platform: str, limit: int = 20) -> list[tuple[str, float]]:
        """(mention id, seconds since its end) of answered mentions whose existence is to be checked now."""
        now = self._clock.now()
        found = self.store.rows(
            "SELECT id, ended_at FROM mention WHERE watch_at <= ? AND platform = ? ORDER BY watch_at LIMIT ?",
            now, platform, limit,
        )  # fmt: skip
        return [(r["id"], max(0.0, now - (r["ended_at"] or now))) for r in found]

    def watch_again(self, platform: str, mention_id: str, after_s: float | None) -> None:
        """Checks this mention again after so many seconds, or never."""
        watch_at = None if after_s is None else self._clock.now() + after_s
        sql = "UPDATE mention SET watch_at = ? WHERE platform = ? AND id = ?"
        self.store.execute(sql, watch_at, platform, mention_id)


def _unpainted(db: sqlite3.Connection, platform: str, mention_id: str) -> list[str]:
    found = db.execute("SELECT id FROM job WHERE platform = ? AND mention = ? AND outcome = ''", (platform, mention_id))
    return [r["id"] for r in found]


def _blank(db: sqlite3.Connection, platform: str, mention_id: str) -> None:
    """What they wrote and asked for, and who they are, goes; that this id was dealt with stays."""
    db.execute(
        "UPDATE mention SET mention = ?, author = '', host = '', plan = NULL, answer = NULL, watch_at = NULL"
        f" WHERE platform = ? AND id = ? AND state IN ({marks(ENDS)})",
        (to_json(MENTION, Mention(platform, mention_id, NOBODY, "")), platform, mention_id, *ENDS),
    )
    db.execute("DELETE FROM job WHERE platform = ? AND mention = ?", (platform, mention_id))
    db.execute("DELETE FROM source WHERE platform = ? AND mention = ?", (platform, mention_id))


def _hash_id(db: sqlite3.Connection, platform: str, mention_id: str) -> None:
    """Replaces the id by its hash; how the mention ended and when remains."""
    unnamed = hashed_id(platform, mention_id)
    _blank(db, platform, mention_id)
    db.execute("DELETE FROM post WHERE platform = ? AND mention = ? AND doomed = 0", (platform, mention_id))
    db.execute(
        "UPDATE OR REPLACE mention SET id = ?, thread = '', mention = ? WHERE platform = ? AND id = ?",
        (unnamed, to_json(MENTION, Mention(platform, unnamed, NOBODY, "")), platform, mention_id),
    )
