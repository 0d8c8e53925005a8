"""Boosts: posts that stand for another's."""

import sqlite3
from dataclasses import dataclass

from bot.sandbox.database import Database
from bot.sandbox.errors import not_found
from bot.sandbox.posts import Posts


@dataclass(frozen=True, slots=True)
class Boosts:
    """A boost is a post without words that stands for another."""

    _db: Database
    _posts: Posts

    def boost(self, account: int, row: sqlite3.Row) -> int:
        """The post by which `account` boosts another; the same one if it does already. Raises HTTPException."""
        if row["visibility"] == "direct" or (row["visibility"] == "private" and row["account"] != account):
            raise not_found()
        known = self._of(account, row["id"])
        return known if known is not None else self._posts.boost(account, row)

    def unboost(self, account: int, post: int) -> None:
        known = self._of(account, post)
        if known is not None:
            self._posts.delete(known)

    def boosted(self, post: int) -> int | None:
        """What this post is a boost of, if it is one."""
        found = self._db.value("SELECT of_post FROM boost WHERE post = ?", post)
        return int(str(found)) if found is not None else None

    def by(self, post: int) -> list[int]:
        """The accounts that boost a post, the newest first."""
        return [
            row["account"]
            for row in self._db.rows("SELECT account FROM boost WHERE of_post = ? ORDER BY post DESC", post)
        ]

    def _of(self, account: int, post: int) -> int | None:
        found = self._db.value("SELECT post FROM boost WHERE account = ? AND of_post = ?", account, post)
        return int(str(found)) if found is not None else None
