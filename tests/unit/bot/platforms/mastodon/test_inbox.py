"""R15: generated histories of a server's notifications, read by the real inbox: no mention is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import Refused
from bot.platforms.mastodon.entities import OwnAccount
from bot.platforms.mastodon.inbox import Notifications

LONG = 10_000
SHORT = 30
POLL_S = 5.0
LATEST_S = 20.0
HICCUP_S = 20.0
LOOKED_S = 260.0
"""Longer than two deep looks, one of which the hiccup may spoil."""
ME = OwnAccount("1", "home.example", frozenset())


@dataclass
class Server:
    """What a client reads: a list of notifications that fills as time goes by; for a while its pages are wrong."""

    shown_at: dict[int, float]
    mood: str
    bad_from: float
    now: float = 0.0
    before: list[dict[str, Any]] = field(default_factory=list)

    def read(self, bucket: str, path: str, *, limit: int, min_id: str | None = None, **asked: object) -> list[Any]:
        there = sorted(number for number, at in self.shown_at.items() if at <= self.now)
        if min_id is None:
            page = there[-limit:]
        elif there and int(min_id) > there[-1]:
            page = there[:limit]  # an id it does not know: its oldest page (mastodon/mastodon#25245)
        else:
            page = [number for number in there if number > int(min_id)][:limit]
        answer = [_notification(number) for number in reversed(page)]
        if self.mood and self.bad_from <= self.now < self.bad_from + HICCUP_S:
            answer = {"empty": [], "repeated": self.before, "shuffled": answer[::2] + answer[1::2]}[self.mood]
        self.before = answer
        return answer

    @contextmanager
    def call(self, bucket: str) -> Iterator[Any]:
        """Asked only who follows us, which this server does not tell."""
        raise Refused(403, "")
        yield


def _notification(number: int) -> dict[str, Any]:
    author = {"id": "7", "acct": "ann"}
    status = {"id": f"s{number}", "account": author, "mentions": [{"id": ME.id}], "content": "hello"}
    return {"id": str(number), "type": "mention", "status": status}


ARRIVALS = st.lists(
    st.tuples(st.integers(1, 60), st.integers(1, 3), st.floats(0, 20), st.floats(0, LATEST_S)), min_size=1, max_size=8
)
"""Bursts, together more than a page: how many, how far apart their numbers, seconds since the one before, and how late
every seventh of it shows."""
MOODS = st.sampled_from(["", "empty", "repeated", "shuffled"])


def _is_read_whole(arrivals: list[tuple[int, int, float, float]], mood: str, bad_from: float, restarts: bool) -> None:
    shown: dict[int, float] = {}
    number, at = 0, 0.0
    for count, step, gap_s, late_s in arrivals:
        at += gap_s
        for place in range(count):
            number += step
            shown[number] = at + (late_s if place % 7 == 0 else 0.0)
    server = Server(shown, mood, bad_from)
    inbox = Notifications(server, lambda: ME, 40, lambda: server.now)  # type: ignore[arg-type]  # a line's one method
    cursor, recorded = "0", set[str]()
    while server.now <= at + LOOKED_S:
        for page in inbox.pages(cursor):
            assert int(page.cursor) >= int(cursor)
            cursor = page.cursor
            recorded |= {mention.id for mention in page.mentions}
        server.now += POLL_S
        if restarts and server.now % 35 == 0:
            inbox = Notifications(server, lambda: ME, 40, lambda: server.now)  # type: ignore[arg-type]
    assert recorded == {f"s{number}" for number in shown}


class Mixed(Server):
    """Notifications of every kind, and a server that minds `types[]` in its own way, or not at all."""

    mentions: frozenset[int]
    how: str

    def read(self, bucket: str, path: str, *, limit: int, min_id: str | None = None, **asked: object) -> list[Any]:
        wanted = asked.get("types[]")
        page = [
            one if int(one["id"]) in self.mentions else {"id": one["id"], "type": "favourite"}
            for one in super().read(bucket, path, limit=limit, min_id=min_id)
        ]
        if self.how == "ignores it" or wanted is None:
            return page
        return [one for one in page if one["type"] == wanted]


@pytest.mark.parametrize("how", ["ignores it", "filters a page that was cut before"])
@pytest.mark.parametrize("others", [100, 500])
def test_a_mention_behind_pages_of_favourites_is_read(how: str, others: int) -> None:
    last = others + 2
    server = Mixed(dict.fromkeys(range(1, last + 1), 0.0), "", 0.0)
    server.mentions, server.how = frozenset({1, last}), how
    inbox = Notifications(server, lambda: ME, 40, lambda: server.now)  # type: ignore[arg-type]  # a line's one method
    cursor, recorded, polls = "0", set[str](), 0
    while f"s{last}" not in recorded and polls < 5:
        polls += 1
        for page in inbox.pages(cursor):
            cursor = page.cursor
            recorded |= {mention.id for mention in page.mentions}
        server.now += POLL_S
    assert recorded == {"s1", f"s{last}"}, polls


def test_a_server_that_counts_anew_is_read_from_its_newest_page_on_and_no_other_is() -> None:
    server = Server(dict.fromkeys(range(480_122_900, 480_123_001), 0.0), "", 0.0)
    inbox = Notifications(server, lambda: ME, 40, lambda: server.now)  # type: ignore[arg-type]  # a line's one method
    assert len(list(inbox.pages("480122899"))) > 1
    server.shown_at = dict.fromkeys(range(1, 201), 0.0)
    server.now += POLL_S
    assert not any(page.mentions for page in inbox.pages("480123000"))
    assert inbox.rewound("250") is None, "what is a little behind is a deletion, or a page that lags"
    lower = inbox.rewound("480123000")
    assert lower == "120"
    found = {mention.id for page in inbox.pages(lower) for mention in page.mentions}
    assert found == {f"s{number}" for number in range(121, 201)}
    assert inbox.rewound("01HZX8Y4Q6") is None, "ids that are no numbers have no far below"
    server.shown_at = {}
    assert inbox.rewound("480123000") is None, "an empty page proves nothing"


@settings(max_examples=SHORT, deadline=None)
@example([(1, 1, 46.0, 20.0), (14, 3, 0.0, 0.0)], "empty", 105.0, False)
@example([(1, 1, 46.0, 20.0), (14, 3, 0.0, 0.0)], "repeated", 105.0, False)
@given(ARRIVALS, MOODS, st.floats(0, 160), st.booleans())
def test_every_mention_of_a_history_is_read(
    arrivals: list[tuple[int, int, float, float]], mood: str, bad_from: float, restarts: bool
) -> None:
    _is_read_whole(arrivals, mood, bad_from, restarts)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=LONG, deadline=None)
@given(ARRIVALS, MOODS, st.floats(0, 160), st.booleans())
def test_every_mention_of_ten_thousand_histories_is_read(
    arrivals: list[tuple[int, int, float, float]], mood: str, bad_from: float, restarts: bool
) -> None:
    _is_read_whole(arrivals, mood, bad_from, restarts)
