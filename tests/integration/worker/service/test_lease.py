"""A worker's claim against a real Redis: one holder, renewed, given up, and only by its holder."""

import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
import redis

from bot.ports import Waiting
from bot.queue.rq import RqQueue, connect
from worker.contract import LEASE_S, Progress, cancel_key, lease_key
from worker.contract.blobs import RedisBlobs
from worker.service.lease import Lease, release
from worker.service.outcomes import Outgoing


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        yield client


def lease(connection: redis.Redis, worker: str = "one") -> Lease:
    return Lease(connection, "m-1", worker, Outgoing(RedisBlobs(connection)))


def until(true: Callable[[], object]) -> None:
    end_s = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.02)


def test_a_claimed_job_is_known_to_be_painted(connection: redis.Redis) -> None:
    with lease(connection):
        assert RqQueue(connection).waiting("m-1") == Waiting(known=True, running=True)
        assert 0 < connection.pttl(lease_key("m-1")) <= LEASE_S * 1000
    assert not RqQueue(connection).waiting("m-1").known


def test_a_job_is_claimed_by_one_worker_only(connection: redis.Redis) -> None:
    with lease(connection, "one") as first, lease(connection, "two") as second:
        assert (first.claimed, second.claimed) == (True, False)
    with lease(connection, "two") as second:
        assert second.claimed


def test_one_who_came_late_does_not_end_anothers_claim(connection: redis.Redis) -> None:
    with lease(connection, "one"):
        release(connection, "m-1", "two")
        assert connection.get(lease_key("m-1")) == b"one"


def test_a_claim_is_renewed_also_after_redis_was_wiped(
    connection: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.service.lease.RENEW_S", 0.1)
    monkeypatch.setattr("worker.service.lease.TICK_S", 0.1)
    with lease(connection) as held:
        renewals: list[None] = []
        held.also_renew = lambda: renewals.append(None)
        connection.flushall()
        until(lambda: connection.exists(lease_key("m-1")))
        assert renewals


def test_progress_goes_out_with_its_preview_and_a_cancellation_comes_in(connection: redis.Redis) -> None:
    outgoing = Outgoing(RedisBlobs(connection))
    renders = RqQueue(connection)
    with Lease(connection, "m-1", "one", outgoing) as held:
        preview = outgoing.put(b"a preview")
        held.show(Progress(id="m-1", fraction=0.5, preview=preview))
        until(lambda: renders.progress("m-1"))
        assert connection.get(f"stylesmith:blob:{preview}") == b"a preview"
        assert not held.cancelled
        renders.cancel("m-1")
        until(lambda: held.cancelled)
    assert not connection.exists(cancel_key("m-1"))
    assert renders.progress("m-1") is None


def is_shown(renders: RqQueue, fraction: float) -> bool:
    shown = renders.progress("m-1")
    return shown is not None and shown.fraction == fraction


def test_of_a_thousand_previews_at_most_three_are_kept_and_none_afterwards(
    connection: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.service.lease.TICK_S", 0.001)
    outgoing, renders = Outgoing(RedisBlobs(connection)), RqQueue(connection)
    with Lease(connection, "m-1", "one", outgoing) as held:
        for number in range(1000):
            held.show(Progress(id="m-1", fraction=number / 1000, preview=outgoing.put(f"preview {number}".encode())))
            if number % 100 == 99:
                until(partial(is_shown, renders, number / 1000))
                shown = renders.progress("m-1")
                assert shown is not None
                assert connection.exists(f"stylesmith:blob:{shown.preview}")
                until(lambda: len(connection.keys("stylesmith:blob:*")) <= 3)
    assert connection.keys("stylesmith:blob:*") == []


def test_a_job_cancelled_before_it_began_is_known_to_be(connection: redis.Redis) -> None:
    connection.set(cancel_key("m-1"), 1)
    with lease(connection) as held:
        assert held.cancelled
