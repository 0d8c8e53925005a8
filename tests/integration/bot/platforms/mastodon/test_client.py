"""The client of Mastodon in several threads."""

import threading
from collections.abc import Iterator

import pytest

from bot.platforms.mastodon.client import MastodonClient
from tests.sandboxes import Sandbox, running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.misbehave()
    return shared


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
