"""Edits of posts, and the versions before them."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.attachments import Attachments
from bot.sandbox.database import Database
from bot.sandbox.notifications import Notifications
from bot.sandbox.posts import Draft, Posts


@dataclass(frozen=True, slots=True)
class Edits:
    """Every version of a post that was changed at least once, the first one included."""

    _db: Database
    _posts: Posts
    _attachments: Attachments
    _notifications: Notifications

    def change(self, row: sqlite3.Row, draft: Draft, descriptions: Mapping[int, str]) -> None:
        """Put a checked draft in place of what a post says, and tell those who boosted it."""
        post = row["id"]
        if not self.versions(post):
            self._keep(row, row["created_at"])
        for media, description in descriptions.items():
            self._attachments.describe(media, description, None)
        self._db.run(
            "UPDATE post SET text = ?, spoiler = ?, sensitive = ?, language = coalesce(?, language) WHERE id = ?",
            draft.text, draft.spoiler, int(draft.sensitive), draft.language, post,
        )  # fmt: skip
        self._attachments.replace(row["account"], post, draft.media)
        changed = self._posts.visible(post, row["account"])
        self._posts.name(changed)
        self._keep(changed, self._db.now())
        for account in self._posts.boosters(post):
            self._notifications.add(account, row["account"], "update", post)
        self._posts.on_change("status.update", changed)

    def _keep(self, row: sqlite3.Row, at: float) -> None:
        media = [dict(one) for one in self._attachments.of_post(row["id"])]
        self._db.insert(
            "version", post=row["id"], at=at, text=row["text"], spoiler=row["spoiler"], sensitive=row["sensitive"],
            media=json.dumps(media),
        )  # fmt: skip

    def versions(self, post: int) -> list[sqlite3.Row]:
        """The oldest first; none for a post that was never changed."""
        return self._db.rows("SELECT * FROM version WHERE post = ? ORDER BY at, rowid", post)

    def edited_at(self, post: int) -> float | None:
        found = self.versions(post)
        return float(found[-1]["at"]) if found else None
