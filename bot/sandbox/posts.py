"""Posts, who may see them, their threads and earlier versions, and what posting sets off."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from bot.sandbox.accounts import Accounts
from bot.sandbox.attachments import Attachments
from bot.sandbox.database import Database, Slice
from bot.sandbox.errors import invalid, not_found
from bot.sandbox.markup import handles, length
from bot.sandbox.notifications import Notifications

MAX_CHARACTERS = 500
MAX_MEDIA = 4
VISIBILITIES = ("public", "unlisted", "private", "direct")
KEY_LIFE_S = 3600
"""Seconds for which a server remembers an Idempotency-Key (docs.joinmastodon.org/methods/statuses)."""


@dataclass(frozen=True, slots=True)
class Draft:
    text: str = ""
    media: tuple[int, ...] = ()
    parent: int | None = None
    visibility: str = "public"
    spoiler: str = ""
    sensitive: bool = False
    language: str | None = None
    quoted: int | None = None
    key: str = ""
    """Its Idempotency-Key."""


class Posts:
    def __init__(
        self, database: Database, accounts: Accounts, attachments: Attachments, notifications: Notifications, host: str
    ) -> None:
        self._db = database
        self._accounts = accounts
        self._attachments = attachments
        self._notifications = notifications
        self._host = host
        self.on_change: Callable[[str, sqlite3.Row], None] = lambda kind, post: None
        """Called with the kind of a stream's event and the post; for `delete`, just before it goes."""

    def named(self, handle: str) -> sqlite3.Row | None:
        """The account that a handle in a text means."""
        return self._accounts.by_acct(handle.removesuffix(f"@{self._host}"))

    def check(self, account: int, draft: Draft) -> None:
        """Raises HTTPException for what a server would not take."""
        if not draft.text.strip() and not draft.media:
            raise invalid("Text can't be blank")
        if length(draft.text) + len(draft.spoiler) > MAX_CHARACTERS:
            raise invalid(f"Text character limit of {MAX_CHARACTERS} exceeded")
        if draft.visibility not in VISIBILITIES:
            raise invalid("Visibility is not included in the list")
        if len(draft.media) > MAX_MEDIA:
            raise invalid(f"Cannot attach more than {MAX_MEDIA} files")
        rows = [self._attachments.get(media) for media in draft.media]
        if any(row is not None and row["ready_at"] > self._db.now() for row in rows):
            raise invalid("Cannot attach files that have not finished processing. Try again in a moment!")
        if len(rows) > 1 and any(row is not None and row["kind"] == "video" for row in rows):
            raise invalid("Cannot attach a video to a post that already contains images")
        parent = self.get(draft.parent)
        if draft.parent is not None and (parent is None or not self.may_see(parent, account)):
            raise HTTPException(404, "The post you are trying to reply to does not appear to exist.")

    def add(self, account: int, draft: Draft) -> int:
        """Post a checked draft, and tell everybody it names."""
        post, now = self._db.new_id(), self._db.now()
        parent = self.get(draft.parent)
        self._db.insert(
            "post", id=post, account=account, text=draft.text, spoiler=draft.spoiler, sensitive=int(draft.sensitive),
            visibility=draft.visibility, language=draft.language, parent=draft.parent,
            parent_account=parent["account"] if parent else None, root=parent["root"] if parent else post,
            created_at=now, listed_at=now, quoted=draft.quoted,
        )  # fmt: skip
        self._attachments.attach(account, post, draft.media)
        if parent and (draft.media or draft.visibility != "direct" or parent["visibility"] == "direct"):
            # Kept when the answer is deleted; a direct word about the wait is no answer.
            self._accounts.relate("answer", account, parent["id"])
        self.name(self._row(post))
        self.on_change("update", self._row(post))
        if draft.key:
            self._db.run("INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)", account, draft.key, post, now)
        return post

    def name(self, row: sqlite3.Row) -> None:
        """Tell everybody whom a post names, and who was not told of it before."""
        people = [person["id"] for handle in handles(row["text"]) if (person := self.named(handle)) is not None]
        gone = "" if not people else f" AND account NOT IN ({', '.join('?' * len(people))})"
        self._db.run(f"DELETE FROM named WHERE post = ?{gone}", row["id"], *people)  # noqa: S608  # marks only
        for person in people:
            sql = "INSERT OR IGNORE INTO named (post, account) VALUES (?, ?)"
            if self._db.run(sql, row["id"], person):
                self._notifications.mention(person, row["account"], row["id"], row["visibility"])

    def edit(self, row: sqlite3.Row, draft: Draft, descriptions: Mapping[int, str]) -> None:
        """Put a checked draft in place of what a post says, and tell those who boosted it."""
        post = row["id"]
        if not self.versions(post):
            self._keep_version(row, row["created_at"])
        for media, description in descriptions.items():
            self._attachments.describe(media, description)
        self._db.run(
            "UPDATE post SET text = ?, spoiler = ?, sensitive = ?, language = coalesce(?, language) WHERE id = ?",
            draft.text, draft.spoiler, int(draft.sensitive), draft.language, post,
        )  # fmt: skip
        self._attachments.replace(row["account"], post, draft.media)
        changed = self._row(post)
        self.name(changed)
        self._keep_version(changed, self._db.now())
        for account in self.boosters(post):
            self._notifications.add(account, row["account"], "update", post)
        self.on_change("status.update", changed)

    def _keep_version(self, row: sqlite3.Row, at: float) -> None:
        media = [dict(one) for one in self._attachments.of_post(row["id"])]
        self._db.insert(
            "version", post=row["id"], at=at, text=row["text"], spoiler=row["spoiler"], sensitive=row["sensitive"],
            media=json.dumps(media),
        )  # fmt: skip

    def versions(self, post: int) -> list[sqlite3.Row]:
        """The oldest first; none for a post that was never changed."""
        return self._db.rows("SELECT * FROM version WHERE post = ? ORDER BY at, rowid", post)

    def boost(self, account: int, row: sqlite3.Row) -> int:
        """A post without words that stands for another, whose author is told; the same one if there is one already.

        Raises HTTPException.
        """
        if row["visibility"] == "direct" or (row["visibility"] == "private" and row["account"] != account):
            raise not_found()
        if known := self._boost_by(account, row["id"]):
            return int(known["id"])
        post, now = self._db.new_id(), self._db.now()
        self._db.insert(
            "post", id=post, account=account, visibility=row["visibility"], root=post, created_at=now, listed_at=now,
            boost_of=row["id"],
        )  # fmt: skip
        if row["account"] != account:
            self._notifications.add(row["account"], account, "reblog", row["id"])
        self.on_change("update", self._row(post))
        return post

    def unboost(self, account: int, post: int) -> None:
        if known := self._boost_by(account, post):
            self.delete(known["id"])

    def boosters(self, post: int) -> list[int]:
        """The accounts that boost a post, the newest first."""
        rows = self._db.rows("SELECT account FROM post WHERE boost_of = ? ORDER BY id DESC", post)
        return [row["account"] for row in rows]

    def _boost_by(self, account: int, post: int) -> sqlite3.Row | None:
        return self._db.row("SELECT id FROM post WHERE account = ? AND boost_of = ?", account, post)

    def _row(self, post: int) -> sqlite3.Row:
        (row,) = self._db.rows("SELECT * FROM post WHERE id = ?", post)
        return row

    def made_with(self, account: int, key: str) -> int | None:
        """The post that this key made within the last hour."""
        sql = "SELECT post FROM idempotency WHERE account = ? AND key = ? AND created_at > ?"
        found = self._db.row(sql, account, key, self._db.now() - KEY_LIFE_S)
        return int(found["post"]) if found else None

    def get(self, post: int | None) -> sqlite3.Row | None:
        return self._db.row("SELECT * FROM post WHERE id = ?", post)

    def visible(self, post: int, viewer: int | None) -> sqlite3.Row:
        """The post, for somebody who may see it. Raises HTTPException."""
        row = self.get(post)
        if row is None or not self.may_see(row, viewer):
            raise not_found()
        return row

    def may_see(self, post: sqlite3.Row, viewer: int | None) -> bool:
        if viewer is not None and self._accounts.related("block", post["account"], viewer):
            return False
        if viewer == post["account"] or post["visibility"] in ("public", "unlisted"):
            return True
        if viewer is None:
            return False
        named = self._db.row("SELECT 1 FROM named WHERE post = ? AND account = ?", post["id"], viewer)
        followed = post["visibility"] == "private" and self._accounts.related("follow", viewer, post["account"])
        return named is not None or followed

    def delete(self, post: int, *, with_media: bool = False) -> None:
        """Remove a post; replies to it stay, without a parent, as on Mastodon. Its media wait for a new draft."""
        row = self.get(post)
        if row is not None:
            self.on_change("delete", row)
        for boost in self._db.rows("SELECT id FROM post WHERE boost_of = ?", post):
            self.delete(boost["id"])
        self._db.run("UPDATE post SET parent = NULL WHERE parent = ?", post)
        change = "DELETE FROM media" if with_media else "UPDATE media SET post = NULL"
        self._db.run(f"{change} WHERE post = ?", post)  # our own words
        for table in ("named", "notification", "version"):
            self._db.run(f"DELETE FROM {table} WHERE post = ?", post)  # noqa: S608  # our own names
        self._db.run("DELETE FROM post WHERE id = ?", post)

    def listed(self, where: str, values: Sequence[object], part: Slice, viewer: int | None) -> list[sqlite3.Row]:
        """Posts newest first that satisfy `where`, that the viewer may see and that are listed by now."""
        clause, bounds = part.clause()
        sql = f"SELECT * FROM post WHERE {where} AND listed_at <= ?{clause}"  # noqa: S608  # clauses are ours
        rows = self._db.rows(sql, *values, self._db.now(), *bounds)
        return sorted((row for row in rows if self.may_see(row, viewer)), key=lambda row: -row["id"])

    def ancestors(self, post: sqlite3.Row, viewer: int | None) -> list[sqlite3.Row]:
        """The posts above one, oldest first."""
        found: list[sqlite3.Row] = []
        parent = self.get(post["parent"])
        while parent is not None:
            if self.may_see(parent, viewer):
                found.insert(0, parent)
            parent = self.get(parent["parent"])
        return found

    def descendants(self, post: sqlite3.Row, viewer: int | None) -> list[sqlite3.Row]:
        """The posts below one, depth first, each generation oldest first."""
        sql = "SELECT * FROM post WHERE root = ? AND listed_at <= ? ORDER BY id"
        below: dict[int, list[sqlite3.Row]] = {}
        for row in self._db.rows(sql, post["root"], self._db.now()):
            below.setdefault(row["parent"] or 0, []).append(row)
        found, open_ = [], below.get(post["id"], [])[::-1]
        while open_:
            row = open_.pop()
            found.append(row)
            open_.extend(below.get(row["id"], [])[::-1])
        return [row for row in found if self.may_see(row, viewer)]

    def favourite(self, account: int, post: sqlite3.Row) -> None:
        if self._accounts.related("favourite", account, post["id"]):
            return
        self._accounts.relate("favourite", account, post["id"])
        if post["account"] != account:
            self._notifications.add(post["account"], account, "favourite", post["id"])
