"""Other posts whose pictures were painted: their authors may take the paintings away, and with them they go.

A plan keeps every post that it goes back to; the table has those that gave one of its pictures and are not the mention.
"""

import sqlite3

from bot.ledger.rows import Plan, Row
from bot.ledger.store import Section, marks


class Sources(Section):
    def owners(self, row: Row) -> set[str]:
        """Account ids of those whose pictures `row` was painted from, its own author aside."""
        found = self.store.rows("SELECT author FROM source WHERE platform = ? AND mention = ?", *row.key)
        return {r["author"] for r in found}

    def watched(self, platform: str, limit: int = 20) -> list[tuple[str, float]]:
        """(post id, seconds since the newest of its paintings) of posts whose existence is to be checked now."""
        now = self._clock.now()
        found = self.store.rows(
            "SELECT post, max(ended_at) AS ended_at FROM source s JOIN mention m"
            " ON m.platform = s.platform AND m.id = s.mention WHERE s.watch_at <= ? AND s.platform = ?"
            " GROUP BY post ORDER BY min(s.watch_at) LIMIT ?",
            now, platform, limit,
        )  # fmt: skip
        return [(r["post"], max(0.0, now - (r["ended_at"] or now))) for r in found]

    def watch_again(self, platform: str, post: str, after_s: float | None) -> None:
        """Checks this post again after so many seconds, or never."""
        watch_at = None if after_s is None else self._clock.now() + after_s
        sql = "UPDATE source SET watch_at = ? WHERE platform = ? AND post = ?"
        self.store.execute(sql, watch_at, platform, post)

    def mentions(self, platform: str, post: str) -> list[str]:
        found = self.store.rows("SELECT mention FROM source WHERE platform = ? AND post = ?", platform, post)
        return [r["mention"] for r in found]


def keep_sources(db: sqlite3.Connection, row: Row, plan: Plan) -> None:
    """Writes down whose pictures `row` is painted from, in place of what was written before."""
    painted = {*plan.photos, *plan.styles}
    db.execute("DELETE FROM source WHERE platform = ? AND mention = ?", row.key)
    for source in plan.sources or ():
        if source.post != row.id and source.author and not painted.isdisjoint(source.pictures):
            values = (*row.key, source.post, source.author, source.handle, source.host)
            db.execute(
                "INSERT INTO source (platform, mention, post, author, handle, host)"
                f" VALUES ({marks(values)}) ON CONFLICT DO NOTHING",
                values,
            )


def painted_from(db: sqlite3.Connection, platform: str, author: str) -> list[str]:
    """Ids of other people's mentions that were painted from pictures of this person."""
    found = db.execute(
        "SELECT DISTINCT s.mention FROM source s JOIN mention m ON m.platform = s.platform AND m.id = s.mention"
        " WHERE s.platform = ? AND s.author = ? AND m.author <> ?",
        (platform, author, author),
    )
    return [r["mention"] for r in found]
