"""A Redis that fails over: a real primary, replica and Sentinels, and the primary is killed in mid-painting."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

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
