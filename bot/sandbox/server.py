"""The parts of one sandbox, assembled."""

import sqlite3
from pathlib import Path

from bot.sandbox.accounts import Accounts
from bot.sandbox.attachments import Attachments, Previews
from bot.sandbox.database import Database
from bot.sandbox.entities import Entities
from bot.sandbox.markup import tags
from bot.sandbox.notifications import Notifications
from bot.sandbox.posts import Posts
from bot.sandbox.presence import Event, Presence
from bot.sandbox.progress import PaintingProgress

BOT = "stylesmith"
PERSON = "you"


class Server:
    """A sandbox at one address (`base`, such as http://127.0.0.1:8080), its data in `directory`."""

    version = "4.5.0"
    """Of the Mastodon whose API this is."""
    database_class = Database
    accounts_class = Accounts
    attachments_class = Attachments
    posts_class = Posts
    entities_class = Entities

    def __init__(self, directory: Path, base: str, progress: PaintingProgress | None = None) -> None:
        self.base = base
        self.host = base.split("://", 1)[1]
        self.database = self.database_class(directory)
        self.accounts = self.accounts_class(self.database)
        self.bot = self.accounts.resident(BOT, "Stylesmith")
        self.person = self.accounts.resident(PERSON, "You")
        self.attachments = self.attachments_class(self.database)
        self.notifications = Notifications(self.database, self.accounts)
        self.posts = self.posts_class(self.database, self.accounts, self.attachments, self.notifications, self.host)
        self.entities = self.entities_class(self.database, self.accounts, self.posts, self.attachments, base)
        self.previews = Previews(directory / "previews")
        self.progress = progress
        self.presence = Presence()
        self.notifications.on_new = lambda account, number: self.presence.tell(account, Event("notification", number))
        self.posts.on_change = self._changed

    def close(self) -> None:
        self.previews.close()
        self.database.close()

    def _changed(self, kind: str, post: sqlite3.Row) -> None:
        """Tells every open stream whose account may see the post."""
        for account in list(self.presence.streams):
            if post["listed_at"] <= self.database.now() and self.posts.may_see(post, account):
                self.presence.tell(account, Event(kind, post["id"], self._streams(account, post)))

    def _streams(self, account: int, post: sqlite3.Row) -> frozenset[str]:
        """The names of the streams of `account` that a post belongs to (docs.joinmastodon.org/methods/streaming)."""
        names = {f"hashtag:{tag}" for tag in tags(post["text"])} | {"public", "public:local"}
        names = names if post["visibility"] == "public" else set()
        if post["account"] == account or self.accounts.related("follow", account, post["account"]):
            names.add("user")
        return frozenset(names | ({"direct"} if post["visibility"] == "direct" else set()))
