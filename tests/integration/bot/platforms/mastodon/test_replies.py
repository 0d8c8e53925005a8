"""Looking for our answers on a real server."""

import time
from datetime import UTC, datetime

from bot.platforms.mastodon.adapter import MastodonPlatform
from tests.integration.bot.platforms.mastodon.account import ask, reply
from tests.sandboxes import Sandbox


def test_a_reply_shows_late_and_is_found_once_it_does(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(listed_after_s=0.5)
    post = bot.post(reply(mention))
    before = list(bot.find(mention.id))
    time.sleep(0.6)

    assert (before, list(bot.find(mention.id))) == ([], [post])


def test_only_our_own_answers_to_that_very_post_are_found(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.you.status_post("me too", in_reply_to_id=mention.id)
    first = bot.post(reply(mention))
    again = sandbox.you.status_post("@stylesmith again", in_reply_to_id=first)
    bot.post(reply(mention, to=str(again.id), key="other"))

    assert list(bot.find(mention.id)) == [first]


def test_an_answer_is_found_when_its_mention_is_gone_and_no_other_is(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    began = datetime.now(UTC)
    mention, kept = ask(sandbox, bot), ask(sandbox, bot)
    lost, note = bot.post(reply(mention)), bot.note(mention, "You are 4th.")
    bot.post(reply(kept, paintings=()))
    us = sandbox.client(sandbox.access.bot_token)
    us.status_post(f"@{mention.author.handle} a word from the operator")
    for number in range(45):
        us.status_post(f"maintenance tonight, {number}")
    sandbox.you.status_delete(mention.id)

    assert bot.find(mention.id) == []
    assert set(bot.strays(mention.id, mention.author.id, began)) == {lost, note}
