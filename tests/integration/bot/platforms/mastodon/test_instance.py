"""What other servers say about themselves and their accounts, in their own way: GoToSocial, Takahe, Pleroma."""

import logging
from typing import Any

import httpx
import pytest

from bot.errors import PlatformError, Refused
from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.platforms.mastodon.check import check
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.entities import OwnAccount, mention
from bot.platforms.mastodon.instance import DEFAULT, Instance, MediaHosts, limits_of, pictured
from bot.platforms.mastodon.setup import Introduced, introduce
from tests.fakes.hostile_server import Listener, answer
from tests.fakes.mastodon.faults import Fault, Rule
from tests.integration.bot.platforms.mastodon.account import Foreign
from tests.sandboxes import Sandbox, picture

VERIFY = "/api/v1/accounts/verify_credentials"


def client(sandbox: Sandbox) -> MastodonClient:
    return MastodonClient(sandbox.url, sandbox.access.bot_token)


def test_limits_and_media_host_are_asked_for_without_a_slash_at_the_end(sandbox: Sandbox) -> None:
    sandbox.misbehave(
        Rule(do=Fault.REFUSE, method="GET", path="/api/v2/instance/", status=404),
        Rule(do=Fault.REFUSE, method="GET", path="/api/v1/instance/", status=404),
    )
    instance = Instance(client(sandbox))

    assert limits_of(instance.said()) == DEFAULT
    assert instance.said()["version"]
    assert "127.0.0.1" in MediaHosts(instance).known() | {"127.0.0.1"}


V1 = b"""{"version": "takahe/0.11.0", "thumbnail": "/static/banner.png", "configuration": {"media_attachments":
{"image_size_limit": 10485760, "image_matrix_limit": 4000000}}}"""
FRAMED = b'{"id": "1", "acct": "a", "avatar_static": "https://cdn.example/a.png", "header_static": "/h.png"}'


def test_a_server_with_v1_alone_is_understood_and_its_own_addresses_count() -> None:
    pages = {"/api/v1/instance": answer(200, V1), VERIFY: answer(200, FRAMED)}
    with Listener(pages) as server:
        instance = Instance(MastodonClient(f"http://127.0.0.1:{server.port}", "x"))
        assert limits_of(instance.said()).image_bytes == 10_485_760
        assert MediaHosts(instance).known() == {"127.0.0.1", "cdn.example"}


def test_a_server_that_says_nothing_is_asked_seldom_and_complained_of_once(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    with Listener() as server:
        bot = MastodonPlatform(f"http://127.0.0.1:{server.port}", "x", steady=lambda: now[0])
        hosts = MediaHosts(bot.instance)
        with caplog.at_level(logging.WARNING):
            for _ in range(15):
                assert bot.limits() == DEFAULT
                assert "elsewhere.example" not in hosts
            now[0] += 1000
            assert bot.limits() == DEFAULT
        about_itself = [request for request in server.requests if "/instance" in request]
        about_us = [request for request in server.requests if VERIFY in request]
    assert (len(about_itself), len(about_us)) == (4, 1)  # v2 and v1, twice
    assert [record.levelname for record in caplog.records].count("WARNING") == 2  # the limits, the media host


ACCOUNT = b'{"id": "1", "acct": "painter", "bot": false, "note": "I am a bot.", "source": {"note": "I am a bot."}}'


def test_what_was_set_is_read_back_before_it_is_claimed() -> None:
    """Takahe takes `bot=true` without a word and knows no such thing."""
    claims = ACCOUNT.replace(b"false", b"true")
    pages = {VERIFY: answer(200, ACCOUNT), "/api/v1/accounts/update_credentials": answer(200, claims)}
    with Listener(pages) as server:
        found = introduce(MastodonClient(f"http://127.0.0.1:{server.port}", "x"))

    assert found == Introduced("painter", bot=False, note_written=False, policy=False)


def test_a_server_without_the_mark_leaves_it_to_the_bio() -> None:
    with Listener({VERIFY: answer(200, ACCOUNT)}) as server:
        here = MastodonClient(f"http://127.0.0.1:{server.port}", "x")
        assert {each.about: each.ok for each in check(here)} == {"credentials": True, "bot flag": True}
    with Listener({VERIFY: answer(200, ACCOUNT.replace(b"a bot", b"Ann"))}) as server:
        here = MastodonClient(f"http://127.0.0.1:{server.port}", "x")
        assert {each.about: each.ok for each in check(here)} == {"credentials": True, "bot flag": False}


def status(*media: str) -> dict[str, Any]:
    shown = [{"id": i, "type": "image", "url": f"https://x/{i}"} for i in media]
    return {"id": "1", "account": {"id": "2", "acct": "ada"}, "media_attachments": shown}


def test_attachments_that_come_in_any_order_are_taken_as_they_were_uploaded() -> None:
    listed = status("101", "99", "100")
    takahe, mastodon = (OwnAccount("7", "x", frozenset(), unordered) for unordered in (True, False))
    assert [one.url for one in mention(listed, takahe).attachments] == [
        "https://x/99",
        "https://x/100",
        "https://x/101",
    ]
    assert (mention(listed, takahe).unordered, mention(listed, mastodon).unordered) == (True, False)
    assert [one.url for one in mention(listed, mastodon).attachments] == [
        "https://x/101",
        "https://x/99",
        "https://x/100",
    ]


@pytest.mark.parametrize(("version", "unordered"), [("takahe/0.11.0", True), ("4.5.0", False), ("0.16.0 git", False)])
def test_only_servers_that_are_known_for_it_are_taken_to_list_in_no_order(
    sandbox: Sandbox, version: str, unordered: bool
) -> None:
    sandbox.misbehave(version=version)
    assert MastodonPlatform(sandbox.url, sandbox.access.bot_token).me().unordered is unordered


def test_a_reading_on_a_connection_that_was_just_closed_is_tried_once_more(sandbox: Sandbox) -> None:
    bot = MastodonPlatform(sandbox.url, sandbox.access.bot_token)
    sandbox.misbehave(Rule(do=Fault.RESET_BEFORE, method="GET", path=VERIFY, times=1))
    assert bot.me().host


def test_a_post_is_never_sent_twice_for_a_broken_connection(sandbox: Sandbox) -> None:
    sandbox.misbehave(Rule(do=Fault.RESET_BEFORE, path="/api/v1/statuses", times=1))
    here = client(sandbox)
    with pytest.raises(Exception, match="Error"), here.call("posts") as api:
        api.status_post("sent once")
    with here.call("api") as api:
        posts = api.account_statuses(api.account_verify_credentials().id, limit=5)
    assert [post.content for post in posts if "sent once" in post.content] == []


def test_an_answer_that_the_server_no_longer_shows_is_deleted_by_its_id(sandbox: Sandbox) -> None:
    here = client(sandbox)
    with here.call("posts") as api:
        post = api.status_post("seen")
    sandbox.misbehave(Rule(do=Fault.REFUSE, method="GET", path=f"/api/v1/statuses/{post.id}", status=404))
    MastodonPlatform(sandbox.url, sandbox.access.bot_token).delete(str(post.id))
    sandbox.misbehave()
    assert not MastodonPlatform(sandbox.url, sandbox.access.bot_token).exists(str(post.id))


def test_the_hosts_of_the_newest_mentions_pictures_are_seen(sandbox: Sandbox) -> None:
    you = sandbox.you
    you.status_post("@stylesmith look", media_ids=[you.media_post(picture(), "image/png")])
    assert pictured(Instance(client(sandbox))) == {httpx.URL(sandbox.url).host}


PAGE = answer(404, b"<html><h1>Page not found</h1></html>", Content_Type="text/html")
TAKAHE, OTHER = (b'{"version": "%s"}' % version for version in (b"takahe/0.11.0", b"4.5.0"))


def elsewhere(said: bytes, account: bytes = ACCOUNT) -> Listener:
    """A server that says `said` of itself, and answers for any post with a page."""
    status = 200 if account else 502
    pages = {"/api/v2/instance": answer(200, said), VERIFY: answer(status, account)}
    return Listener(pages | {"/api/v1/statuses/5": PAGE})


def test_a_post_that_takahe_says_is_gone_with_a_page_is_gone() -> None:
    with elsewhere(TAKAHE) as server:
        bot = MastodonPlatform(f"http://127.0.0.1:{server.port}", "x")
        assert not bot.exists("5")
        assert bot.reread("5") is None
        bot.delete("5")


@pytest.mark.parametrize(("said", "account"), [(OTHER, ACCOUNT), (TAKAHE, b"")], ids=["another server", "API away"])
def test_a_page_is_believed_of_no_other_server_and_only_while_the_api_answers(said: bytes, account: bytes) -> None:
    with elsewhere(said, account) as server:
        bot = MastodonPlatform(f"http://127.0.0.1:{server.port}", "x")
        for ask in (bot.exists, bot.delete):
            with pytest.raises(PlatformError) as doubt:
                ask("5")
            assert not isinstance(doubt.value, Refused)


def test_the_limits_come_from_the_server(bot: MastodonPlatform) -> None:
    assert bot.limits() == DEFAULT


def test_a_server_that_does_not_say_its_limits_gets_mastodons(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    sandbox.misbehave(Rule(do=Fault.HTML, method="GET", path="/api/"))

    assert bot.limits() == DEFAULT


def test_pleromas_limits_are_read_where_it_says_them(foreign: str) -> None:
    Foreign.answers = {"/api/v2/instance": {"max_toot_chars": 5000, "description_limit": 900}}
    limits = MastodonPlatform(foreign, "x").limits()

    assert (limits.text_length, limits.description_length, limits.paintings) == (5000, 900, 4)
