"""The worker as operators run it: a supervisor and its painting process, killed and hung on purpose."""

import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import redis
from PIL import Image

from bot.queue.redis_server import start
from bot.queue.rq import RqQueue, connect
from tests.faults.crashing_worker import COMMAND
from tests.faults.quick_painter import LARGE_BYTES, Way
from worker.contract import Failed, FailureCode, Options, Rendered, RenderJob, cancel_key, lease_key, outcome_key

LIMIT_S = 90


def picture(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 12), colour).save(file, "PNG")
    return file.getvalue()


PHOTO, STYLE = picture("navy"), picture("gold")


def job(name: str, seed: int = 0, deadline_s: float = 900) -> RenderJob:
    photo, style = (hashlib.sha256(data).hexdigest() for data in (PHOTO, STYLE))
    return RenderJob(id=name, photo=photo, styles=(style,), options=Options(seed=seed), deadline_s=deadline_s)


def until(true: Callable[[], object], limit_s: float = LIMIT_S) -> None:
    end_s = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.05)


@dataclass
class Worker:
    """A supervisor, its painting process, and the bot's side of the queue."""

    process: "subprocess.Popen[bytes]"
    log: Path
    connection: redis.Redis
    renders: RqQueue = field(init=False)

    def __post_init__(self) -> None:
        self.renders = RqQueue(self.connection)

    def painter(self) -> psutil.Process:
        """The painting process, once it is ready."""
        until(lambda: self.log.read_text().count("is ready") > self.log.read_text().count("process ended"))
        return psutil.Process(self.process.pid).children()[0]

    def submit(self, job: RenderJob) -> None:
        self.renders.submit(job, [PHOTO, STYLE])

    def outcome(self, name: str, limit_s: float = LIMIT_S) -> Rendered | Failed:
        until(lambda: self.renders.outcome(name), limit_s)
        outcome = self.renders.outcome(name)
        assert outcome is not None
        return outcome

    def busy(self, name: str) -> None:
        """Until it is being painted."""
        until(lambda: self.renders.progress(name))


@contextmanager
def running(url: str, folder: Path, **settings: object) -> Iterator[Worker]:
    environment = {
        "STYLESMITH_REDIS_URL": url,
        **{f"STYLESMITH_{name}".upper(): str(v) for name, v in settings.items()},
    }
    log = folder / "worker.log"
    with log.open("ab") as file:
        process = subprocess.Popen(COMMAND, env=os.environ | environment, stderr=file)
    with connect(url) as connection:
        worker = Worker(process, log, connection)
        try:
            worker.painter()
            yield worker
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def worker(redis_url: str, tmp_path: Path) -> Iterator[Worker]:
    with running(redis_url, tmp_path) as worker:
        yield worker


def test_a_job_ends_as_a_painting_that_the_bot_finds(worker: Worker) -> None:
    worker.submit(job("m-1"))
    assert worker.renders.wait(4)
    outcome = worker.outcome("m-1")
    assert isinstance(outcome, Rendered)
    painting = worker.renders.painting(outcome)
    assert painting is not None
    assert Image.open(io.BytesIO(painting)).size == (16, 12)
    until(lambda: worker.connection.zcard("rq:finished:renders") == 1)
    until(lambda: not worker.connection.exists(lease_key("m-1"), cancel_key("m-1"), "rq:queue:renders:intermediate"))


def test_a_job_with_an_outcome_is_not_painted_again(worker: Worker) -> None:
    standing = Failed(id="m-1", code=FailureCode.DIVERGED)
    worker.connection.set(outcome_key("m-1"), standing.model_dump_json())
    worker.submit(job("m-1"))
    until(lambda: worker.connection.zcard("rq:finished:renders") == 1)
    assert worker.renders.outcome("m-1") == standing


def test_a_missing_picture_is_told_as_such(worker: Worker) -> None:
    worker.renders.submit(job("m-1"), [PHOTO])
    outcome = worker.outcome("m-1")
    assert isinstance(outcome, Failed)
    assert outcome.code is FailureCode.PICTURE_MISSING


def test_what_nobody_expected_is_told_without_its_text(worker: Worker) -> None:
    worker.submit(job("m-1", Way.BROKEN))
    outcome = worker.outcome("m-1")
    assert isinstance(outcome, Failed)
    assert outcome.code is FailureCode.INTERNAL
    assert outcome.detail.startswith("ValueError at quick_painter.py:")
    worker.submit(job("m-2"))
    assert isinstance(worker.outcome("m-2"), Rendered)


def test_a_render_heeds_its_deadline(worker: Worker) -> None:
    worker.submit(job("m-1", Way.LONG, deadline_s=0.3))
    outcome = worker.outcome("m-1")
    assert isinstance(outcome, Failed)
    assert outcome.code is FailureCode.DEADLINE


def test_a_running_job_can_be_cancelled_and_shows_its_progress(worker: Worker) -> None:
    worker.submit(job("m-1", Way.LONG))
    until(lambda: worker.renders.progress("m-1"))
    progress = worker.renders.progress("m-1")
    assert progress is not None
    assert progress.stage == "sketch"
    assert progress.worker
    worker.renders.cancel("m-1")
    outcome = worker.outcome("m-1")
    assert isinstance(outcome, Failed)
    assert outcome.code is FailureCode.CANCELLED


def test_a_killed_painter_is_replaced_and_its_claim_released(worker: Worker) -> None:
    worker.submit(job("m-1", Way.LONG))
    worker.busy("m-1")
    worker.painter().kill()
    until(lambda: not worker.renders.waiting("m-1").known)
    worker.renders.discard("m-1")
    worker.submit(job("m-1"))
    assert isinstance(worker.outcome("m-1"), Rendered)


def test_a_hung_painter_is_ended_from_outside(redis_url: str, tmp_path: Path) -> None:
    with running(redis_url, tmp_path, stall_s=1) as worker:
        worker.submit(job("m-1", Way.HANGS))
        until(lambda: "(stalled)" in worker.log.read_text())
        worker.submit(job("m-2"))
        assert isinstance(worker.outcome("m-2"), Rendered)


def test_a_stopped_process_is_ended_from_outside(redis_url: str, tmp_path: Path) -> None:
    with running(redis_url, tmp_path, stall_s=1) as worker:
        worker.submit(job("m-1", Way.LONG))
        worker.busy("m-1")
        worker.painter().suspend()
        until(lambda: "(stalled)" in worker.log.read_text())


def test_a_lost_device_gives_the_job_to_the_next_process(worker: Worker) -> None:
    worker.submit(job("m-1", Way.DEVICE))
    until(lambda: "starting afresh" in worker.log.read_text())
    assert worker.renders.outcome("m-1") is None
    worker.submit(job("m-2"))
    assert isinstance(worker.outcome("m-2"), Rendered)


def test_an_idle_worker_keeps_no_memory_of_a_painting_that_failed(worker: Worker) -> None:
    before = worker.painter().memory_info().rss
    worker.submit(job("m-1", seed=Way.LARGE))
    assert isinstance(worker.outcome("m-1"), Failed)
    until(lambda: worker.painter().memory_info().rss < before + LARGE_BYTES / 2)


def test_a_worker_starts_afresh_after_so_many_jobs(redis_url: str, tmp_path: Path) -> None:
    with running(redis_url, tmp_path, recycle_jobs=2) as worker:
        for number in range(5):
            worker.submit(job(f"m-{number}"))
        for number in range(5):
            assert isinstance(worker.outcome(f"m-{number}"), Rendered)
        assert worker.log.read_text().count("starting afresh") >= 2


def test_a_painter_that_crashes_leaves_no_image_of_its_pictures(worker: Worker) -> None:
    assert worker.painter().rlimit(psutil.RLIMIT_CORE) == (0, 0)


def test_an_idle_worker_ends_when_asked(worker: Worker) -> None:
    worker.process.terminate()
    assert worker.process.wait(10) == 0
    assert not worker.connection.exists("rq:workers")


def test_a_worker_that_is_told_again_and_again_ends_as_well(worker: Worker) -> None:
    end_s = time.monotonic() + LIMIT_S
    while worker.process.poll() is None and time.monotonic() < end_s:
        worker.process.terminate()
        time.sleep(0.002)
    assert worker.process.returncode == 0


TOLD_WHILE_STARTING = """
import os, signal, sys
from worker.service.supervisor import Supervisor

sys.addaudithook(lambda event, _: os.kill(os.getpid(), signal.SIGTERM) if event == "subprocess.Popen" else None)
painter = [sys.executable, "-c", "import time; time.sleep(600)"]
Supervisor(painter, 0, lambda death: print(death.verdict, death.status, flush=True)).run()
"""


def test_a_worker_told_to_end_while_it_starts_its_painter_passes_that_on() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TOLD_WHILE_STARTING], capture_output=True, text=True, timeout=LIMIT_S, check=True
    )
    assert told.stdout.split() == ["None", str(-signal.SIGTERM)], "it waited for its watchdog"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DEVICE", "cuda:99", "STYLESMITH_DEVICE is cuda:99"),
        ("WEIGHTS", "/nowhere.pth", "There is no file /nowhere.pth"),
    ],
)
def test_a_worker_that_cannot_use_its_settings_says_so_once_and_ends(name: str, value: str, told: str) -> None:
    environment = os.environ | {f"STYLESMITH_{name}": value, "STYLESMITH_REDIS_URL": "redis://127.0.0.1:9/0"}
    ended = subprocess.run(
        [sys.executable, "-m", "worker"], env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert ended.returncode == 78
    assert ended.stderr.count(told) == 1
    assert "Traceback" not in ended.stderr


def test_a_busy_worker_finishes_its_job_before_it_ends(redis_url: str, tmp_path: Path) -> None:
    with running(redis_url, tmp_path) as worker:
        worker.submit(job("m-1", Way.LONG, deadline_s=3))
        worker.submit(job("m-2"))
        worker.busy("m-1")
        for _ in range(5):
            worker.process.terminate()
        assert worker.process.wait(20) == 0
        assert worker.renders.outcome("m-1") is not None
        assert worker.renders.waiting("m-2").place == 1


def test_a_job_longer_than_the_grace_goes_back_to_the_queue(redis_url: str, tmp_path: Path) -> None:
    with running(redis_url, tmp_path, grace_s=0.2) as worker:
        worker.submit(job("m-1", Way.LONG))
        worker.busy("m-1")
        worker.process.terminate()
        assert worker.process.wait(20) == 0
        assert worker.renders.outcome("m-1") is None
        assert worker.renders.waiting("m-1").place == 1


def test_the_painter_does_not_outlive_a_killed_supervisor(worker: Worker) -> None:
    painter = worker.painter()
    worker.process.kill()
    psutil.wait_procs([painter], timeout=10)
    assert not painter.is_running()


def test_a_paused_queue_is_not_touched(worker: Worker) -> None:
    worker.connection.set("rq:suspended", 1)
    worker.submit(job("m-1"))
    time.sleep(2.5)
    assert worker.renders.waiting("m-1").place == 1
    worker.connection.delete("rq:suspended")
    assert isinstance(worker.outcome("m-1"), Rendered)


def test_a_render_that_ends_while_redis_is_away_is_kept(tmp_path: Path) -> None:
    address = tmp_path / "r.sock"
    server = start(tmp_path, address)
    try:
        with running(f"unix://{address}", tmp_path) as worker:
            worker.submit(job("m-1", Way.LONG, deadline_s=3))
            worker.busy("m-1")
            server.kill()
            server.wait()
            until(lambda: "kept until it can be stored" in worker.log.read_text())
            server = start(tmp_path, address)
            outcome = worker.outcome("m-1")
            assert isinstance(outcome, Failed)
            assert outcome.code is FailureCode.DEADLINE
            worker.submit(job("m-2"))
            assert isinstance(worker.outcome("m-2"), Rendered)
    finally:
        server.kill()
        server.wait()


CALL = "worker.jobs.render"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_prometheus_can_ask_the_worker(redis_url: str, tmp_path: Path) -> None:
    port = free_port()
    with running(redis_url, tmp_path, worker_metrics_port=port) as worker:
        worker.submit(job("m-1"))
        worker.submit(job("m-2", Way.BROKEN))
        worker.outcome("m-2")
        scraped = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'stylesmith_outcomes_total{code="rendered"} 1.0' in scraped
        assert 'stylesmith_render_seconds_count{backbone="sketch"} 1.0' in scraped
        until(lambda: 'code="internal"} 1.0' in httpx.get(f"http://127.0.0.1:{port}/metrics").text)


CALL = "worker.jobs.render"
FORGED: dict[str, dict[str, str | bytes]] = {
    "a function of the system": {"data": json.dumps(["os.system", None, ["touch {canary}"], {}])},
    "another function of ours": {"data": json.dumps(["worker.jobs.install", None, [{}], {}])},
    "an instance": {"data": json.dumps(["render", "worker.jobs", [{}], {}])},
    "keywords": {"data": json.dumps([CALL, None, [{}], {"x": 1}])},
    "a pickle": {"data": b"\x80\x04\x95\x1c\x00\x00\x00cposix\nsystem\n(S'touch {canary}'\ntR."},
    "no data": {"data": b""},
    "a callback": {
        "data": json.dumps([CALL, None, [{}], {}]),
        "success_callback_name": "os.abort",
        "failure_callback_name": "os.abort",
    },
    "a webhook": {
        "data": json.dumps([CALL, None, [{}], {}]),
        "webhooks": json.dumps([{"url": "http://127.0.0.1:9/", "job_status": "finished"}]),
    },
    "corrupt dates": {
        "data": json.dumps([CALL, None, [{}], {}]),
        "created_at": b"\xff",
        "enqueued_at": "yesterday",
        "status": "nonsense",
        "timeout": "soon",
    },
    "another job's id": {"data": json.dumps([CALL, None, [job("m-victim").model_dump(mode="json")], {}])},
    "a newer contract": {"data": json.dumps([CALL, None, [{"schema_number": 99, "new": 1}], {}])},
}


def test_forged_jobs_run_nothing_and_the_worker_lives(worker: Worker, tmp_path: Path) -> None:
    canary, painter = tmp_path / "canary", worker.painter()
    for number, hash_ in enumerate(FORGED.values()):
        fields: dict[Any, Any] = {
            name: value.replace("{canary}", str(canary))
            if isinstance(value, str)
            else value.replace(b"{canary}", bytes(canary))
            for name, value in hash_.items()
        }
        worker.connection.hset(f"rq:job:f-{number}", mapping={**fields, "origin": "renders"})
        worker.connection.rpush("rq:queue:renders", f"f-{number}")
    worker.connection.set("rq:job:f-text", "no hash")
    worker.connection.rpush("rq:queue:renders", "f-text", "f-nobody", "a:b c;{}")
    worker.submit(job("m-1"))
    assert isinstance(worker.outcome("m-1"), Rendered)
    assert not canary.exists()
    assert worker.painter() == painter
    assert worker.renders.outcome("m-victim") is None
