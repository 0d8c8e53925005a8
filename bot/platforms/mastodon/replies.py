"""Which posts of ours answer a mention on a Mastodon server: from our own newest posts and from the thread."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.errors import PlatformError, Refused, Unknown, is_shared
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.entities import Entity, OwnAccount, answers, moment, order

_PAGE = 40
_MOST_PAGES = 25
"""A thousand posts of ours: many hours of a busy bot."""
_SKEW = timedelta(minutes=2)
"""How far the server's clock may be from ours."""


def find_answers(client: MastodonClient, me: OwnAccount, mention_id: str) -> Sequence[str]:
    """Ids of our posts that answer this mention, oldest first. Raises PlatformError.

    A server may be late with either source, so both are asked; a thread that cannot be had (too long, too slow) is
    done without where our own posts reach back to before the mention.
    """
    own, complete = _own_posts(client, me, mention_id)
    try:
        thread = _thread(client, mention_id)
    except PlatformError as error:
        if not complete or is_shared(error):
            raise
        thread = []
    found = {
        str(post["id"])
        for post in (*thread, *own)
        if str((post.get("account") or {}).get("id")) == me.id and str(post.get("in_reply_to_id")) == mention_id
    }
    return sorted(found, key=order)


def _own_posts(client: MastodonClient, me: OwnAccount, mention_id: str) -> tuple[list[Entity], bool]:
    """Our posts, newest first, and whether they go back to before the mention or to our first post."""
    found: list[Entity] = []
    oldest: str | None = None
    for _ in range(_MOST_PAGES):
        page = _page(client, me, max_id=oldest)
        found += page
        before, oldest = oldest, min((str(post["id"]) for post in page), key=order, default=None)
        if oldest is None or order(oldest) < order(mention_id):
            return found, True
        if before is not None and order(oldest) >= order(before):
            break  # a server that does not understand `max_id`
    return found, False


def find_strays(
    client: MastodonClient, me: OwnAccount, mention_id: str, author_id: str, *, since: datetime
) -> Sequence[str]:
    """From our own posts alone: where the mention is gone there is no thread, and its answers have no parent."""
    return [
        str(post["id"]) for post in _own_posts_after(client, me, since - _SKEW) if answers(post, mention_id, author_id)
    ]


def _own_posts_after(client: MastodonClient, me: OwnAccount, oldest: datetime) -> Iterator[Entity]:
    max_id: str | None = None
    for _ in range(_MOST_PAGES):
        page = _page(client, me, max_id=max_id, exclude_reblogs="true")
        newer = [post for post in page if (moment(post.get("created_at")) or oldest) > oldest]
        yield from newer
        if not page or len(newer) < len(page):
            return
        max_id = str(page[-1]["id"])


def _page(client: MastodonClient, me: OwnAccount, **asked: str | None) -> list[Entity]:
    path = f"/api/v1/accounts/{quote(me.id, safe='')}/statuses"
    return posts_in(client.read("api", path, limit=_PAGE, **asked), "own posts are no list")


def _thread(client: MastodonClient, mention_id: str) -> list[Entity]:
    try:
        context = client.read("api", f"/api/v1/statuses/{quote(mention_id, safe='')}/context")
    except Refused:
        return []
    below = context.get("descendants") if isinstance(context, dict) else None
    return posts_in(below, "a thread without descendants")


def posts_in(found: object, otherwise: str) -> list[Entity]:
    """The posts of a list; whatever else a server may answer proves nothing."""
    if not isinstance(found, list):
        raise Unknown(otherwise)
    return [post for post in found if isinstance(post, dict) and post.get("id") is not None]
