"""Statements that several of the ledger's transactions share."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

from bot.ledger.rows import OPEN, Post, PostKind, Row, State
from bot.ledger.store import first_value, marks
from bot.posts import Mention

TURNS_S = 600


def thread_of(db: sqlite3.Connection, mention: Mention) -> str:
    """The thread a mention belongs to: its parent's where we know it, else where the platform says it began."""
    above = (mention.platform, mention.in_reply_to)
    known = first_value(
        db, "SELECT thread FROM mention JOIN post ON post.mention = mention.id AND post.platform = mention.platform"
        " WHERE post.platform = ? AND post.id = ?", above,
    ) or first_value(db, "SELECT thread FROM mention WHERE platform = ? AND id = ?", above)  # fmt: skip
    return str(known or mention.platform_root or mention.in_reply_to or mention.id)


def turn_of(db: sqlite3.Connection, mention: Mention, now: float) -> int:
    """How many mentions of the same person came in the ten minutes before this one: their turn among everybody's."""
    lately = (mention.platform, mention.author.id, now - TURNS_S)
    return int(
        first_value(db, "SELECT count(*) FROM mention WHERE platform = ? AND author = ? AND recorded_at > ?", lately)
    )


def hashed_id(platform: str, mention_id: str) -> str:
    """What an id becomes when it has to be forgotten, so that its mention is still known when it is seen again."""
    return "sha256:" + hashlib.sha256(f"{platform}:{mention_id}".encode()).hexdigest()


def leave_account(db: sqlite3.Connection, platform: str, account: str, now: float) -> None:
    """Ends what belonged to an account that is ours no more: it is neither answered, followed nor deleted there."""
    db.execute(
        "UPDATE mention SET state = ?, reason = 'another account', ended_at = ?"
        f" WHERE platform = ? AND state IN ({marks(OPEN)})",
        (State.WITHDRAWN, now, platform, *OPEN),
    )
    db.execute("DELETE FROM cursor WHERE platform = ?", (platform,))
    for table in ("post", "source", "stray", "told"):
        db.execute(f"DELETE FROM {table} WHERE platform = ?", (platform,))
    before = f"{account}:"
    db.execute("UPDATE mention SET id = ? || id, thread = '', watch_at = NULL WHERE platform = ?", (before, platform))
    for table in ("job", "picture"):
        db.execute(f"UPDATE {table} SET mention = ? || mention WHERE platform = ?", (before, platform))


def hold_pictures(db: sqlite3.Connection, row: Row, keys: Sequence[str], *, painted: bool) -> None:
    db.executemany(
        "INSERT INTO picture (key, platform, mention, painted) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(key, *row.key, painted) for key in keys],
    )


def remember(db: sqlite3.Connection, post: Post, now: float) -> None:
    db.execute(
        "INSERT INTO post (platform, id, mention, kind, posted_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (post.platform, post.id, post.mention_id, post.kind, now),
    )


def posts_of(found: Iterable[sqlite3.Row]) -> list[Post]:
    return [Post(r["platform"], r["id"], r["mention"], PostKind(r["kind"]), r["boot"], r["steady"]) for r in found]
