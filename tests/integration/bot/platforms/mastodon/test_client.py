"""The client of Mastodon: its threads, its buckets, what it makes of tokens and of servers that are slow or away."""

import threading
import time

import pytest
from mastodon import Mastodon

from bot.errors import NotSent, RateLimited, Unauthorized, Unknown
from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.platforms.mastodon.client import MastodonClient
from tests.fakes.mastodon.faults import Fault, Rule
from tests.integration.bot.platforms.mastodon.account import Foreign, ask, reply
from tests.sandboxes import Sandbox, picture


def test_threads_share_the_budget_and_not_the_client(sandbox: Sandbox) -> None:
    line = MastodonClient(sandbox.url, sandbox.access.bot_token)
    clients: list[int] = []

    def ask() -> None:
        with line.call("api") as api:
            api.account_verify_credentials()
            clients.append(id(api))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(clients)) == 4


def test_nothing_is_sent_to_a_closed_bucket_before_its_time(sandbox: Sandbox, bot: MastodonPlatform) -> None:
    mention = ask(sandbox, bot)
    sandbox.misbehave(Rule(do=Fault.RATE_LIMIT, times=1, reset_s=1.0))
    for _ in range(5):
        with pytest.raises(RateLimited) as limited:
            bot.post(reply(mention, paintings=()))
    assert len(sandbox.log("fault")) == 1
    assert bot.exists(mention.id)
    time.sleep(max(0.0, limited.value.until.timestamp() - time.time()))

    assert bot.post(reply(mention, paintings=()))


def test_a_revoked_token_is_unauthorized_wherever_it_is_noticed(sandbox: Sandbox) -> None:
    bot = MastodonPlatform(sandbox.url, "revoked")
    for call in (bot.newest, bot.me, lambda: bot.exists("1")):
        with pytest.raises(Unauthorized):
            call()


def test_a_bad_token_that_answers_400_is_unauthorized(sandbox: Sandbox) -> None:
    """GoToSocial answers 400 where Mastodon answers 401."""
    sandbox.misbehave(bad_token_status=400)
    with pytest.raises(Unauthorized):
        MastodonPlatform(sandbox.url, "revoked").newest()


def test_mastodon_py_really_recurses_without_our_setting(sandbox: Sandbox) -> None:
    """Should this ever fail, `_NEWEST` in mastodon_line.py can go."""
    sandbox.misbehave(version="unknown")
    api = Mastodon(access_token=sandbox.access.bot_token, api_base_url=sandbox.url)
    with pytest.raises((RecursionError, IndexError, ValueError)):
        api.media_post(picture(), "image/png")


def test_an_answer_of_one_byte_at_a_time_is_given_up_in_time(foreign: str) -> None:
    Foreign.answers, Foreign.pause_s = {"/api/v1/notifications": ["x" * 400]}, 0.02
    with pytest.raises(Unknown):
        MastodonPlatform(foreign, "x", timeout_s=0.5).newest()


def test_a_server_that_is_not_there_was_sent_nothing() -> None:
    with pytest.raises(NotSent):
        MastodonPlatform("http://127.0.0.1:9", "x").newest()
