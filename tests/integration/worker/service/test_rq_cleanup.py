"""Sweeping keeps Redis bounded, harms nothing that lives, and may be done twice at once."""

import time
from collections.abc import Iterator

import pytest
import redis
from rq import Queue

from bot.queue.rq import connect
from worker.contract import QUEUE
from worker.service.rq_cleanup import SLACK_S, sweep


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        yield client


def test_what_is_over_goes_and_what_lives_stays(connection: redis.Redis) -> None:
    now, long_ago = time.time(), time.time() - SLACK_S - 10
    connection.zadd("rq:wip:renders", {"m-dead:1": long_ago, "m-alive:1": now + 15, "m-recent:1": now - 5})
    connection.zadd("rq:failed:renders", {"m-failed": long_ago, "m-failed-lately": now + 1000})
    connection.zadd("rq:finished:renders", {"m-done": long_ago})
    connection.rpush("rq:queue:renders:intermediate", "m-dead", "m-nobody", b"\xff")
    for name in ("m-dead", "m-alive", "m-failed", "m-failed-lately"):
        connection.hset(f"rq:job:{name}", "data", "x")
    for _ in range(2):
        sweep(connection, Queue(QUEUE, connection=connection, serializer="json"))
    assert connection.zrange("rq:wip:renders", 0, -1) == [b"m-recent:1", b"m-alive:1"]
    assert connection.zrange("rq:failed:renders", 0, -1) == [b"m-failed-lately"]
    assert not connection.exists("rq:finished:renders", "rq:job:m-failed")
    assert connection.lrange("rq:queue:renders:intermediate", 0, -1) == [b"m-dead", b"\xff"]
    assert connection.ttl("rq:job:m-dead") > 0
    assert connection.ttl("rq:job:m-alive") == -1
