"""Which mentions on X still stand, so that a reply can go with the post it answers; asked as cheaply as X allows.

A post looked up by its id costs $0.005. Our own mentions cost $0.001 each and nothing when they were read on the same
UTC day already, so every few hours the mentions of the last day are read once more: whatever is missing there was
deleted, or no longer mentions us. Only those few are looked up, and a post that is gone costs nothing. In all a mention
is paid for twice, on its own day and on the next: $0.001 more on an answer of $0.016. When the day's budget is spent
nothing is asked, and every post is taken to stand.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from bot.errors import Intercepted, Refused
from bot.platforms.x.client import MOST_PAGES, XClient, walk
from bot.platforms.x.errors import translated
from bot.platforms.x.fields import id_at, ids_of, next_token_of, page_of
from bot.platforms.x.spending import Item, Spending

FOLLOWED: Final = timedelta(hours=24)
EVERY: Final = timedelta(hours=6)
"""Between two readings of the last mentions. X forgives reading a post twice a day softly, so not all the time."""
MOST_LOOKUPS: Final = 20
"""After one reading: should X show an empty list by mistake, believing it must not cost more than ten cents."""
_SLACK: Final = timedelta(hours=1)
_NOT_FOUND: Final = "resource-not-found"


class Deletions:
    """Answers from what it read last. `followed` is how long after its answer a mention is asked for."""

    def __init__(
        self,
        client: XClient,
        spending: Spending,
        followed: timedelta = FOLLOWED,
        every: timedelta = EVERY,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._spending = spending
        self._followed = followed
        self._every = every
        self._now = now
        self._read_at: datetime | None = None
        self._standing: set[str] = set()
        self._from_id = self._to_id = self._lookups = 0

    def exists(self, mention_id: str) -> bool:
        """False only for a post that X says is gone. Raises PlatformError."""
        if self._spending.exhausted:
            return True
        now = self._now()
        if self._read_at is None or now - self._read_at >= self._every:
            self._read(now)
        judged = self._from_id < int(mention_id) < self._to_id
        if not judged or mention_id in self._standing or self._lookups >= MOST_LOOKUPS:
            return True
        self._lookups += 1
        if self._is_gone(mention_id):
            return False
        self._standing.add(mention_id)
        return True

    def _read(self, now: datetime) -> None:
        """Every mention of the time followed, as far back as X shows them and the budget goes."""
        standing, oldest = set[str](), id_at(now - self._followed - _SLACK)
        complete = False
        ask = partial(self._client.mentions, max_results=100, since_id=str(oldest))
        for number, body in enumerate(walk(lambda token: ask(pagination_token=token)), start=1):
            with translated():
                self._spending.read(Item.OWNED_READ, ids_of(body))
                standing |= {*ids_of(body), *(mention.id for mention in page_of(body, self._client.user_id))}
                complete = not next_token_of(body) and number < MOST_PAGES
            if self._spending.exhausted:
                break
        if not complete:  # X shows the newest 800 only: what is older than the oldest seen is not judged
            oldest = max(oldest, min(map(int, standing), default=id_at(now)))
        self._standing, self._from_id, self._to_id = standing, oldest, id_at(now)
        self._read_at, self._lookups = now, 0

    def _is_gone(self, mention_id: str) -> bool:
        """Whether X does not find it; that it is hidden from us, or mentions us no more, is no deletion."""
        try:
            body = self._client.lookup(mention_id)
        except Refused as refused:
            return refused.status == 404
        except Intercepted:
            return False
        with translated():
            if body.get("data"):
                self._spending.read(Item.POST_READ, [mention_id])
                return False
            return any(str(one.get("type", "")).endswith(_NOT_FOUND) for one in body.get("errors") or ())
