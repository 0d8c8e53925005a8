"""A real server that misbehaves when it is told to, one for this room; and a server of another make."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from bot.platforms.mastodon.adapter import MastodonPlatform
from tests.integration.bot.platforms.mastodon.account import Foreign, platform
from tests.sandboxes import Sandbox, running


@pytest.fixture(scope="package")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    """Well-behaved at the start of each test, its log empty."""
    shared.misbehave()
    shared.forget()
    return shared


@pytest.fixture
def bot(sandbox: Sandbox) -> MastodonPlatform:
    return platform(sandbox)


@pytest.fixture
def foreign() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    Foreign.answers, Foreign.pause_s = {}, 0.0
