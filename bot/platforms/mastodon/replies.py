"""Which posts of ours answer a mention on a Mastodon server: from our own newest posts and from the thread."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.errors import PlatformError, Refused, is_shared
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.entities import Entity, OwnAccount, answers, entities_in, moment, order

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
    for page in _pages(client, me):
        found += page
        if not page or any(order(str(post["id"])) < order(mention_id) for post in page):
            return found, True
    return found, False


def find_strays(
    client: MastodonClient, me: OwnAccount, mention_id: str, author_id: str, *, since: datetime
) -> Sequence[str]:
    """From our own posts alone: where the mention is gone there is no thread, and its answers have no parent."""
    found: list[str] = []
    oldest = since - _SKEW
    for page in _pages(client, me, exclude_reblogs="true"):
        newer = [post for post in page if (moment(post.get("created_at")) or oldest) > oldest]
        found += [str(post["id"]) for post in newer if answers(post, mention_id, author_id)]
        if len(newer) < len(page):
            break
    return found


def _pages(client: MastodonClient, me: OwnAccount, **asked: str) -> Iterator[list[Entity]]:
    """Our own posts, newest first; behind the first of them comes an empty page."""
    path, oldest = f"/api/v1/accounts/{quote(me.id, safe='')}/statuses", None
    for _ in range(_MOST_PAGES):
        page = entities_in(client.read("api", path, limit=_PAGE, max_id=oldest, **asked), "own posts are no list")
        yield page
        before, oldest = oldest, min((str(post["id"]) for post in page), key=order, default=None)
        if oldest is None or (before is not None and order(oldest) >= order(before)):
            return  # a server that does not understand `max_id` answers the same page again


def _thread(client: MastodonClient, mention_id: str) -> list[Entity]:
    try:
        context = client.read("api", f"/api/v1/statuses/{quote(mention_id, safe='')}/context")
    except Refused:
        return []
    below = context.get("descendants") if isinstance(context, dict) else None
    return entities_in(below, "a thread without descendants")
