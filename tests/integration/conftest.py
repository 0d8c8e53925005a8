"""A private, real Redis, one server a session, emptied before each test; and both platforms, one a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.queue.redis_server import redis_server
from tests.fakes.x import running as running_x
from tests.sandboxes import running as running_sandbox
from tests.stages import MastodonStage, Stage, XStage


@pytest.fixture(scope="session")
def redis_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of the session's server."""
    directory: Path = tmp_path_factory.mktemp("redis")
    with redis_server(directory) as url:
        yield url


@pytest.fixture
def redis_url(redis_session: str) -> str:
    """URL of a real, empty Redis."""
    with redis.Redis.from_url(redis_session) as connection:
        connection.flushall()
    return redis_session


@pytest.fixture(scope="module", params=["mastodon", "x"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The sandbox, then the fake of X, each with all that a module posts on it."""
    if request.param == "mastodon":
        with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
            yield MastodonStage(sandbox)
        return
    with running_x() as fake:
        yield XStage(fake)
