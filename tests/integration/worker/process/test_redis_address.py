"""A Redis that fails over: a real primary, replica and Sentinels, and the primary is killed in mid-painting."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from bot.errors import TransportDown
from bot.queue.rq import RqQueue, connect
from tests.faults.redis_set import RedisSet, redis_set, until
from tests.integration.worker.service.test_supervisor import PHOTO, STYLE, job, running
from worker.contract import Rendered

PAINTING_S = 8.0
"""Longer than a failover takes on a quiet machine, so that the painting ends at another Redis than it began at."""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[RedisSet]:
    with redis_set(tmp_path / "set") as servers:
        yield servers


def outcome(renders: RqQueue, name: str) -> Rendered:
    found: list[object] = []

    def known() -> bool:
        with suppress(TransportDown):
            found.append(renders.outcome(name))
        return any(found)

    until(known)
    assert isinstance(found[-1], Rendered)
    return found[-1]


def submitted(renders: RqQueue, name: str) -> None:
    def taken() -> bool:
        try:
            renders.submit(job(name), [PHOTO, STYLE])
        except TransportDown:
            return False
        return True

    until(taken)


@pytest.mark.timeout(600)
def test_bot_and_worker_follow_the_primary_wherever_it_goes(
    servers: RedisSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKETCH_S", str(PAINTING_S))
    with connect(servers.url("bot")) as connection, running(servers.url("worker"), tmp_path) as worker:
        renders = RqQueue(connection)
        submitted(renders, "m-1")
        worker.busy("m-1")
        dead = servers.fail_over()
        assert renders.painting(outcome(renders, "m-1")) is not None
        submitted(renders, "m-2")
        outcome(renders, "m-2")
        servers.bring_back(dead)
        servers.fail_over()
        assert servers.primary() == dead
        submitted(renders, "m-3")
        outcome(renders, "m-3")
        assert worker.log.read_text().count("is ready") == 1


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed here")
def test_a_set_that_speaks_tls_alone_is_followed_too(tmp_path: Path) -> None:
    """Servers and Sentinels have certificates, which are checked; the Sentinels find the others by TLS as well."""
    with redis_set(tmp_path / "set", tls=True) as servers, connect(servers.url("bot")) as connection:
        renders = RqQueue(connection)
        submitted(renders, "m-1")
        servers.bring_back(servers.fail_over())
        submitted(renders, "m-2")
        waiting = connection.lrange("rq:queue:renders", 0, -1)
        unknown = servers.url("bot").partition("&ssl_ca_certs")[0]
        with connect(unknown) as stranger, pytest.raises(redis.ConnectionError):
            stranger.ping()
        with connect(unknown.replace("rediss+", "redis+")) as plain, pytest.raises(redis.ConnectionError):
            plain.ping()
    assert b"m-2" in waiting
