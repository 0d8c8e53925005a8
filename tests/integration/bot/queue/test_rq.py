"""RqQueue against a real Redis: sent once, seen without being changed, taken back whole."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.errors import TransportDown
from bot.ports import Waiting
from bot.queue.redis_server import redis_server
from bot.queue.rq import RqQueue, connect
from worker.contract import (
    WAKE_KEY,
    Failed,
    FailureCode,
    Format,
    Progress,
    Rendered,
    RenderJob,
    cancel_key,
    lease_key,
    outcome_key,
    progress_key,
)

PHOTO, STYLE = b"a photo", b"a style"


def job(name: str) -> RenderJob:
    return RenderJob(id=name, photo=hashlib.sha256(PHOTO).hexdigest(), styles=(hashlib.sha256(STYLE).hexdigest(),))


def rendered(name: str, blob: str) -> Rendered:
    return Rendered(
        id=name, blob=blob, format=Format.PNG, height_px=8, width_px=8, seconds=1, iterations=1, backbone="lite", seed=0
    )


def contents(connection: redis.Redis) -> dict[object, object]:
    """Everything in Redis; DUMP would show a hash's order too, which reading may change."""
    read: dict[object, Callable[[Any], object]] = {
        b"string": connection.get,
        b"hash": connection.hgetall,
        b"set": connection.smembers,
        b"list": partial(connection.lrange, start=0, end=-1),
        b"zset": partial(connection.zrange, start=0, end=-1, withscores=True),
    }
    return {key: read[connection.type(key)](key) for key in connection.scan_iter()}


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        yield client


@pytest.fixture
def renders(connection: redis.Redis) -> RqQueue:
    return RqQueue(connection)


def test_a_job_sent_twice_waits_once(renders: RqQueue) -> None:
    renders.submit(job("m-1"), [PHOTO, STYLE])
    renders.submit(job("m-1"), [PHOTO, STYLE])
    assert renders.depth() == 1


def test_pictures_are_there_before_the_job(renders: RqQueue, connection: redis.Redis) -> None:
    renders.submit(job("m-1"), [PHOTO, STYLE])
    assert connection.get(f"stylesmith:blob:{job('m-1').photo}") == PHOTO


def test_a_job_in_a_hurry_goes_to_the_front(renders: RqQueue) -> None:
    renders.submit(job("m-1"), [])
    renders.submit(job("m-2"), [])
    renders.submit(job("m-3"), [], at_front=True)
    places = {name: renders.waiting(name).place for name in ("m-1", "m-2", "m-3")}
    assert places == {"m-3": 1, "m-1": 2, "m-2": 3}


def test_looking_changes_nothing(renders: RqQueue, connection: redis.Redis) -> None:
    renders.submit(job("m-1"), [PHOTO])
    before = contents(connection)
    renders.waiting("m-1"), renders.outcome("m-1"), renders.progress("m-1"), renders.depth()
    assert contents(connection) == before


def test_a_lease_means_that_it_is_being_painted(renders: RqQueue, connection: redis.Redis) -> None:
    assert not renders.waiting("m-1").known
    connection.set(lease_key("m-1"), "worker", px=15_000)
    assert renders.waiting("m-1").running
    connection.delete(lease_key("m-1"))
    assert not renders.waiting("m-1").known


@pytest.mark.parametrize(
    ("status", "died"), [(None, False), ("queued", False), ("started", True), ("failed", True), ("finished", True)]
)
def test_a_job_that_a_worker_began_and_left_has_died(
    renders: RqQueue, connection: redis.Redis, status: str | None, died: bool
) -> None:
    if status is not None:
        connection.hset("rq:job:m-1", "status", status)
    assert renders.waiting("m-1") == Waiting(known=False, died=died)


def test_the_outcome_and_its_painting_come_back(renders: RqQueue, connection: redis.Redis) -> None:
    painting = b"painted"
    there = rendered("m-1", hashlib.sha256(painting).hexdigest())
    assert renders.outcome("m-1") is None
    connection.set(outcome_key("m-1"), there.model_dump_json())
    connection.set(f"stylesmith:blob:{there.blob}", painting)
    assert renders.outcome("m-1") == there
    assert renders.painting(there) == painting


def test_a_painting_that_does_not_match_its_name_is_no_painting(renders: RqQueue, connection: redis.Redis) -> None:
    forged = rendered("m-1", "0" * 64)
    connection.set(f"stylesmith:blob:{forged.blob}", b"something else")
    assert renders.painting(forged) is None


@pytest.mark.parametrize(
    "text", [b"{", b"[]", b'{"outcome":"rendered"}', b"\xff"], ids=["cut", "list", "empty", "bytes"]
)
def test_an_unreadable_outcome_is_a_failure_not_a_crash(renders: RqQueue, connection: redis.Redis, text: bytes) -> None:
    connection.set(outcome_key("m-1"), text)
    connection.set(progress_key("m-1"), text)
    outcome = renders.outcome("m-1")
    assert isinstance(outcome, Failed)
    assert outcome.code is FailureCode.INTERNAL
    assert renders.progress("m-1") is None


def test_an_outcome_that_belongs_to_another_job_is_refused(renders: RqQueue, connection: redis.Redis) -> None:
    connection.set(outcome_key("m-1"), rendered("m-2", "0" * 64).model_dump_json())
    outcome = renders.outcome("m-1")
    assert isinstance(outcome, Failed)
    assert outcome.detail == "outcome of another job"


def test_progress_is_read_as_it_was_written(renders: RqQueue, connection: redis.Redis) -> None:
    progress = Progress(id="m-1", fraction=0.5, stage="256 px", remaining_s=3)
    connection.set(progress_key("m-1"), progress.model_dump_json())
    assert renders.progress("m-1") == progress


def test_a_cancelled_job_leaves_the_queue_with_its_outcome(renders: RqQueue) -> None:
    renders.submit(job("m-1"), [])
    renders.cancel("m-1")
    outcome = renders.outcome("m-1")
    assert isinstance(outcome, Failed)
    assert outcome.code is FailureCode.CANCELLED
    assert renders.depth() == 0
    assert renders.wait(1)


def test_a_running_job_is_asked_to_stop(renders: RqQueue, connection: redis.Redis) -> None:
    connection.set(lease_key("m-1"), "worker", px=15_000)
    renders.cancel("m-1")
    assert connection.exists(cancel_key("m-1"))
    assert renders.outcome("m-1") is None


def test_a_discarded_job_leaves_nothing_and_can_be_sent_again(renders: RqQueue, connection: redis.Redis) -> None:
    renders.submit(job("m-1"), [])
    empty = {b"rq:queues"}
    connection.lpush("rq:queue:renders:intermediate", "m-1")
    connection.zadd("rq:wip:renders", {"m-1:abc": 1, "m-10:abc": 1})
    connection.zadd("rq:failed:renders", {"m-1": 1})
    connection.set(outcome_key("m-1"), "{")
    renders.discard("m-1")
    assert set(connection.scan_iter()) == empty | {b"rq:wip:renders"}
    assert connection.zrange("rq:wip:renders", 0, -1) == [b"m-10:abc"]
    renders.submit(job("m-1"), [])
    assert renders.waiting("m-1").place == 1


def test_waiting_ends_when_a_worker_wakes_us(renders: RqQueue, connection: redis.Redis) -> None:
    connection.lpush(WAKE_KEY, "m-1", "m-2")
    assert sorted(renders.wait(5)) == ["m-1", "m-2"]
    assert not renders.wait(0.01)


@pytest.mark.parametrize("deed", ["submit", "outcome", "waiting", "progress", "cancel", "discard", "depth", "wait"])
def test_every_error_of_redis_is_the_transport_being_down(tmp_path: Path, deed: str) -> None:
    arguments: dict[str, tuple[object, ...]] = {"submit": (job("m-1"), [PHOTO]), "depth": (), "wait": (0.1,)}
    with connect(f"unix://{tmp_path}/nobody.sock") as client, pytest.raises(TransportDown):
        getattr(RqQueue(client), deed)(*arguments.get(deed, ("m-1",)))


def test_a_full_redis_is_the_transport_being_down(tmp_path: Path) -> None:
    with redis_server(tmp_path) as url, connect(url) as client:
        client.config_set("maxmemory", "1mb")
        with pytest.raises(TransportDown):
            RqQueue(client).submit(job("m-1"), [bytes([n]) * 300_000 for n in range(8)])
        assert RqQueue(client).depth() == 0
        client.config_set("maxmemory", "0")
        RqQueue(client).submit(job("m-1"), [PHOTO])
        assert RqQueue(client).depth() == 1
