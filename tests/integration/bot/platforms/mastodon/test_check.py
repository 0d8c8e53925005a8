"""The account is examined: scopes, bot flag, policy, the server's mood."""

from collections.abc import Iterator

import pytest

from bot.platforms.mastodon.check import check
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.setup import introduce
from tests.fakes.mastodon.faults import Fault, Rule
from tests.integration.bot.cli.logins import log_in
from tests.sandboxes import Sandbox, running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.misbehave()
    return shared


def test_the_check_says_what_to_do_until_the_account_is_set_up(sandbox: Sandbox) -> None:
    sandbox.person("unready")
    client = log_in(sandbox, "unready")
    before = {finding.about: finding.ok for finding in check(client)}
    introduce(client)
    after = {finding.about: finding.ok for finding in check(client)}

    assert before == {"credentials": True, "scopes": True, "bot flag": False, "notifications": False}
    assert set(after.values()) == {True}


def test_the_check_of_a_revoked_token_or_a_server_in_trouble_is_one_line(sandbox: Sandbox) -> None:
    [revoked] = check(MastodonClient(sandbox.url, "revoked"))
    sandbox.misbehave(Rule(do=Fault.HTML, method="GET", path="/api/"))
    [trouble] = check(MastodonClient(sandbox.url, sandbox.access.bot_token))
    [absent] = check(MastodonClient("http://127.0.0.1:9", "x"))

    assert "login mastodon" in revoked.says
    assert [finding.ok for finding in (revoked, trouble, absent)] == [False, False, False]
