"""Everything one sandbox consists of, joined once."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.sandbox.alerts import Alerts
from bot.sandbox.attachments import Attachments
from bot.sandbox.database import Database
from bot.sandbox.entities import Entities
from bot.sandbox.faults import FaultPlan, Faults
from bot.sandbox.people import People
from bot.sandbox.posts import Posts
from bot.sandbox.work import Work


class World:
    """A sandbox at one address (`base`, such as http://127.0.0.1:8080), its data in `directory`."""

    def __init__(
        self, directory: Path, base: str, work: Work | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self.base = base
        self.host = base.split("://", 1)[1]
        self.database = Database(directory, now)
        self.faults = Faults()
        self.people = People(self.database)
        self.attachments = Attachments(self.database)
        self.alerts = Alerts(self.database, self.people, self.faults.notification_delay_s)
        self.posts = Posts(self.database, self.people, self.attachments, self.alerts, self.host)
        self.entities = Entities(self.database, self.people, self.posts, self.attachments, base)
        self.work = work
        self.streams: dict[int, set[asyncio.Queue[int]]] = {}
        self.alerts.on_new = self._wake

    def misbehave(self, plan: FaultPlan) -> None:
        """Put a fault plan in force."""
        self.faults.load(plan)
        self.entities.numbers = plan.number_ids

    def record(self, what: str, **detail: Any) -> None:
        """Write down what happened, for whoever checks the bot."""
        self.database.insert("log", at=self.database.now(), what=what, detail=json.dumps(detail))

    def _wake(self, account: int, notification: int) -> None:
        for queue in self.streams.get(account, ()):
            queue.put_nowait(notification)
