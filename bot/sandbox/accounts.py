"""Accounts, apps, tokens, and relations: who follows or blocks whom, favourites, bookmarks."""

import json
import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from bot.sandbox.database import Database

OOB = "urn:ietf:wg:oauth:2.0:oob"
CODE_LIFE_S = 600

FRESH_POLICY = {
    "for_not_following": "accept", "for_not_followers": "accept", "for_new_accounts": "accept",
    "for_private_mentions": "filter", "for_limited_accounts": "filter",
}  # fmt: skip
"""What a new Mastodon account has: unsolicited private mentions are filtered (mastodon/mastodon#33666)."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who makes a request, and what the token allows."""

    scopes: frozenset[str]
    account: int | None


def allows(scopes: Collection[str], scope: str) -> bool:
    """Whether `scope` is among them by its full name or by its parent: `read` allows `read:statuses`."""
    return scope in scopes or scope.partition(":")[0] in scopes


class Accounts:
    def __init__(self, database: Database) -> None:
        self._db = database

    def create(self, acct: str, display_name: str = "") -> int:
        """A new account; `acct` is `name`, or `name@host` for somebody from elsewhere."""
        account = self._db.new_id()
        self._db.insert(
            "account", id=account, acct=acct, display_name=display_name or acct.partition("@")[0],
            policy=json.dumps(FRESH_POLICY), created_at=self._db.now(),
        )  # fmt: skip
        return account

    def resident(self, acct: str, display_name: str) -> int:
        """The account of that name, made at the first start."""
        found = self.by_acct(acct)
        return self.create(acct, display_name) if found is None else int(found["id"])

    def by_id(self, account: int) -> sqlite3.Row | None:
        return self._db.row("SELECT * FROM account WHERE id = ?", account)

    def known(self, account: int) -> sqlite3.Row:
        """The account of an id that we gave out: none is ever deleted."""
        (row,) = self._db.rows("SELECT * FROM account WHERE id = ?", account)
        return row

    def by_acct(self, acct: str) -> sqlite3.Row | None:
        return self._db.row("SELECT * FROM account WHERE acct = ? COLLATE NOCASE", acct)

    def update(self, account: int, **values: object) -> None:
        """Change columns of an account; None leaves one as it is."""
        for name, value in values.items():
            if value is not None:
                self._db.run(f"UPDATE account SET {name} = ? WHERE id = ?", value, account)  # noqa: S608  # names are ours

    def policy(self, account: int) -> dict[str, str]:
        """The notification policy (docs.joinmastodon.org/methods/notifications)."""
        policy: dict[str, str] = json.loads(str(self._db.value("SELECT policy FROM account WHERE id = ?", account)))
        return policy

    # Relations of an account to another, to a post or to a hashtag.

    def relate(self, kind: str, source: int, target: int) -> None:
        self._db.run("INSERT OR IGNORE INTO relation (kind, source, target) VALUES (?, ?, ?)", kind, source, target)

    def unrelate(self, kind: str, source: int, target: int) -> None:
        self._db.run("DELETE FROM relation WHERE kind = ? AND source = ? AND target = ?", kind, source, target)

    def related(self, kind: str, source: int, target: int) -> bool:
        sql = "SELECT 1 FROM relation WHERE kind = ? AND source = ? AND target = ?"
        return self._db.row(sql, kind, source, target) is not None

    def sources(self, kind: str, target: int) -> list[int]:
        """Everybody who has this relation to `target`."""
        rows = self._db.rows("SELECT source FROM relation WHERE kind = ? AND target = ?", kind, target)
        return [row["source"] for row in rows]

    def targets(self, kind: str, source: int) -> list[int]:
        """Everything to which `source` has this relation."""
        rows = self._db.rows("SELECT target FROM relation WHERE kind = ? AND source = ?", kind, source)
        return [row["target"] for row in rows]

    # Apps and tokens.

    def register(self, name: str, redirect_uris: str, scopes: str, website: str | None) -> sqlite3.Row:
        client = secrets.token_urlsafe(24)
        self._db.insert(
            "app", client_id=client, client_secret=secrets.token_urlsafe(24), name=name, website=website,
            redirect_uris=redirect_uris or OOB, scopes=scopes or "read",
        )  # fmt: skip
        (app,) = self._db.rows("SELECT * FROM app WHERE client_id = ?", client)
        return app

    def app(self, client_id: str) -> sqlite3.Row | None:
        return self._db.row("SELECT * FROM app WHERE client_id = ?", client_id)

    def issue_code(self, client_id: str, account: int, scopes: str, redirect_uri: str) -> str:
        """A code that can be exchanged once, within ten minutes."""
        code = secrets.token_urlsafe(24)
        self._db.insert(
            "code", code=code, client_id=client_id, account=account, scopes=scopes,
            redirect_uri=redirect_uri, expires_at=self._db.now() + CODE_LIFE_S,
        )  # fmt: skip
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str) -> sqlite3.Row | None:
        """The row of a valid code, which is then used up; None for any other."""
        found = self._db.row("SELECT * FROM code WHERE code = ?", code)
        self._db.run("DELETE FROM code WHERE code = ? OR expires_at < ?", code, self._db.now())
        if found is None or found["expires_at"] < self._db.now():
            return None
        return found if (found["client_id"], found["redirect_uri"]) == (client_id, redirect_uri) else None

    def issue_token(self, client_id: str, account: int | None, scopes: str) -> str:
        token = secrets.token_urlsafe(32)
        self._db.insert(
            "token", token=token, client_id=client_id, account=account, scopes=scopes, created_at=self._db.now()
        )
        return token

    def revoke(self, token: str) -> None:
        self._db.run("DELETE FROM token WHERE token = ?", token)

    def bearer(self, token: str) -> Bearer | None:
        row = self._db.row("SELECT * FROM token WHERE token = ?", token)
        return Bearer(frozenset(row["scopes"].split()), row["account"]) if row else None
