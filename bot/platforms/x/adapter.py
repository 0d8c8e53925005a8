"""X: mentions and replies over tweepy, within its prices, its limits and its rules for automated accounts."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.errors import RateLimited, Refused, Unknown
from bot.platforms.kept_uploads import KeptUploads
from bot.platforms.x.client import MOST_ALT_TEXT, XClient, walk
from bot.platforms.x.deletions import Deletions
from bot.platforms.x.errors import Duplicate, translated
from bot.platforms.x.fields import HOST, NAME, ids_of, media_of, mention_of, opted_out, page_of, some_time_before
from bot.platforms.x.replies import LATE_S, OwnReplies
from bot.platforms.x.spending import Item, Spending
from bot.ports import Page
from bot.posts import Author, Limits, Mention, Painting, Reply, Visibility
from bot.text import cut, has_link, weight

LIMITS: Final = Limits(280, MOST_ALT_TEXT, 4, 5_000_000, looks_cost=True, all_public=True, one_reply_only=True)
OVERLAP_S: Final = 60
"""Read again before the cursor: a post may become visible after one with a higher id. Billed once a day only."""

_VARIATIONS: Final = ("🎨", "🖌️", "🖼️", "✨", "🌈", "🌟")
_MOST_ORNAMENTS: Final = 8

logger = logging.getLogger(__name__)


class X:
    """A bot.ports.Platform. Every reply goes to the post that summoned us; there are no favourites and no notes."""

    name = NAME

    def __init__(
        self,
        client: XClient,
        spending: Spending,
        deletions: Deletions | None = None,
        *,
        made_with_ai: bool = False,
        horizon_s: float = LATE_S,
    ) -> None:
        self._client = client
        self._spending = spending
        self._deletions = deletions or Deletions(client, spending)
        self._made_with_ai = made_with_ai
        self._kept = KeptUploads(self._upload)
        self._answers = OwnReplies(self._own_posts, horizon_s)

    def remaining(self) -> dict[str, float]:
        return {"usd": max(0.0, self._spending.budget_usd - self._spending.spent_usd)}

    def first_contact(self) -> float:
        return self._client.first_contact

    # Inbox

    def account(self) -> str:
        return self._client.user_id

    def newest(self) -> str:
        return max(ids_of(self._mentions(max_results=5)), key=int, default="1")

    def pages(self, cursor: str) -> Iterator[Page]:
        """X pages from the newest backwards, so that all are read before the oldest is handed on."""
        since = some_time_before(cursor, OVERLAP_S)
        bodies = list(walk(lambda token: self._mentions(max_results=100, since_id=since, pagination_token=token)))
        newest = cursor
        for body in reversed(bodies):
            with translated():
                newest = max(newest, *ids_of(body), key=int)
                mentions = tuple(reversed(page_of(body, self._client.user_id)))
            if mentions:
                yield Page(mentions, newest)

    def parent(self, mention: Mention) -> Mention | None:
        """The post above, paid for only where it can matter: our own is known, and two pictures need no third."""
        if mention.parent is not None or not mention.in_reply_to:
            return mention.parent
        if len(mention.images) > 1 or self._spending.exhausted:
            return None
        return self.look(mention.in_reply_to)

    def look(self, post_id: str) -> Mention | None:
        """Half a cent for the post, a cent for its author. `RateLimited` when the day's budget is spent."""
        if self._spending.exhausted:
            raise RateLimited(self._spending.tomorrow)
        try:
            body = self._client.post(post_id)
        except Refused:
            return None
        with translated():
            return self._parent_in(body)

    def reread(self, mention_id: str) -> Mention | None:
        """Not asked: pictures on X are ready when a post is."""
        return None

    def exists(self, mention_id: str) -> bool:
        """As of the last few hours: see bot.platforms.x.deletions for what it costs."""
        return self._deletions.exists(mention_id)

    # Outbox

    def limits(self) -> Limits:
        return LIMITS

    def post(self, reply: Reply) -> str:
        """A picture that was uploaded for a post refused for now (a limit) is not sent again."""
        self._client.limits.check("post")
        return self._kept.post(reply, self._post)

    def _upload(self, painting: Painting) -> str:
        identifier = self._client.upload(painting)
        self._spending.wrote(Item.ALT_TEXT)
        return identifier

    def _post(self, reply: Reply, media: Sequence[str]) -> str:
        # A link would make this reply twenty times as dear; beside a picture the words can go.
        text = "" if has_link(reply.text) and media else reply.text
        try:
            return self._reply(reply.to, text, media)
        except Duplicate:
            return self._found_or_varied(reply.to, text, media)

    def find(self, mention_id: str) -> Sequence[str]:
        """Through our own timeline: replies are not searched by the post they answer."""
        return self._answers.to(mention_id)

    def strays(self, mention_id: str, author_id: str, since: datetime) -> Sequence[str]:
        """As `find`: an answer keeps the id of the post it answers, also when that is gone."""
        return self.find(mention_id)

    def delete(self, post_id: str) -> None:
        try:
            self._client.call("delete", "DELETE", f"/2/tweets/{post_id}")
        except Refused as refused:
            if refused.status != 404:
                raise
        self._answers.gone(post_id)

    # Manners

    def accept(self, mention: Mention) -> None:
        """Nothing: X's rules forbid automated likes."""

    def note(self, mention: Mention, text: str) -> str:
        """Nothing: X's rules allow one automated reply an interaction."""
        return ""

    # How it is done

    def _mentions(self, **params: Any) -> dict[str, Any]:
        """One page of mentions, newest first. `RateLimited` until tomorrow when the day's budget is spent."""
        if self._spending.exhausted:
            raise RateLimited(self._spending.tomorrow)
        return self._paid(self._client.mentions(**params))

    def _own_posts(self, since_id: str, token: str | None) -> dict[str, Any]:
        return self._paid(self._client.own_posts(max_results=100, since_id=since_id, pagination_token=token))

    def _paid(self, body: dict[str, Any]) -> dict[str, Any]:
        with translated():
            self._spending.read(Item.OWNED_READ, ids_of(body))
        return body

    def _parent_in(self, body: dict[str, Any]) -> Mention | None:
        post = body.get("data")
        if not post:
            return None
        self._spending.read(Item.POST_READ, [str(post["id"])])
        users = {str(user["id"]): user for user in (body.get("includes") or {}).get("users", ())}
        self._spending.read(Item.USER_READ, users)
        parent = mention_of(post, media_of(body), self._client.user_id)
        user = users.get(parent.author.id, {})
        author = Author(parent.author.id, str(user.get("username", "")), HOST, opted_out=opted_out(user))
        visibility = Visibility.FOLLOWERS if user.get("protected") else Visibility.PUBLIC
        return replace(parent, author=author, visibility=visibility, parent=None, quoted=None)

    def _reply(self, to: str, text: str, media: Sequence[str]) -> str:
        body: dict[str, Any] = {"reply": {"in_reply_to_tweet_id": to}}
        if text:
            body["text"] = text
        if media:
            body["media"] = {"media_ids": list(media)}
        answer = self._create(body, labelled=self._made_with_ai and bool(media))
        with translated():
            post_id = str(answer["data"]["id"])
        self._spending.wrote(Item.REPLY)
        return post_id

    def _create(self, body: dict[str, Any], *, labelled: bool) -> dict[str, Any]:
        """tweepy's create_tweet knows no `made_with_ai`; where X does not take it either, the post goes without."""
        if labelled:
            try:
                return self._client.call("post", "POST", "/2/tweets", json=body | {"made_with_ai": True})
            except Refused as refused:
                if refused.status != 400:
                    raise
                logger.warning("X did not take the made_with_ai label; posting without it from now on")
                self._made_with_ai = False
        return self._client.call("post", "POST", "/2/tweets", json=body)

    def _found_or_varied(self, to: str, text: str, media: Sequence[str]) -> str:
        """The same words again within hours: perhaps our own lost attempt, else a namesake that needs other words."""
        found = self.find(to)
        if found:
            return found[0]
        for variation in _variations(to):
            with suppress(Duplicate):
                varied = f"{cut(text, LIMITS.text_length - weight(variation) - 1)} {variation}".strip()
                return self._reply(to, varied, media)
        try:
            # A painting needs no words; those of many answers before may all be taken.
            return self._reply(to, "" if media else text, media)
        except Duplicate as duplicate:
            raise Unknown("X has seen all these words before") from duplicate


def _variations(to: str) -> list[str]:
    """One ornament, then three, then eight, chosen by the moment of the mention (a snowflake's upper bits).

    Among a hundred answers in the same words some share three; that two share eight, 28 minutes apart to the
    millisecond, is not to be expected.
    """
    moment, count = int(to) >> 22, len(_VARIATIONS)
    ornaments = [_VARIATIONS[moment // count**place % count] for place in range(_MOST_ORNAMENTS)]
    return ["".join(ornaments[:many]) for many in (1, 3, _MOST_ORNAMENTS)]
