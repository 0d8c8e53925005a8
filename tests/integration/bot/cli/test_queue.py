"""The admin commands against a real Redis: they show everything, change nothing by looking, and obey no stored text."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import typer
from typer.testing import CliRunner, Result

from bot.cli import queue, worker
from bot.queue.rq import RqQueue, connect
from worker.contract import Failed, FailureCode, Options, Progress, RenderJob, lease_key, outcome_key, progress_key

KEY = hashlib.sha256(b"a photo").hexdigest()
Run = Callable[..., Result]


def job(name: str) -> RenderJob:
    return RenderJob(id=name, photo=KEY, styles=(KEY,), options=Options(seed=7))


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        yield client


@pytest.fixture
def run(redis_url: str, tmp_path: Path) -> Run:
    """Run `stylesmith queue …` or `stylesmith worker …`."""
    app = typer.Typer()
    app.add_typer(queue.app, name="queue")
    app.add_typer(worker.app, name="worker")
    environment = {"STYLESMITH_REDIS_URL": redis_url, "STYLESMITH_DATA_DIR": str(tmp_path), "COLUMNS": "160"}
    return lambda *words: CliRunner().invoke(app, words, env=environment)


@pytest.fixture
def busy(connection: redis.Redis) -> RqQueue:
    """A queue with a job of every state."""
    renders = RqQueue(connection)
    for name in ("m-painting", "m-lost", "m-failed", "m-first", "m-second"):
        renders.submit(job(name), [b"a photo"])
    for name in ("m-painting", "m-lost", "m-failed"):
        connection.lrem("rq:queue:renders", 0, name)
    connection.set(lease_key("m-painting"), "host-1")
    progress = Progress(id="m-painting", fraction=0.25, stage="256 px")
    connection.set(progress_key("m-painting"), progress.model_dump_json())
    connection.zadd("rq:wip:renders", {"m-painting:1": 1, "m-lost:1": 1})
    failed = Failed(id="m-failed", code=FailureCode.DIVERGED, detail="Diverged")
    connection.set(outcome_key("m-failed"), failed.model_dump_json())
    return renders


def states(result: Result) -> dict[str, str]:
    return {each["id"]: each["state"] for each in json.loads(result.stdout)["jobs"]}


def everything(connection: redis.Redis) -> dict[object, Any]:
    """What Redis holds, in a form that reading leaves alone."""
    kinds: dict[object, Callable[[Any], Any]] = {
        b"string": connection.get,
        b"hash": connection.hgetall,
        b"set": connection.smembers,
        b"list": lambda key: connection.lrange(key, 0, -1),
        b"zset": lambda key: connection.zrange(key, 0, -1, withscores=True),
    }
    return {key: kinds[connection.type(key)](key) for key in connection.scan_iter()}


def test_every_state_is_listed(run: Run, busy: RqQueue) -> None:
    assert states(run("queue", "list", "--json")) == {
        "m-painting": "painting",
        "m-first": "queued",
        "m-second": "queued",
        "m-lost": "lost",
    }
    assert states(run("queue", "list", "--all", "--json"))["m-failed"] == "failed"


def test_the_table_is_for_people(run: Run, busy: RqQueue) -> None:
    shown = run("queue", "list", "--all").stdout
    assert "25% 256 px" in shown
    assert "host-1" in shown
    assert "diverged" in shown


@pytest.mark.parametrize("words", [("list",), ("list", "--all"), ("show", "m-lost"), ("show", "m-failed", "--json")])
def test_looking_changes_nothing(
    run: Run, busy: RqQueue, connection: redis.Redis, words: tuple[str, ...], tmp_path: Path
) -> None:
    before = everything(connection)
    assert run("queue", *words).exit_code == 0
    assert run("worker", "list").exit_code == 0
    assert everything(connection) == before
    assert not (tmp_path / "audit.log").exists()


def test_one_job_is_shown_with_what_was_asked(run: Run, busy: RqQueue) -> None:
    shown = json.loads(run("queue", "show", "m-second", "--json").stdout)
    assert (shown["place"], shown["options"], shown["pictures"]) == (2, {"seed": 7}, [KEY, KEY])
    assert run("queue", "show", "m-nobody").exit_code == 1


@pytest.mark.parametrize(
    "words", [("retry", "m-failed"), ("cancel", "m-first"), ("purge",)], ids=lambda words: words[0]
)
def test_nothing_is_destroyed_without_yes(
    run: Run, busy: RqQueue, connection: redis.Redis, words: tuple[str, ...]
) -> None:
    before = everything(connection)
    result = run("queue", *words)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert everything(connection) == before


def test_a_failed_job_is_painted_again(run: Run, busy: RqQueue, tmp_path: Path) -> None:
    told = run("queue", "retry", "m-failed", "--yes")
    assert told.exit_code == 0
    assert "posted only if its mention is still open" in " ".join(told.output.split())
    assert busy.outcome("m-failed") is None
    assert busy.waiting("m-failed").place == 3
    line = json.loads((tmp_path / "audit.log").read_text())
    assert (line["verb"], line["what"]) == ("queue retry", ["m-failed"])
    assert run("queue", "retry", "m-failed", "--yes").exit_code == 1


def test_a_cancelled_job_has_its_outcome(run: Run, busy: RqQueue) -> None:
    assert run("queue", "cancel", "m-first", "--yes").exit_code == 0
    outcome = busy.outcome("m-first")
    assert isinstance(outcome, Failed)
    assert outcome.code is FailureCode.CANCELLED
    assert run("queue", "cancel", "m-first", "--yes").exit_code == 1


def test_a_purge_leaves_what_is_painted(run: Run, busy: RqQueue) -> None:
    assert run("queue", "purge", "--yes").exit_code == 0
    assert busy.depth() == 0
    assert busy.waiting("m-painting").running
    assert busy.outcome("m-second") is not None


def test_a_pause_is_seen_and_ended(run: Run, busy: RqQueue) -> None:
    assert run("queue", "pause").exit_code == 0
    assert json.loads(run("queue", "list", "--json").stdout)["paused"]
    assert "paused" in run("queue", "list").stderr
    assert run("queue", "resume").exit_code == 0
    assert not json.loads(run("queue", "list", "--json").stdout)["paused"]


NASTY = "\x1b]0;x\x07\x1b[2J\u202egnp.exe\u2066[red]\r\n"


def test_stored_text_moves_no_cursor_and_is_no_markup(run: Run, busy: RqQueue, connection: redis.Redis) -> None:
    connection.set(lease_key("m-painting"), NASTY)
    connection.rpush("rq:queue:renders", NASTY)
    connection.hset(f"rq:worker:{NASTY}", mapping={"state": NASTY, "birth": NASTY, "last_heartbeat": NASTY})
    connection.sadd("rq:workers", f"rq:worker:{NASTY}")
    for words in (("queue", "list"), ("queue", "show", "m-painting"), ("worker", "list"), ("queue", "list", "--json")):
        result = run(*words)
        assert result.exit_code == 0
        assert not set(result.stdout) & set("\x1b\x07\u202e\u2066\r")
    assert "[red]" in run("worker", "list").stdout.replace("\n", "")


def test_a_record_that_is_not_ours_is_shown_and_not_run(
    run: Run, busy: RqQueue, connection: redis.Redis, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    data = json.dumps(["os.system", None, [f"touch {canary}"], {}])
    callbacks: dict[Any, Any] = {"failure_callback_name": "os.abort", "created_at": b"\xff", "status": "nonsense"}
    connection.hset("rq:job:m-first", mapping={"data": data, **callbacks})
    connection.hset("rq:job:m-second", "data", b"x\x9c" + b"\0" * 50)
    shown = json.loads(run("queue", "show", "m-first", "--json").stdout)
    assert (shown["state"], shown["options"]) == ("queued", None)
    assert run("queue", "show", "m-second").exit_code == 0
    assert run("queue", "retry", "m-first", "--yes").exit_code == 1
    assert not canary.exists()


def test_workers_are_listed(run: Run, connection: redis.Redis) -> None:
    moment = "2026-11-23T21:00:00.000000Z"
    fields: dict[Any, Any] = {"state": "busy", "birth": moment, "last_heartbeat": moment, "successful_job_count": "3"}
    connection.hset("rq:worker:host-1", mapping={**fields})
    connection.hset("rq:worker:host-2", mapping={**fields, "death": moment})
    connection.sadd("rq:workers", "rq:worker:host-1", "rq:worker:host-2", "rq:worker:gone")
    connection.sadd("rq:worker:host-1:executions", "m-painting:1")
    (view,) = json.loads(run("worker", "list", "--json").stdout)
    assert (view["name"], view["jobs"], view["done"]) == ("host-1", ["m-painting"], 3)


def test_without_redis_the_reason_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(queue.app, ["list"], env={"STYLESMITH_REDIS_URL": f"unix://{tmp_path}/nobody.sock"})
    assert result.exit_code == 69
    assert "Redis does not answer" in result.stderr
