"""A private, real Redis for the tests: one server a session, emptied before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.redis_server import redis_server


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
