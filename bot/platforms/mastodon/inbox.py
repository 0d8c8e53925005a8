"""Mentions from a Mastodon server's notifications: oldest first, page by page, none lost."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.errors import PlatformError
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.cursor import LaggingCursor
from bot.platforms.mastodon.entities import Entity, OwnAccount, entities_in, mention, mentions_us, order
from bot.ports import Page
from bot.posts import Mention

log = logging.getLogger(__name__)

PAGE = 80
_FOLLOWS_KEPT_S = 3600.0
_OLDEST = "0"
_SHORT = 20
"""A page with fewer is the last: no server's pages are smaller than that."""


class Notifications:
    """The mentions of one account; used by the one thread that polls."""

    def __init__(
        self,
        client: MastodonClient,
        me: Callable[[], OwnAccount],
        overlap: int,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._me = me
        self._cursor = LaggingCursor(overlap, steady)
        self._steady = steady
        self._followers: dict[str, tuple[float, bool]] = {}

    def newest(self) -> str:
        page = self._notifications()
        return max((str(n["id"]) for n in page), key=order, default=_OLDEST)

    def rewound(self, cursor: str) -> str | None:
        """Where to read on when the server's newest id is far below `cursor`: its database was set up anew.

        Ids are numbers of a sequence or of time: only numbers can be said to be far below. The newest page is read
        again, and what it holds that is too old is not answered.
        """
        page = [str(n["id"]) for n in self._notifications()]
        newest = max(page, key=order, default="")
        if not (newest.isdecimal() and cursor.isdecimal()) or 2 * int(newest) >= int(cursor):
            return None
        self._cursor.begin_anew()
        return str(max(0, int(min(page, key=order)) - 1))

    def pages(self, cursor: str) -> Iterator[Page]:
        cursor = cursor or _OLDEST
        position = self._cursor.start(cursor)
        of_any_kind = False
        while True:
            fresh = self._above(position, of_any_kind=of_any_kind)
            if not fresh and self._cursor.is_deep and not of_any_kind:
                # A server may filter what it had already cut to a page: then nothing comes, for ever.
                of_any_kind = True
                continue
            if not fresh:
                break
            position = str(fresh[-1]["id"])
            known = order(position) <= order(self._cursor.newest)
            mentions = self._mentions(fresh)
            cursor = self._cursor.cursor(cursor, position)
            yield Page(mentions, cursor)
            is_last = len(fresh) < _SHORT and (of_any_kind or not self._cursor.is_deep)
            if known and is_last:
                # Asking for one more page at every poll would use up the 300 list requests in 15 minutes.
                break
        self._cursor.ended(position)
        settled = self._cursor.cursor(cursor, self._cursor.newest)
        if settled != cursor:
            yield Page((), settled)

    def _above(self, position: str, *, of_any_kind: bool = False) -> list[Entity]:
        """The next page as it came, oldest first: also what is no mention, which some servers send unasked.

        Sorted and filtered here: a server that does not understand an id answers its oldest page
        (mastodon/mastodon#25245), and the order within a page differs between servers.
        """
        found = self._notifications(min_id=position, of_any_kind=of_any_kind)
        page = [n for n in found if order(str(n["id"])) > order(position)]
        return sorted(page, key=lambda n: order(str(n["id"])))

    def _notifications(self, min_id: str | None = None, *, of_any_kind: bool = False) -> list[Entity]:
        asked = {"types[]": None if of_any_kind else "mention", "min_id": min_id, "limit": PAGE}
        page = self._client.read("paging" if min_id else "api", "/api/v1/notifications", **asked)
        return entities_in(page, "notifications are no list")

    def _mentions(self, notifications: Sequence[Entity]) -> tuple[Mention, ...]:
        asking = [n.get("status") for n in notifications if n.get("type") == "mention"]
        found = [m for status in asking if (m := self._mention(status)) is not None]
        following = self._following([m.author.id for m in found])
        return tuple(replace(m, author=replace(m.author, follows_us=following.get(m.author.id, False))) for m in found)

    def _mention(self, status: Entity | None) -> Mention | None:
        """None for what is not addressed to us. One post in a strange shape must not stop everybody behind it."""
        me = self._me()
        try:
            if not status or status.get("reblog") or not mentions_us(status, me):
                return None
            return mention(status, me)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            log.warning("unreadable mention", extra={"why": repr(error)[:200]})
            return None

    def _following(self, ids: Sequence[str]) -> dict[str, bool]:
        """Which of these people follow us; one request for all that are not known, none when it is not allowed."""
        now = self._steady()
        unknown = sorted({i for i in ids if self._followers.get(i, (0.0, False))[0] <= now})
        if unknown:
            until = now + _FOLLOWS_KEPT_S
            self._followers = {i: known for i, known in self._followers.items() if known[0] > now}
            self._followers |= dict.fromkeys(unknown, (until, False))
            try:
                with self._client.call("api") as api:
                    for tie in api.account_relationships(unknown):
                        self._followers[str(tie["id"])] = (until, bool(tie.get("followed_by")))
            except PlatformError as error:
                log.info("followers are not known", extra={"why": str(error)})
        return {i: self._followers[i][1] for i in ids if i in self._followers}
