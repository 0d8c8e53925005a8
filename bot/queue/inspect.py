"""Queue and workers for operators: reads only, and checks everything that it reads."""

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import redis
from pydantic import ValidationError
from rq.job import Job
from rq.utils import utcparse

from worker.contract import OUTCOME, QUEUE, Failed, Progress, Rendered, RenderJob, lease_key, outcome_key, progress_key

_QUEUE = f"rq:queue:{QUEUE}"
_WORKERS = "rq:workers"
_LARGEST_PAYLOAD = 1_000_000
Told = TypeVar("Told")


class State(StrEnum):
    """Where a job is, as Redis shows it; the bot's ledger knows better."""

    QUEUED = "queued"
    PAINTING = "painting"
    LOST = "lost"
    """A worker took it and is gone; the bot sends it again."""
    RENDERED = "rendered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobView:
    """One job. Texts come from Redis and may hold anything: show them by bot.text.printable."""

    id: str
    state: State
    place: int = 0
    """In the queue, from 1."""
    worker: str = ""
    progress: Progress | None = None
    outcome: Rendered | Failed | None = None
    enqueued_at: datetime | None = None
    job: RenderJob | None = None
    """None when the record is gone or is no job of ours."""


@dataclass(frozen=True, slots=True)
class WorkerView:
    name: str
    state: str
    jobs: tuple[str, ...]
    heard_at: datetime | None
    """Its newest sign of life; a living worker gives one every few seconds."""
    since: datetime | None
    done: int


class QueueView:
    """Reads Redis with plain commands: RQ's own listings clean up, which sends jobs again and runs callbacks."""

    def __init__(self, connection: redis.Redis) -> None:
        self._redis = connection

    def paused(self) -> bool:
        return bool(self._redis.exists("rq:suspended"))

    def waiting(self) -> list[str]:
        """Ids in the queue, the next first."""
        return [_text(name) for name in self._redis.lrange(_QUEUE, 0, -1)]

    def leased(self) -> list[str]:
        """Ids of jobs that are being painted."""
        return sorted(self._suffixes(lease_key("*")))

    def jobs(self, *, ended: bool = False) -> Iterator[JobView]:
        """Painted, queued and lost jobs; then, if asked, ended ones."""
        leased = self.leased()
        queued = self.waiting()
        over = set(self._suffixes(outcome_key("*")))
        yield from (self._view(name, State.PAINTING) for name in leased)
        yield from (self._view(name, State.QUEUED, place) for place, name in enumerate(queued, 1))
        began = {name.split(":")[0] for name in map(_text, self._redis.zrange(f"rq:wip:{QUEUE}", 0, -1))}
        began |= set(map(_text, self._redis.lrange(f"{_QUEUE}:intermediate", 0, -1)))
        yield from (self._view(name, State.LOST) for name in sorted(began - {*leased, *queued} - over))
        if ended:
            yield from (self._ended(name) for name in sorted(over - set(leased)))

    def job(self, job_id: str) -> JobView | None:
        if self._redis.exists(lease_key(job_id)):
            return self._view(job_id, State.PAINTING)
        if (index := self._redis.lpos(_QUEUE, job_id)) is not None:
            return self._view(job_id, State.QUEUED, int(index) + 1)  # type: ignore[arg-type]  # one rank was asked for
        if self._redis.exists(outcome_key(job_id)):
            return self._ended(job_id)
        return self._view(job_id, State.LOST) if self._redis.exists(Job.key_for(job_id)) else None

    def workers(self) -> list[WorkerView]:
        """Workers with a sign of life in the last minute and a half."""
        names = sorted(_text(key) for key in self._redis.smembers(_WORKERS))
        return [view for view in map(self._worker, names) if view is not None]

    def _worker(self, key: str) -> WorkerView | None:
        fields = {_text(name): _text(value) for name, value in self._redis.hgetall(key).items()}
        if not fields or "death" in fields:
            return None
        executions = self._redis.smembers(f"{key}:executions")
        return WorkerView(
            name=key.removeprefix("rq:worker:"),
            state=fields.get("state", ""),
            jobs=tuple(sorted(_text(member).split(":")[0] for member in executions)),
            heard_at=_time(fields.get("last_heartbeat")),
            since=_time(fields.get("birth")),
            done=int(fields["successful_job_count"]) if fields.get("successful_job_count", "").isdigit() else 0,
        )

    def _view(self, job_id: str, state: State, place: int = 0) -> JobView:
        data, enqueued_at = self._redis.hmget(Job.key_for(job_id), "data", "enqueued_at")
        return JobView(
            id=job_id,
            state=state,
            place=place,
            worker=_text(self._redis.get(lease_key(job_id)) or b""),
            progress=read_progress(self._redis.get(progress_key(job_id))),
            enqueued_at=_time(_text(enqueued_at or b"")),
            job=_payload(data),
        )

    def _ended(self, job_id: str) -> JobView:
        outcome = _read(OUTCOME.validate_json, self._redis.get(outcome_key(job_id)))
        view = self._view(job_id, State.RENDERED if isinstance(outcome, Rendered) else State.FAILED)
        return JobView(job_id, view.state, outcome=outcome, enqueued_at=view.enqueued_at, job=view.job)

    def _suffixes(self, pattern: str) -> Iterator[str]:
        for key in self._redis.scan_iter(pattern, count=1000):
            yield _text(key).removeprefix(pattern.rstrip("*"))


def _payload(data: Any) -> RenderJob | None:
    """The job inside RQ's record. JSON only, within limits; nothing that it names is imported."""
    if not isinstance(data, bytes):
        return None
    try:
        text = zlib.decompressobj().decompress(data, _LARGEST_PAYLOAD)
        _, _, (payload,), _ = json.loads(text)
        return RenderJob.model_validate(payload)
    except (zlib.error, ValueError, TypeError, ValidationError, RecursionError):
        return None


def read_progress(text: Any) -> Progress | None:
    """What a worker wrote about a job; None where it is nothing of the kind."""
    return _read(Progress.model_validate_json, text)


def _read(kind: Callable[[Any], Told], text: Any) -> Told | None:
    try:
        return kind(text) if text else None
    except ValidationError:
        return None


def _time(text: str | None) -> datetime | None:
    try:
        return utcparse(text) if text else None
    except ValueError:
        return None


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
