"""The sandbox's stores with the habits of other servers, and with a log of what happened."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException

from bot.sandbox.accounts import Accounts, Bearer
from bot.sandbox.attachments import IMAGE_TYPES, Attachments, is_film
from bot.sandbox.database import Database
from bot.sandbox.entities import Entities, Json
from bot.sandbox.errors import invalid
from bot.sandbox.posts import Draft, Posts
from bot.sandbox.server import Server
from tests.fakes.mastodon.faults import Faults

_LOG = """CREATE TABLE IF NOT EXISTS log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL
)"""


class FaultyDatabase(Database):
    """Rows show late where the plan says so; `faults` is the plan that all stores go by."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.faults = Faults()
        self.run(_LOG)

    def insert(self, table: str, **values: Any) -> int:
        plan = self.faults.plan
        if table == "post":
            values["listed_at"] += plan.listed_after_s
        elif table == "media":
            values["ready_at"] += plan.processing_s
        elif table == "notification":
            values["listed_at"] += self.faults.notification_delay_s()
        return super().insert(table, **values)

    def record(self, what: str, **detail: Any) -> None:
        """Write down what happened, for whoever checks the bot."""
        super().insert("log", at=self.now(), what=what, detail=json.dumps(detail))


class FaultyAccounts(Accounts):
    _db: FaultyDatabase

    def bearer(self, token: str) -> Bearer | None:
        found = super().bearer(token)
        if found is None:
            raise HTTPException(self._db.faults.plan.bad_token_status, "The access token is invalid")
        return found


class FaultyAttachments(Attachments):
    _db: FaultyDatabase

    @property
    def mime_types(self) -> list[str]:  # type: ignore[override]  # the plan changes while the server runs
        return [*IMAGE_TYPES, *(("video/mp4",) if self._db.faults.plan.videos else ())]

    def add(self, account: int, data: bytes, **more: Any) -> int:
        if is_film(data) and not self._db.faults.plan.videos:
            raise invalid("File content type is invalid")
        media = super().add(account, data, **more)
        self._db.record("upload", media=str(media), account=str(account))
        return media


class FaultyPosts(Posts):
    _db: FaultyDatabase

    def made_with(self, account: int, key: str) -> int | None:
        plan = self._db.faults.plan
        made = None if plan.ignore_keys else super().made_with(account, key)
        if made is not None:
            self._db.record("repeat", post=str(made), key=key)
            if plan.repeats_answer_500:
                raise HTTPException(500, "Internal server error")
        return made

    def add(self, account: int, draft: Draft) -> int:
        post = super().add(account, draft)
        self._db.record(
            "post", post=str(post), account=str(account), parent=str(draft.parent or ""), key=draft.key,
            media=len(draft.media), visibility=draft.visibility, text=draft.text,
        )  # fmt: skip
        return post

    def edit(self, row: sqlite3.Row, draft: Draft, descriptions: Mapping[int, str]) -> None:
        super().edit(row, draft, descriptions)
        self._db.record("edit", post=str(row["id"]), account=str(row["account"]), text=draft.text)

    def delete(self, post: int, *, with_media: bool = False) -> None:
        row = self.get(post)
        super().delete(post, with_media=with_media)
        self._db.record("delete", post=str(post), account=str(row["account"] if row else ""))

    def favourite(self, account: int, post: sqlite3.Row) -> None:
        super().favourite(account, post)
        self._db.record("favourite", post=str(post["id"]), account=str(account))


class FaultyEntities(Entities):
    _db: FaultyDatabase

    def id(self, value: int | None) -> str | int | None:
        return value if self._db.faults.plan.number_ids else super().id(value)

    def _status(self, row: sqlite3.Row, viewer: int | None) -> Json:
        unresolved = dict.fromkeys(("in_reply_to_id", "in_reply_to_account_id")) if self._pending(row, viewer) else {}
        return super()._status(row, viewer) | unresolved

    def _quote(self, row: sqlite3.Row, viewer: int | None) -> Json | None:
        if row["quoted"] is not None and self._pending(row, viewer):
            return {"state": "pending", "quoted_status": None}
        return super()._quote(row, viewer)

    def _pending(self, row: sqlite3.Row, viewer: int | None) -> bool:
        """Whether what another's post answers and quotes is still being found out, as for posts from elsewhere."""
        late_s = self._db.faults.plan.resolved_after_s
        return bool(viewer != row["account"] and self._db.now() < row["created_at"] + late_s)


class FaultyServer(Server):
    """A sandbox whose stores go by a fault plan."""

    database: FaultyDatabase
    database_class = FaultyDatabase
    accounts_class = FaultyAccounts
    attachments_class = FaultyAttachments
    posts_class = FaultyPosts
    entities_class = FaultyEntities

    @property
    def version(self) -> str:  # type: ignore[override]  # the plan changes while the server runs
        return self.database.faults.plan.version
