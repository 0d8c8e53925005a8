"""Every setting of a worker changes something that can be seen of its processes. A setting without a row fails."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import redis

from bot.queue.rq import RqQueue
from tests import ROOT
from tests.faults.crashing_worker import COMMAND
from tests.faults.quick_painter import Way
from tests.integration.worker.service.test_supervisor import (
    LIMIT_S,
    PHOTO,
    STYLE,
    Worker,
    free_port,
    job,
    running,
    until,
)
from worker.contract.blobs import UrlBlobs
from worker.settings import WorkerSettings

FREE_PORT = free_port()
Environment = Mapping[str, object]


@dataclass(frozen=True)
class Case:
    """A folder, a Redis, and the settings of this half of an experiment."""

    folder: Path
    redis_url: str
    given: Environment


@dataclass(frozen=True)
class Row:
    """Two values of a setting, and what an experiment sees under each; None leaves the setting out."""

    values: tuple[object, object]
    seen: tuple[object, object]
    experiment: Callable[[Case], object]


def working(case: Case, **more: object) -> AbstractContextManager[Worker]:
    return running(case.redis_url, case.folder, **case.given, **more)


def reached(case: Case) -> bool:
    """Whether a worker that is given no other address gets as far as being ready, on the test's Redis."""
    given = {name: str(value).replace("HERE", case.redis_url) for name, value in case.given.items()}
    given = {name: value.replace("FOLDER", str(case.folder)) for name, value in given.items()}
    if "data_dir" in given:
        path = re.sub(r"^unix://|\?.*$", "", case.redis_url)
        (case.folder / "redis.sock").symlink_to(path)
    text = said_by(case, given, ("is ready", "waiting for Redis"))
    return "is ready" in text


def said_by(case: Case, given: Mapping[str, str], words: tuple[str, ...], command: Sequence[str] = COMMAND) -> str:
    """The log of a worker with these settings alone, until it says one of these words."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STYLESMITH_")}
    environment = kept | {f"STYLESMITH_{name.upper()}": value for name, value in given.items()}
    log = case.folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=case.folder, env=environment | {"PYTHONPATH": str(ROOT), "HOME": str(case.folder)}, stderr=file
        )
    try:
        until(lambda: any(word in log.read_text() for word in words) or process.poll() is not None)
    finally:
        process.kill()
        process.wait()
    return log.read_text()


def travelled(case: Case) -> bool:
    """Whether a painting lies in the folder of the test rather than in Redis."""
    folder = case.folder / "blobs"
    given = {name: str(value).replace("HERE", str(folder)) for name, value in case.given.items()}
    with running(case.redis_url, case.folder, **given) as worker:
        blobs = UrlBlobs(f"file://{folder}") if given else None
        RqQueue(worker.connection, blobs).submit(job("m-1"), [PHOTO, STYLE])
        outcome = worker.outcome("m-1")
        assert outcome.outcome == "rendered"
        return not worker.connection.exists(f"stylesmith:blob:{outcome.blob}") and any(folder.rglob("*"))


def examined(case: Case) -> str:
    """The device and network that `stylesmith doctor` is told of, or what is wrong."""
    given = {name: str(value).replace("HERE", str(case.folder)) for name, value in case.given.items()}
    (case.folder / "no weights").write_bytes(b"nothing")
    environment = os.environ | {f"STYLESMITH_{name.upper()}": value for name, value in given.items()}
    environment |= {"TORCH_HOME": str(case.folder), "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-m", "worker.service.check"]
    told = json.loads(
        subprocess.run(
            command, cwd=case.folder, env=environment, capture_output=True, text=True, check=True, timeout=LIMIT_S
        ).stdout
    )
    return str(told.get("backbone") or f"no {told['about']}")


def told_to_end(case: Case) -> bool:
    """Whether a worker that is told to end in the middle of a long painting finishes it."""
    with working(case) as worker:
        worker.submit(job("m-1", Way.LONG, deadline_s=5))
        worker.busy("m-1")
        worker.process.terminate()
        assert worker.process.wait(LIMIT_S) == 0
        return worker.renders.outcome("m-1") is not None


def hangs(case: Case) -> bool:
    """Whether a painting that stopped between two iterations is ended within the time that another takes."""
    with working(case) as worker:
        worker.submit(job("m-1", Way.HANGS))
        worker.busy("m-1")
        end_s = time.monotonic() + (LIMIT_S if case.given["stall_s"] == 1 else 4)
        while "(stalled)" not in worker.log.read_text() and time.monotonic() < end_s:
            time.sleep(0.05)
        return "(stalled)" in worker.log.read_text()


def starts_afresh(case: Case) -> bool:
    """Whether the painting process ends after a few paintings."""
    with working(case) as worker:
        for number in range(3):
            worker.submit(job(f"m-{number}"))
        for number in range(3):
            worker.outcome(f"m-{number}")
        return "starting afresh" in worker.log.read_text()


def scraped(address: str) -> Callable[[Case], bool]:
    def answered(case: Case) -> bool:
        with working(case, **({} if "worker_metrics_port" in case.given else {"worker_metrics_port": FREE_PORT})):
            try:
                return httpx.get(f"http://{address}:{FREE_PORT}/metrics", trust_env=False).status_code == 200
            except httpx.TransportError:
                return False

    return answered


def is_json(case: Case) -> bool:
    given = {name: str(value) for name, value in case.given.items()} | {"redis_url": "redis://127.0.0.1:9/0"}
    return said_by(case, given, ("waiting for Redis",), [sys.executable, "-m", "worker"]).startswith("{")


def news(case: Case) -> bool:
    """Whether the log says that a worker is ready, which is only news."""
    given = {name: str(value) for name, value in case.given.items()} | {"redis_url": case.redis_url}
    with redis.Redis.from_url(case.redis_url) as connection:
        environment = {f"STYLESMITH_{name.upper()}": value for name, value in given.items()}
        log = case.folder / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(COMMAND, env=os.environ | environment, stderr=file)
        try:
            until(lambda: connection.smembers("rq:workers"))
            until(lambda: connection.ttl(next(iter(connection.smembers("rq:workers")))) > 0)
        finally:
            process.kill()
            process.wait()
    return "is ready" in log.read_text()


TABLE: dict[str, Row] = {
    "redis_url": Row((None, "HERE"), (False, True), reached),
    "data_dir": Row((None, "FOLDER"), (False, True), reached),
    "blobs_url": Row((None, "file://HERE"), (False, True), travelled),
    "weights": Row((None, "HERE/no weights"), ("lite", "no weights"), examined),
    "backbone": Row(("lite", "vgg19"), ("lite", "no weights"), examined),
    "device": Row(("cpu", "cuda"), ("lite", "no device"), examined),
    "grace_s": Row((75, 0.2), (True, False), told_to_end),
    "stall_s": Row((60, 1), (False, True), hangs),
    "recycle_jobs": Row((500, 2), (False, True), starts_afresh),
    "recycle_h": Row((6, 0.00001), (False, True), starts_afresh),
    "worker_metrics_port": Row((0, FREE_PORT), (False, True), scraped("127.0.0.1")),
    "worker_metrics_host": Row(("127.0.0.1", "127.0.0.2"), (False, True), scraped("127.0.0.2")),
    "log_level": Row(("info", "warning"), (True, False), news),
    "log_json": Row((False, True), (False, True), is_json),
}


def test_every_setting_has_a_row() -> None:
    assert set(TABLE) == set(WorkerSettings.model_fields)


@pytest.mark.parametrize("name", TABLE)
def test_a_setting_changes_what_is_seen(name: str, tmp_path: Path, redis_url: str) -> None:
    row = TABLE[name]
    seen = []
    for place, value in zip(("before", "after"), row.values, strict=True):
        folder = tmp_path / place
        folder.mkdir()
        with redis.Redis.from_url(redis_url) as connection:
            connection.flushall()
        seen.append(row.experiment(Case(folder, redis_url, {} if value is None else {name: value})))
    assert tuple(seen) == row.seen
