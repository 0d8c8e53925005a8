"""Rows to the JSON that the Mastodon API describes (docs.joinmastodon.org/entities)."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.accounts import Accounts
from bot.sandbox.attachments import Attachments, name_of
from bot.sandbox.database import Database
from bot.sandbox.markup import render, tags
from bot.sandbox.posts import Posts

Json = dict[str, Any]


def moment(seconds: float) -> str:
    """ISO 8601 with milliseconds, as Mastodon writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Entities:
    """Writes each entity as one viewer sees it; a method is named for its entity."""

    _db: Database
    _accounts: Accounts
    _posts: Posts
    _attachments: Attachments
    _base: str

    def id(self, value: int | None) -> str | int | None:
        return None if value is None else str(value)

    def page(self, acct: str) -> str:
        """Address of a person's page."""
        name, _, host = acct.partition("@")
        return f"https://{host}/@{name}" if host else f"{self._base}/@{name}"

    def html(self, text: str) -> str:
        def resolve(handle: str) -> str | None:
            person = self._posts.named(handle)
            return self.page(person["acct"]) if person else None

        return render(text, self._base, resolve)

    def account(self, row: sqlite3.Row) -> Json:
        picture = f"{self._base}/sandbox/avatar/{row['id']}.svg"
        fields = [{"name": f["name"], "value": self.html(f["value"]), "verified_at": None} for f in _fields(row)]
        posts = self._db.value("SELECT count(*) FROM post WHERE account = ?", row["id"])
        return {
            "id": self.id(row["id"]), "username": row["acct"].split("@")[0], "acct": row["acct"],
            "display_name": row["display_name"], "locked": False, "bot": bool(row["bot"]), "discoverable": False,
            "group": False, "created_at": moment(row["created_at"]), "note": self.html(row["note"]),
            "url": self.page(row["acct"]), "uri": self.page(row["acct"]), "avatar": picture, "avatar_static": picture,
            "header": picture, "header_static": picture, "followers_count": self._count("follow", "target", row["id"]),
            "following_count": self._count("follow", "source", row["id"]), "statuses_count": posts, "emojis": [],
            "last_status_at": None, "fields": fields, "roles": [],
        }  # fmt: skip

    def own_account(self, row: sqlite3.Row) -> Json:
        """CredentialAccount."""
        source = {
            "privacy": "public", "sensitive": False, "language": None, "note": row["note"],
            "fields": _fields(row), "follow_requests_count": 0,
        }  # fmt: skip
        return {**self.account(row), "source": source}

    def media(self, row: sqlite3.Row | dict[str, Any]) -> Json:
        """MediaAttachment; `url` is null while it is processed."""
        ready = row["ready_at"] <= self._db.now()
        url = f"{self._base}/media/{row['id']}/{name_of(row)}" if ready else None
        preview = f"{url}/small" if url and row["kind"] == "image" else url
        meta: Json = {}
        if row["width"]:
            size = f"{row['width']}x{row['height']}"
            aspect = row["width"] / row["height"]
            meta = {"original": {"width": row["width"], "height": row["height"], "size": size, "aspect": aspect}}
        return {
            "id": self.id(row["id"]), "type": row["kind"], "url": url, "preview_url": preview, "remote_url": None,
            "preview_remote_url": None, "text_url": None, "meta": meta, "description": row["description"],
            "blurhash": None,
        }  # fmt: skip

    def status(self, row: sqlite3.Row, viewer: int | None) -> Json:
        return {**self._status(row, viewer), "quote": self._quote(row, viewer)}

    def _status(self, row: sqlite3.Row, viewer: int | None) -> Json:
        author = self._accounts.known(row["account"])
        sql = "SELECT account.* FROM named JOIN account ON account.id = named.account WHERE named.post = ?"
        url = f"{self._base}/@{author['acct']}/{row['id']}"
        versions, boosters = self._posts.versions(row["id"]), self._posts.boosters(row["id"])
        replies = self._db.value("SELECT count(*) FROM post WHERE parent = ?", row["id"])
        return {
            "id": self.id(row["id"]), "created_at": moment(row["created_at"]),
            "edited_at": moment(versions[-1]["at"]) if versions else None,
            "in_reply_to_id": self.id(row["parent"]),
            "in_reply_to_account_id": self.id(row["parent_account"]),
            "sensitive": bool(row["sensitive"]), "spoiler_text": row["spoiler"], "visibility": row["visibility"],
            "language": row["language"], "uri": url, "url": url, "content": self.html(row["text"]),
            "replies_count": replies, "reblogs_count": len(boosters),
            "favourites_count": self._count("favourite", "target", row["id"]),
            "favourited": self._related("favourite", viewer, row), "reblogged": viewer in boosters,
            "muted": self._related("mute", viewer, row), "bookmarked": self._related("bookmark", viewer, row),
            "pinned": self._related("pin", viewer, row), "reblog": self._boosted(row, viewer),
            "application": None, "account": self.account(author),
            "media_attachments": [self.media(media) for media in self._attachments.of_post(row["id"])],
            "mentions": [self._named(person) for person in self._db.rows(sql, row["id"])],
            "tags": [self.tag(tag) for tag in tags(row["text"])], "emojis": [], "card": None, "poll": None,
            "filtered": [],
        }  # fmt: skip

    def tag(self, name: str) -> Json:
        return {"name": name, "url": f"{self._base}/tags/{name}"}

    def history(self, row: sqlite3.Row) -> list[Json]:
        """StatusEdit, the oldest first; a post that was never changed has one."""
        author = self._accounts.known(row["account"])
        versions = self._posts.versions(row["id"])
        if not versions:
            now = [self.media(media) for media in self._attachments.of_post(row["id"])]
            return [self._version(row, author, row["created_at"], now)]
        return [
            self._version(version, author, version["at"], [self.media(media) for media in json.loads(version["media"])])
            for version in versions
        ]

    def _version(self, said: sqlite3.Row, author: sqlite3.Row, at: float, media: list[Json]) -> Json:
        return {
            "content": self.html(said["text"]), "spoiler_text": said["spoiler"], "sensitive": bool(said["sensitive"]),
            "created_at": moment(at), "account": self.account(author), "media_attachments": media, "emojis": [],
        }  # fmt: skip

    def _boosted(self, row: sqlite3.Row, viewer: int | None) -> Json | None:
        post = self._posts.get(row["boost_of"])
        return self.status(post, viewer) if post is not None else None

    def _related(self, kind: str, viewer: int | None, row: sqlite3.Row) -> bool:
        return viewer is not None and self._accounts.related(kind, viewer, row["id"])

    def _quote(self, row: sqlite3.Row, viewer: int | None) -> Json | None:
        """Quote (docs.joinmastodon.org/entities/Quote); of what a quoted post quotes, its id alone."""
        if row["quoted"] is None:
            return None
        shown = self._posts.get(row["quoted"])
        if shown is None:
            return {"state": "deleted", "quoted_status": None}
        if not self._posts.may_see(shown, viewer):
            return {"state": "unauthorized", "quoted_status": None}
        inner = {"state": "accepted", "quoted_status_id": self.id(shown["quoted"])} if shown["quoted"] else None
        return {"state": "accepted", "quoted_status": {**self._status(shown, viewer), "quote": inner}}

    def notification(self, row: sqlite3.Row) -> Json:
        source = self._accounts.known(row["source"])
        entity: Json = {
            "id": self.id(row["id"]), "type": row["kind"], "created_at": moment(row["created_at"]),
            "group_key": f"ungrouped-{row['id']}", "account": self.account(source),
        }  # fmt: skip
        post = self._posts.get(row["post"])
        if post is not None:
            entity["status"] = self.status(post, row["account"])
        return entity

    def relationship(self, viewer: int, other: int) -> Json:
        related = self._accounts.related
        return {
            "id": self.id(other), "following": related("follow", viewer, other),
            "followed_by": related("follow", other, viewer),
            "blocking": related("block", viewer, other), "blocked_by": related("block", other, viewer),
            "showing_reblogs": True, "notifying": False, "languages": None, "muting": related("mute", viewer, other),
            "muting_notifications": False, "requested": False, "requested_by": False, "domain_blocking": False,
            "endorsed": False, "note": "",
        }  # fmt: skip

    def _named(self, row: sqlite3.Row) -> Json:
        name = row["acct"].split("@")[0]
        return {"id": self.id(row["id"]), "username": name, "url": self.page(row["acct"]), "acct": row["acct"]}

    def _count(self, kind: str, side: str, of: int) -> object:
        return self._db.value(f"SELECT count(*) FROM relation WHERE kind = ? AND {side} = ?", kind, of)  # noqa: S608  # side is ours


def _fields(row: sqlite3.Row) -> list[dict[str, str]]:
    fields: list[dict[str, str]] = json.loads(row["fields"])
    return fields
