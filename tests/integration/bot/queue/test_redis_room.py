"""A Redis that is nearly full, a real one: the bot leaves a reserve, and takes back what it has on its own disk."""

import hashlib
import time
from collections.abc import Iterator

import pytest
import redis
from rq import Queue

from bot.errors import TransportFull
from bot.queue.redis_room import FULL_SHARE, PICTURES_SHARE, STRAY_S, Memory
from bot.queue.rq import RqQueue, connect
from tests.faults.observations import until
from worker.contract import BLOB_TTL_S, QUEUE, Format, Progress, Rendered, RenderJob, outcome_key, progress_key
from worker.contract.blobs import RedisBlobs
from worker.service.outcomes import Outcomes, Outgoing
from worker.service.rq_job import SafeJob

MIB = 2**20
TRIES = 600
STYLE = b"the house's style" * 1000


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        before = client.config_get("maxmemory")["maxmemory"]
        yield client
        client.config_set("maxmemory", before)


@pytest.fixture
def renders(connection: redis.Redis) -> RqQueue:
    return RqQueue(connection)


def photo(name: str, size: int = MIB) -> bytes:
    return name.encode().ljust(size, b".")


def key(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def submit(renders: RqQueue, name: str, size: int = MIB) -> None:
    data = photo(name, size)
    renders.submit(RenderJob(id=name, photo=key(data), styles=(key(STYLE),)), [data, STYLE])


def submit_soon(renders: RqQueue, name: str) -> None:
    """Redis counts the buffer of a large request until its clock ticks, and so tells of less room for a while."""
    for tried in range(TRIES):
        try:
            submit(renders, name)
        except TransportFull:
            assert tried < TRIES - 1
            time.sleep(0.05)
        else:
            return


def kept(connection: redis.Redis) -> set[str]:
    return {name.decode().rpartition(":")[2] for name in connection.scan_iter("stylesmith:blob:*")}


def others_fill(connection: redis.Redis) -> None:
    """20 MiB that are not ours, in pieces: the buffer of a large request would count for a while."""
    for number in range(320):
        connection.set(f"somebody:{number}", bytes(MIB // 16))


def limit(connection: redis.Redis, share: float) -> None:
    """Let what is used now be this share of what may be used, once the buffers of large requests are gone."""
    until(lambda: connection.info("memory")["mem_clients_normal"] < MIB // 8)
    connection.config_set("maxmemory", int(connection.info("memory")["used_memory"] / share))


def fill(connection: redis.Redis, renders: RqQueue) -> list[str]:
    """Submit until there is no room; the jobs that were taken."""
    taken: list[str] = []
    with pytest.raises(TransportFull):
        for number in range(100):
            submit(renders, f"m-{number}")
            taken.append(f"m-{number}")
    return taken


def test_pictures_in_transit_leave_a_reserve_and_what_has_no_room_leaves_nothing(
    connection: redis.Redis, renders: RqQueue
) -> None:
    connection.config_set("maxmemory", connection.info("memory")["used_memory"] + 20 * MIB)
    taken = fill(connection, renders)
    assert 5 < len(taken) < 20
    until(lambda: Memory.of(connection).share <= PICTURES_SHARE)  # a large request's buffer counts for a while
    assert kept(connection) == {*(key(photo(name)) for name in taken), key(STYLE)}
    assert renders.depth() == len(taken)


def test_a_worker_stores_its_outcome_in_the_reserve(connection: redis.Redis, renders: RqQueue) -> None:
    connection.config_set("maxmemory", connection.info("memory")["used_memory"] + 20 * MIB)
    name = fill(connection, renders)[0]
    found = Queue.dequeue_any([Queue(QUEUE, connection)], None, connection, SafeJob, serializer="json")
    assert found
    outgoing = Outgoing(RedisBlobs(connection))
    painting = outgoing.put(b"painted" * 100_000)
    done = Rendered(
        id=name,
        blob=painting,
        format=Format.PNG,
        height_px=8,
        width_px=8,
        seconds=1,
        iterations=1,
        backbone="x",
        seed=0,
    )
    Outcomes(connection).store_for_sure(done, outgoing, lambda: None)
    assert renders.painting(done) == b"painted" * 100_000
    renders.settle([name], [painting, key(photo(name))])
    submit_soon(renders, "m-next")


def test_one_job_may_always_wait_where_others_fill_redis(connection: redis.Redis, renders: RqQueue) -> None:
    others_fill(connection)
    limit(connection, 0.8)
    submit(renders, "m-1")
    with pytest.raises(TransportFull):
        submit(renders, "m-2")
    assert renders.depth() == 1


@pytest.mark.parametrize("share", [1.0, 1.3])
def test_a_job_that_does_not_fit_at_all_leaves_nothing_behind(
    connection: redis.Redis, renders: RqQueue, share: float
) -> None:
    others_fill(connection)
    limit(connection, share)
    with pytest.raises(TransportFull):
        submit(renders, "m-1", 4 * MIB)
    assert kept(connection) == set()
    assert renders.depth() == 0


def test_a_picture_put_before_redis_was_full_is_taken_out_again(connection: redis.Redis, renders: RqQueue) -> None:
    connection.config_set("maxmemory", connection.info("memory")["used_memory"] + 3 * MIB)
    first, second, third = (photo(name, 2 * MIB) for name in ("a", "b", "c"))
    with pytest.raises(TransportFull):
        renders.submit(RenderJob(id="m-1", photo=key(first), styles=(key(second), key(third))), [first, second, third])
    assert kept(connection) == set()


def test_a_full_redis_gives_the_youngest_back_and_a_worker_can_pop_again(
    connection: redis.Redis, renders: RqQueue
) -> None:
    for number in range(10):
        submit(renders, f"m-{number}")
    limit(connection, 1.05)
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        connection.set("stylesmith:lease:x", "1")
    taken = list(renders.make_room())
    assert taken == [f"m-{number}" for number in range(9, 9 - len(taken), -1)]
    assert 1 < len(taken) < 10
    for name in taken:
        assert not renders.waiting(name).known
        assert not renders.waiting(name).died
        assert not connection.exists(f"rq:job:{name}")
    assert renders.waiting("m-0").place == 1
    assert kept(connection) == {*(key(photo(f"m-{n}")) for n in range(10 - len(taken))), key(STYLE)}
    connection.set("stylesmith:lease:x", "1")
    assert renders.make_room() == []


def test_the_next_to_be_painted_stays_where_others_fill_redis(connection: redis.Redis, renders: RqQueue) -> None:
    others_fill(connection)
    for number in range(3):
        submit(renders, f"m-{number}", 1000)
    limit(connection, 0.97)
    assert renders.make_room() == ["m-2", "m-1"]
    assert renders.waiting("m-0").place == 1


def test_a_job_that_is_painted_keeps_its_pictures(connection: redis.Redis, renders: RqQueue) -> None:
    submit(renders, "m-0")
    found = Queue.dequeue_any([Queue(QUEUE, connection)], None, connection, SafeJob, serializer="json")
    assert found
    submit(renders, "m-1")
    limit(connection, 1.01)
    assert renders.make_room() == ["m-1"]
    assert kept(connection) == {key(photo("m-0")), key(STYLE)}


def test_what_something_dead_left_goes_and_what_is_named_or_young_stays(
    connection: redis.Redis, renders: RqQueue
) -> None:
    old_s = BLOB_TTL_S - STRAY_S - 60
    submit(renders, "m-0")
    blobs = RedisBlobs(connection)
    stray, young, painting, preview = (blobs.put(photo(name)) for name in ("stray", "young", "painting", "preview"))
    for name in (stray, painting, preview, key(photo("m-0"))):
        connection.expire(f"stylesmith:blob:{name}", old_s)
    done = Rendered(
        id="m-9",
        blob=painting,
        format=Format.PNG,
        height_px=8,
        width_px=8,
        seconds=1,
        iterations=1,
        backbone="x",
        seed=0,
    )
    connection.set(outcome_key("m-9"), done.model_dump_json())
    connection.set(progress_key("m-0"), Progress(id="m-0", fraction=0.5, preview=preview).model_dump_json())
    limit(connection, 0.95)
    renders.make_room()
    assert stray not in kept(connection)
    assert {young, painting, preview, key(photo("m-0"))} <= kept(connection)


def test_nothing_is_taken_back_while_there_is_room(connection: redis.Redis, renders: RqQueue) -> None:
    submit(renders, "m-0")
    limit(connection, FULL_SHARE - 0.05)
    assert renders.make_room() == []
    assert renders.depth() == 1


def test_where_pictures_travel_elsewhere_their_size_is_not_counted(
    connection: redis.Redis, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from worker.contract.blobs import UrlBlobs

    renders = RqQueue(connection, UrlBlobs(f"file://{tmp_path_factory.mktemp('blobs')}"))
    connection.config_set("maxmemory", connection.info("memory")["used_memory"] * 2)
    for number in range(5):
        submit(renders, f"m-{number}", 4 * MIB)
    assert renders.depth() == 5
