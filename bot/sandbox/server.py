"""The parts of one sandbox, assembled."""

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.sandbox.accounts import Accounts
from bot.sandbox.attachments import Attachments
from bot.sandbox.boosts import Boosts
from bot.sandbox.database import Database
from bot.sandbox.edits import Edits
from bot.sandbox.entities import Entities
from bot.sandbox.faults import FaultPlan, Faults
from bot.sandbox.markup import tags
from bot.sandbox.notifications import Notifications
from bot.sandbox.posts import Posts
from bot.sandbox.presence import Event, Presence
from bot.sandbox.previews import Previews
from bot.sandbox.progress import Work


class Server:
    """A sandbox at one address (`base`, such as http://127.0.0.1:8080), its data in `directory`."""

    def __init__(
        self, directory: Path, base: str, work: Work | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self.base = base
        self.host = base.split("://", 1)[1]
        self.database = Database(directory, now)
        self.faults = Faults()
        self.people = Accounts(self.database)
        self.attachments = Attachments(self.database)
        self.notifications = Notifications(self.database, self.people, self.faults.notification_delay_s)
        self.posts = Posts(self.database, self.people, self.attachments, self.notifications, self.host)
        self.boosts = Boosts(self.database, self.posts)
        self.edits = Edits(self.database, self.posts, self.attachments, self.boosts, self.notifications)
        self.entities = Entities(
            self.database, self.people, self.posts, self.attachments, self.boosts, self.edits, base
        )
        self.previews = Previews(directory / "previews")
        self.work = work
        self.presence = Presence()
        self.notifications.on_new = self._alerted
        self.posts.on_change = self._changed

    def close(self) -> None:
        """Close what is open."""
        self.previews.close()
        self.database.close()

    def misbehave(self, plan: FaultPlan) -> None:
        """Put a fault plan in force."""
        self.faults.load(plan)
        self.entities.numbers = plan.number_ids
        self.entities.resolved_after_s = plan.resolved_after_s

    def record(self, what: str, **detail: Any) -> None:
        """Write down what happened, for whoever checks the bot."""
        self.database.insert("log", at=self.database.now(), what=what, detail=json.dumps(detail))

    def _alerted(self, account: int, notification: int) -> None:
        self.presence.tell(account, Event("notification", notification))

    def _changed(self, kind: str, post: sqlite3.Row) -> None:
        """Tells every open stream whose account may see the post."""
        for account in list(self.presence.streams):
            if post["listed_at"] <= self.database.now() and self.posts.may_see(post, account):
                self.presence.tell(account, Event(kind, post["id"], self._streams(account, post)))

    def _streams(self, account: int, post: sqlite3.Row) -> frozenset[str]:
        """The names of the streams of `account` that a post belongs to (docs.joinmastodon.org/methods/streaming)."""
        names = {f"hashtag:{tag}" for tag in tags(post["text"])} | {"public", "public:local"}
        names = names if post["visibility"] == "public" else set()
        if post["account"] == account or self.people.tied("follow", account, post["account"]):
            names.add("user")
        return frozenset(names | ({"direct"} if post["visibility"] == "direct" else set()))
