"""Notifications: who is told what, what the policy filters, and the streams that are woken."""

import sqlite3
from collections.abc import Callable, Sequence

from bot.sandbox.accounts import Accounts
from bot.sandbox.database import Database, Slice


class Notifications:
    def __init__(self, database: Database, accounts: Accounts) -> None:
        self._db = database
        self._accounts = accounts
        self.on_new: Callable[[int, int], None] = lambda account, notification: None
        """Called with the account and the notification's id."""

    def add(self, account: int, source: int, kind: str, post: int | None, *, filtered: bool = False) -> None:
        now = self._db.now()
        notification = self._db.insert(
            "notification", account=account, source=source, kind=kind, post=post, created_at=now,
            listed_at=now, filtered=int(filtered),
        )  # fmt: skip
        if not filtered:
            self.on_new(account, notification)

    def mention(self, account: int, source: int, post: int, visibility: str) -> None:
        """Somebody was named, unless it was by themselves or by somebody they block."""
        if account == source or self._accounts.related("block", account, source):
            return
        self.add(account, source, "mention", post, filtered=self._filters(account, source, visibility))

    def _filters(self, account: int, source: int, visibility: str) -> bool:
        policy = self._accounts.policy(account)
        if self._accounts.related("follow", account, source):
            return False
        unsolicited = visibility == "direct" and policy["for_private_mentions"] != "accept"
        return unsolicited or policy["for_not_following"] != "accept"

    def listed(self, account: int, kinds: Sequence[str], part: Slice) -> list[sqlite3.Row]:
        """Notifications of some kinds, or of all, newest first."""
        clause, bounds = part.clause()
        wanted = f" AND kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        sql = f"SELECT * FROM notification WHERE account = ? AND filtered = 0 AND listed_at <= ?{wanted}{clause}"  # noqa: S608  # clauses are ours
        rows = self._db.rows(sql, account, self._db.now(), *kinds, *bounds)
        return sorted(rows, key=lambda row: -row["id"])

    def clear(self, account: int, notification: int | None = None) -> None:
        sql = "DELETE FROM notification WHERE account = ? AND id = coalesce(?, id)"
        self._db.run(sql, account, notification)

    def get(self, account: int, notification: int) -> sqlite3.Row | None:
        sql = "SELECT * FROM notification WHERE account = ? AND id = ? AND listed_at <= ?"
        return self._db.row(sql, account, notification, self._db.now())
