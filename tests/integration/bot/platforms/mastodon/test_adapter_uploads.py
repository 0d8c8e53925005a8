"""Pictures on their way to a real server: as large as it allows, once, and awaited."""

import time

import httpx
import pytest

from bot.errors import NotSent, RateLimited, Unknown
from bot.platforms.mastodon.adapter import MastodonPlatform
from tests.fakes.mastodon.faults import Fault, Rule
from tests.integration.bot.platforms.mastodon.account import ask, platform, reply
from tests.sandboxes import Sandbox


def test_uploads_stay_within_what_the_server_allows(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(limits={"uploads": (3, 60.0)})
    posted = limited = 0
    for number in range(6):
        try:
            bot.post(reply(mention, key=f"n{number}"))
            posted += 1
        except RateLimited:
            limited += 1

    assert (posted, limited) == (3, 3)
    assert sandbox.log("throttled") == []


def test_a_picture_is_uploaded_once_however_often_its_post_has_to_wait(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=Fault.RATE_LIMIT, times=1, reset_s=1.0), limits={"uploads": (1, 600.0)})
    with pytest.raises(RateLimited) as limited:
        bot.post(reply(mention))
    time.sleep(max(0.0, limited.value.until.timestamp() - time.time()))

    assert len(sandbox.you.status(bot.post(reply(mention))).media_attachments) == 1


def test_a_picture_that_may_be_attached_already_is_uploaded_anew(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=Fault.ERROR_AFTER, times=1, status=500), ignore_keys=True)
    with pytest.raises(Unknown):
        bot.post(reply(mention))

    assert len(sandbox.you.status(bot.post(reply(mention))).media_attachments) == 1


def test_an_upload_is_awaited_while_the_server_processes_it(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(processing_s=0.3)

    assert sandbox.you.status(bot.post(reply(mention))).media_attachments[0].url


def test_an_upload_that_is_never_processed_is_given_up_and_nothing_is_posted(sandbox: Sandbox) -> None:
    bot = platform(sandbox, processing_s=0.1)
    mention = ask(sandbox, bot)
    sandbox.misbehave(processing_s=60.0)
    with pytest.raises(NotSent):
        bot.post(reply(mention))

    assert sandbox.log("post")[1:] == []


@pytest.mark.parametrize("fault", [Fault.ERROR_AFTER, Fault.RESET_AFTER, Fault.HTML, Fault.NULLS])
def test_a_failed_upload_means_that_nothing_was_posted(sandbox: Sandbox, bot: MastodonPlatform, fault: Fault) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=fault, path="/api/v2/media"))
    with pytest.raises(NotSent):
        bot.post(reply(mention))


def test_the_pictures_of_a_deleted_post_are_gone_as_well(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    post = bot.post(reply(ask(sandbox, bot)))
    url = sandbox.you.status(post).media_attachments[0].url
    bot.delete(post)

    assert httpx.get(url, trust_env=False).status_code == 404


@pytest.mark.parametrize("version", ["", "unknown", "2.7.2 (compatible; Pleroma 2.6)", "takahe/0.11", "0.19.1+git"])
def test_a_version_that_nobody_can_read_stops_no_upload(sandbox: Sandbox, version: str) -> None:
    """Mastodon.py's own check would recurse without end, or take the server for one that has no 202."""
    sandbox.misbehave(version=version)
    bot = platform(sandbox)
    mention = ask(sandbox, bot)

    assert bot.find(mention.id) == []
    assert bot.post(reply(mention))
