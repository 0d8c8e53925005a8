"""The account is set up: what its token allows, its bio, its policy."""

from collections.abc import Iterator

import pytest

from bot.platforms.mastodon.setup import SCOPES, introduce
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


def test_the_token_allows_what_the_bot_does_and_no_more(sandbox: Sandbox) -> None:
    sandbox.person("modest")
    client = log_in(sandbox, "modest")
    with client.call("api") as api:
        granted = set(api.app_verify_credentials().scopes)

    assert granted == set(SCOPES)
    assert not granted & {"read", "write", "follow"}


def test_an_account_with_a_bio_keeps_it(sandbox: Sandbox) -> None:
    sandbox.person("settled", note="I am run by Ann.")
    client = log_in(sandbox, "settled")

    assert not introduce(client).note_written
    with client.call("api") as api:
        assert "Ann" in api.account_verify_credentials().note


def test_a_server_without_a_policy_is_no_obstacle(sandbox: Sandbox) -> None:
    sandbox.person("elsewhere")
    client = log_in(sandbox, "elsewhere")
    sandbox.misbehave(policy=False)

    assert not introduce(client).policy
