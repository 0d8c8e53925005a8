"""Mastodon, and servers that speak its client API, as a bot.ports.Platform over Mastodon.py."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.errors import Intercepted, NotTaken, PlatformError, Refused, Unknown
from bot.platforms.kept_uploads import KeptUploads
from bot.platforms.mastodon.client import TIMEOUT_S, MastodonClient
from bot.platforms.mastodon.entities import NAME, Entity, OwnAccount, mention, own_account
from bot.platforms.mastodon.errors import host_of, unready
from bot.platforms.mastodon.inbox import Notifications
from bot.platforms.mastodon.instance import Instance, limits_of
from bot.platforms.mastodon.replies import find_answers, find_strays
from bot.platforms.mastodon.setup import verified
from bot.platforms.mastodon.stream import RECONNECT_S, follow
from bot.ports import Page, Stream
from bot.posts import Limits, Mention, Painting, Reply, Visibility

log = logging.getLogger(__name__)

PROCESSING_S = 60.0
"""Seconds to wait for an uploaded picture to be processed."""
_NARROW = {Visibility.PUBLIC: "unlisted", Visibility.UNLISTED: "unlisted"}
"""Anything narrower is answered by a direct post: a followers-only one would go to the bot's followers, not theirs."""


class MastodonPlatform:
    """One account on one server. Safe to use from several threads."""

    name = NAME

    def __init__(
        self,
        url: str,
        token: str,
        *,
        overlap: int = 40,
        timeout_s: float = TIMEOUT_S,
        processing_s: float = PROCESSING_S,
        reconnect_s: float = RECONNECT_S,
        steady: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = MastodonClient(url, token, timeout_s=timeout_s)
        self.instance = Instance(self.client, steady)
        self._host = host_of(url)
        self._inbox = Notifications(self.client, self.me, overlap, steady)
        self._processing_s = processing_s
        self._reconnect_s = reconnect_s
        self._steady = steady
        self._sleep = sleep
        self._kept = KeptUploads(self._upload, steady)
        self._me: OwnAccount | None = None

    def me(self) -> OwnAccount:
        """Our own account, asked for once, and how its server lists attachments."""
        if self._me is None:
            self._me = own_account(verified(self.client), self._host)
        return replace(self._me, unordered=self.instance.is_takahe())

    def remaining(self) -> dict[str, float]:
        return self.client.limits.remaining()

    def first_contact(self) -> float:
        return self.client.first_contact

    # Inbox

    def account(self) -> str:
        """Server and account id: ids and cursors of another one mean nothing here."""
        return f"{self._host}/{self.me().id}"

    def newest(self) -> str:
        return self._inbox.newest()

    def rewound(self, cursor: str) -> str | None:
        return self._inbox.rewound(cursor)

    def pages(self, cursor: str) -> Iterator[Page]:
        return self._inbox.pages(cursor)

    def listen(self, wake: Callable[[], None]) -> Stream | None:
        """Call `wake` when a notification comes in; beside `pages`, never instead."""
        return follow(self.client, wake, self._reconnect_s)

    def parent(self, mention: Mention) -> Mention | None:
        return self.reread(mention.in_reply_to) if mention.in_reply_to else None

    def reread(self, mention_id: str) -> Mention | None:
        """A post as it is now, or None when it is gone or not for us; for a picture that was still processed."""
        me = self.me()
        try:
            return _read(self._status(mention_id), me)
        except Refused:
            return None

    def look(self, post_id: str) -> Mention | None:
        return self.reread(post_id)

    def exists(self, mention_id: str) -> bool:
        try:
            self._status(mention_id)
        except Refused as refusal:
            if refusal.status in (404, 410):
                return False
            raise
        return True

    def _status(self, post_id: str) -> Entity:
        with self._gone_by_a_page():
            return _whole(self.client.read("api", f"/api/v1/statuses/{quote(post_id, safe='')}"))

    @contextmanager
    def _gone_by_a_page(self) -> Iterator[None]:
        """Takahe says "gone" with a page of HTML, as a proxy would: believed while the API beside it answers."""
        try:
            yield
        except Intercepted as page:
            if page.status != 404 or not self.instance.is_takahe():
                raise
            verified(self.client)
            raise Refused(404, "gone") from page

    # Outbox

    def limits(self) -> Limits:
        return limits_of(self.instance.said())

    def post(self, reply: Reply) -> str:
        """A picture that was uploaded for a post refused for now (a limit, a proxy) is not sent again."""
        self.client.limits.check("posts")
        return self._kept.post(reply, self._post)

    def _post(self, reply: Reply, media: Sequence[str]) -> str:
        try:
            status = self._answer(
                f"@{reply.handle} {reply.text}",
                in_reply_to_id=reply.to,
                media_ids=list(media) or None,
                visibility=_NARROW.get(reply.visibility, "direct"),
                spoiler_text=reply.warning or None,
                sensitive=reply.sensitive,
                language=reply.language or None,
                idempotency_key=reply.key,
            )
        except Refused as refusal:
            if unready(refusal):
                raise NotTaken("a picture is still being processed") from refusal
            raise
        # Pleroma posts without a parent when the parent is gone; a confused proxy answers another request.
        if str(status.get("in_reply_to_id")) != reply.to:
            raise Unknown("the answer is about another post")
        return str(status["id"])

    def _answer(self, text: str, **how: Any) -> Entity:
        """One post of ours, as the server says it; `how` as Mastodon.py takes it."""
        with self.client.call("posts", fresh=True) as api:
            return _whole(api.status_post(text, **how))

    def _upload(self, painting: Painting) -> str:
        try:
            with self.client.call("uploads") as api:
                # Bytes, not a file: a file object would be empty when Mastodon.py sends it again.
                media = _whole(
                    api.media_post(painting.data, mime_type=painting.mime_type, description=painting.description)
                )
            return self._processed(media)
        except Refused as refusal:
            if refusal.status in (404, 410):
                raise NotTaken("the server lost the upload") from refusal
            raise

    def _processed(self, media: Entity) -> str:
        """Ask (202, then 206, then 200) until the picture has an address, for a minute at most."""
        identifier, wait_s, deadline = str(media["id"]), 0.5, self._steady() + self._processing_s
        while not media.get("url"):
            if self._steady() > deadline:
                raise NotTaken("the server does not finish processing a picture")
            self._sleep(wait_s)
            wait_s = min(5.0, 2 * wait_s)
            with self.client.call("api") as api:
                media = _whole(api.media(identifier))
        return identifier

    def find(self, mention_id: str) -> Sequence[str]:
        return find_answers(self.client, self.me(), mention_id)

    def strays(self, mention_id: str, author_id: str, since: datetime) -> Sequence[str]:
        return find_strays(self.client, self.me(), mention_id, author_id, since=since)

    def delete(self, post_id: str) -> None:
        """The pictures with it: servers keep them for a new draft otherwise."""
        try:
            with self._gone_by_a_page(), self.client.call("deletes", fresh=True) as api:
                api.status_delete(post_id, delete_media=True)
        except Refused as refusal:
            if refusal.status not in (404, 410):
                raise

    # Manners

    def accept(self, mention: Mention) -> None:
        try:
            with self.client.call("api") as api:
                api.status_favourite(mention.id)
        except PlatformError as error:
            log.info("not favourited", extra={"mention": mention.id, "why": str(error)})

    def note(self, mention: Mention, text: str) -> str:
        note = self._answer(
            f"@{mention.author.handle} {text}",
            in_reply_to_id=mention.id,
            visibility="direct",
            spoiler_text=mention.warning or None,
            language=mention.language or None,
            idempotency_key=f"note-{mention.id}",
        )
        return str(note["id"])


def _whole(entity: Any) -> Entity:
    """Mastodon.py makes an entity of empty fields from any JSON object: only one with an id is an answer."""
    if not isinstance(entity, dict) or entity.get("id") is None:
        raise Unknown("an answer without an id")
    return entity


def _read(status: Entity, me: OwnAccount) -> Mention:
    try:
        return mention(status, me)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unknown("a post in a strange shape") from error
