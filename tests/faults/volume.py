"""`python -m tests.faults.volume --rows 100000`: mentions on their way to an answer, beside very many that had theirs.

The real flow, ledger, RQ queue, worker loop and a redis-server, in one process; the platform and the pictures are in
memory, and the painter paints at once. First as many jobs wait in Redis as there are rows; then pages of 80 are polled,
painted and answered by a bot whose ledger holds those rows. Printed are the medians of each step, and sizes.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import redis

from bot.ledger import State
from bot.policy import Quota
from bot.posts import Author, Mention, Reply
from bot.queue.redis_server import redis_server
from bot.queue.rq import RqQueue, connect
from tests.conversation import RULES, Conversation
from tests.fakes.mentions import EPOCH, mention, picture
from tests.faults.growth import Stopwatch
from worker.contract import FailureCode, Format, Options, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs, RedisBlobs
from worker.jobs import Shutdown, WorkerContext
from worker.service.heartbeat import Heartbeat, shared
from worker.service.metrics import Metrics
from worker.service.outcomes import Outcomes, Outgoing
from worker.service.rq_worker import Recycle, RenderWorker

PAGE = 80
FILL = 1000
OLD = 10**6
"""Above all numbers of new mentions."""
MOST_WAITING = 100_000
ENDLESS = 10**9


def paint_at_once(
    job: RenderJob, blobs: Blobs, on_progress: Callable[[Progress], None], should_stop: Callable[[], FailureCode | None]
) -> Rendered:
    """A painting of a few bytes, another one for each job."""
    blob = blobs.put(job.id.encode())
    return Rendered(
        id=job.id, blob=blob, format=Format.PNG, height_px=64, width_px=64, seconds=0.0, iterations=1, backbone="none",
        seed=job.options.seed,
    )  # fmt: skip


@contextmanager
def worker_at(connection: redis.Redis) -> Iterator[RenderWorker]:
    """The worker's own loop, for as many bursts as wanted."""
    with shared() as descriptor:
        context = WorkerContext(
            painter=paint_at_once,
            outcomes=Outcomes(connection),
            outgoing=Outgoing(RedisBlobs(connection)),
            heartbeat=Heartbeat(descriptor),
            shutdown=Shutdown(30),
            metrics=Metrics(0, float),
            stall_s=60,
        )
        yield RenderWorker(connection, connection, context, Recycle(ENDLESS, ENDLESS))


def used_bytes(connection: redis.Redis) -> int:
    return int(connection.info("memory")["used_memory"])


def waiting(connection: redis.Redis, jobs: int) -> str:
    """What so many jobs take while they wait, and how soon the last one knows its place."""
    queue, empty, began = RqQueue(connection), used_bytes(connection), time.perf_counter()
    for number in range(jobs):
        queue.submit(RenderJob(id=f"fake-{number}-0", photo="0" * 64, styles=("1" * 64,), options=Options()), ())
    took_s, watch = time.perf_counter() - began, Stopwatch()
    with watch("place of the last"):
        queue.waiting(f"fake-{jobs - 1}-0")
    each = (used_bytes(connection) - empty) / jobs
    return f"{jobs:,} jobs wait: {each:,.0f} bytes each, {1000 * took_s / jobs:.1f} ms to send one; {watch.read()}"


def asked(number: int, now: float) -> Mention:
    name = f"p{number}"
    pictures = picture(f"{name}/photo"), picture(f"{name}/style")
    return mention(number, Author(name, f"{name}@home.example", "home.example"), "please", *pictures, at=now)


class Crowd(Conversation):
    """A bot that is polled, receives and answers a page at a time, over a real Redis."""

    def listen_to(self, connection: redis.Redis) -> None:
        self.parts = replace(self.parts, queue=RqQueue(connection))
        self.platform.on_post = self.answered
        self.answers = 0

    def answered(self, reply: Reply) -> None:
        self.answers += bool(reply.paintings)

    def go_through(self, mentions: Sequence[Mention], worker: RenderWorker, watch: Stopwatch) -> None:
        with watch("poll"):
            self.ledger.record(self.name, mentions, mentions[-1].id)
        with watch("receive"):
            self.receive()
        with watch("paint"):
            worker.work(burst=True, logging_level="ERROR")
        with watch("answer"):
            self.deliver()
            self.post()
        self.clock.pass_s(60)


def filled(talk: Crowd, rows: int) -> None:
    """So many mentions of long ago, answered."""
    for first in range(0, rows, FILL):
        page = [asked(OLD + each, EPOCH) for each in range(first, min(first + FILL, rows))]
        talk.ledger.record(talk.name, page, page[-1].id)
    done = "UPDATE mention SET state = ?, recorded_at = ?1, changed_at = ?1, admitted_at = ?1, ended_at = ?1"
    talk.ledger.store.execute(done.replace("?1", "?2"), State.ANSWERED, EPOCH)


def crowd(folder: Path, connection: redis.Redis, rows: int, mentions: int) -> None:
    """Raises AssertionError where a mention has no answer, or more than one."""
    quota = Quota(ENDLESS, ENDLESS, ENDLESS, ENDLESS)
    talk, watch = Crowd(folder, replace(RULES, quota=quota)), Stopwatch()
    filled(talk, rows)
    say(f"{rows:,} rows: {sizes(folder, rows)}")
    talk.clock.pass_s(86_400)
    talk.listen_to(connection)
    empty = used_bytes(connection)
    with worker_at(connection) as worker:
        for first in range(0, mentions, PAGE):
            page = [asked(each, talk.clock.now()) for each in range(first, min(first + PAGE, mentions))]
            talk.go_through(page, worker, watch)
    with watch("counts"):
        talk.ledger.counts()
    lately = (used_bytes(connection) - empty) / mentions
    keys = connection.dbsize() / mentions
    say(f"{mentions:,} more, a page of {PAGE}: {watch.read()}")
    say(f"Redis: {lately:,.0f} bytes and {keys:.1f} keys a painting of the last ten minutes")
    states = {state: number for (_, state), (number, _) in talk.ledger.counts().items()}
    assert states == {State.ANSWERED: rows + mentions}, states
    assert talk.answers == mentions, talk.answers
    talk.ledger.close()


def sizes(folder: Path, rows: int) -> str:
    """Of the ledger without its log."""
    ledger = (folder / "ledger.sqlite").stat().st_size
    return f"{ledger / 1e6:,.0f} MB, {ledger / rows:,.0f} bytes each"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(folder: Path, rows: int, mentions: int) -> None:
    with redis_server(folder / "redis") as url:
        connection = connect(url)
        say(waiting(connection, min(rows, MOST_WAITING)))
        connection.flushdb()
        crowd(folder / "ledger", connection, rows, mentions)


def main() -> None:
    """Read the arguments, and measure in a folder that is thrown away."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.volume", description="Very many mentions.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--mentions", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked.rows, asked.mentions)


if __name__ == "__main__":
    main()
