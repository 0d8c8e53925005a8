"""Posts and their replies as the page shows them: what was asked, whether it is open, and what came of it."""

import sqlite3
from typing import Any

from bot.sandbox.server import Server
from bot.sandbox.slices import Slice

OPEN_FOR_S = 2 * 3600
"""A request without an answer is shown as waiting for so long."""


_ALL = 1000


class Threads:
    """Threads as `viewer` may see them, judged by what `bot` (an account's name) did in them."""

    def __init__(self, sandbox: Server, bot: str, viewer: int) -> None:
        self._sandbox = sandbox
        self._viewer = viewer
        person = sandbox.accounts.by_acct(bot)
        self._bot: int = person["id"] if person else 0

    def newest(self, part: Slice) -> list[dict[str, Any]]:
        """Threads by their first post, newest first."""
        roots = self._sandbox.posts.listed("id = root AND boost_of IS NULL", [], part, self._viewer)
        return [self._thread(root) for root in roots]

    def around(self, post: int) -> dict[str, Any]:
        """The whole thread of a post, or what is left of it where its first post is gone. Raises HTTPException."""
        row = self._sandbox.posts.visible(post, self._viewer)
        root = self._sandbox.posts.get(row["root"])
        return self._thread(root if root and self._sandbox.posts.may_see(root, self._viewer) else row)

    def _thread(self, root: sqlite3.Row) -> dict[str, Any]:
        posts = self._sandbox.posts
        rows = [root, *posts.descendants(root, self._viewer)]
        reached = {row["id"] for row in rows}
        # Answers to a deleted post have no parent: they stand at the end, or the answer "deleted" would be unseen.
        below = posts.listed("root = ?", [root["id"]], Slice(_ALL), self._viewer)
        rows += [row for row in reversed(below) if row["id"] not in reached]
        return {"id": str(root["id"]), "posts": [self._entry(row) for row in rows]}

    def _entry(self, row: sqlite3.Row) -> dict[str, Any]:
        answered = self._sandbox.accounts.related("answer", self._bot, row["id"])
        asks = row["account"] != self._bot and self._named(row)
        fresh = self._sandbox.database.now() - row["created_at"] < OPEN_FOR_S
        return {
            "status": self._sandbox.entities.status(row, self._viewer),
            "by_bot": row["account"] == self._bot,
            "accepted": self._sandbox.accounts.related("favourite", self._bot, row["id"]),
            "open": asks and not answered and fresh,
            "stages": [],
        }

    def _named(self, row: sqlite3.Row) -> bool:
        sql = "SELECT 1 FROM named WHERE post = ? AND account = ?"
        return self._sandbox.database.row(sql, row["id"], self._bot) is not None
