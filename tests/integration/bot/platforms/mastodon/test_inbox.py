"""Mentions are read from a real server: all of them, in order, also those that show late."""

import time
from typing import Any

from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.posts import Visibility
from tests.integration.bot.platforms.mastodon.account import Foreign, read
from tests.sandboxes import Sandbox


def test_a_first_run_starts_at_the_newest_mention(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    sandbox.you.status_post("@stylesmith long ago")

    assert read(bot, bot.newest()) == []


def test_two_hundred_mentions_in_one_gap_all_come_oldest_first(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    cursor, you = bot.newest(), sandbox.you
    for number in range(200):
        you.status_post(f"@stylesmith number {number}")
    pages = list(bot.pages(cursor))

    assert [m.text for page in pages for m in page.mentions] == [f"number {n}" for n in range(200)]
    assert len(pages) == 3


def test_a_mention_that_shows_late_is_read_at_the_next_look(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    cursor, you = bot.newest(), sandbox.you
    sandbox.misbehave(late_notification_s=1.0, late_notification_chance=1.0)
    you.status_post("@stylesmith late")
    sandbox.misbehave()
    you.status_post("@stylesmith early")

    first = list(bot.pages(cursor))
    time.sleep(1.1)
    second = read(bot, first[-1].cursor)

    assert [m.text for page in first for m in page.mentions] == ["early"]
    assert [m.text for m in second] == ["late", "early"]


def test_one_post_in_a_strange_shape_does_not_stop_the_others(foreign: str) -> None:
    me = {"id": "1", "url": f"{foreign}/@stylesmith", "acct": "stylesmith"}
    good = {"id": "8", "account": {"id": "2", "acct": "ann"}, "content": "hi", "mentions": [me], "visibility": "local"}
    strange: list[dict[str, Any]] = [good | {"account": None}, good | {"media_attachments": 5}, good | {"mentions": 7}]
    Foreign.answers = {
        "/api/v1/accounts/verify_credentials": me,
        "/api/v1/notifications": [
            *({"id": str(n), "type": "mention", "status": s} for n, s in enumerate([*strange, good], 11)),
            {"id": "20", "type": "mention", "status": None},
            {"id": "21", "type": "mention", "status": good | {"reblog": good}},
        ],
    }
    mentions = read(MastodonPlatform(foreign, "x"), "5")

    assert [m.author.handle for m in mentions] == ["ann"]
    assert mentions[0].visibility is Visibility.DIRECT


def test_a_server_that_answers_its_oldest_page_whatever_is_asked_ends_a_poll(foreign: str) -> None:
    """mastodon/mastodon#25245: an id that the server does not understand."""
    me = {"id": "1", "url": f"{foreign}/@stylesmith", "acct": "stylesmith"}
    old = {"id": "8", "account": {"id": "2", "acct": "ann"}, "content": "hi", "mentions": [me]}
    page = [{"id": str(n), "type": "mention", "status": old} for n in range(30, 70)]
    Foreign.answers = {"/api/v1/accounts/verify_credentials": me, "/api/v1/notifications": page}
    bot = MastodonPlatform(foreign, "x")

    assert read(bot, "100") == []
    assert len(read(bot, "60")) == 9
