"""A fake render queue with its worker in one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import TransportDown, TransportFull
from bot.ports import Waiting
from worker.contract import Failed, FailureCode, Format, Progress, Rendered, RenderJob


@dataclass
class FakeQueue:
    """A queue and its worker in one: `paint` works off what is queued."""

    queue: list[RenderJob] = field(default_factory=list)
    running: list[RenderJob] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    outcomes: dict[str, Rendered | Failed] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    submitted: list[str] = field(default_factory=list)
    settled: list[tuple[str, ...]] = field(default_factory=list)
    painted: int = 0
    is_down: bool = False
    is_full: bool = False

    def submit(self, job: RenderJob, pictures: Sequence[bytes], *, at_front: bool = False) -> None:
        self._up()
        if self.is_full:
            raise TransportFull("the fake is full")
        self.blobs.update({hashlib.sha256(data).hexdigest(): data for data in pictures})
        if any(job.id == other.id for other in (*self.queue, *self.running)) or job.id in self.outcomes:
            return
        self.submitted.append(job.id)
        self.queue.insert(0 if at_front else len(self.queue), job)

    def outcome(self, job_id: str) -> Rendered | Failed | None:
        self._up()
        return self.outcomes.get(job_id)

    def painting(self, outcome: Rendered) -> bytes | None:
        self._up()
        return self.blobs.get(outcome.shown)

    def waiting(self, job_id: str) -> Waiting:
        self._up()
        if any(job.id == job_id for job in self.running):
            return Waiting(known=True, running=True)
        places = [place for place, job in enumerate(self.queue, 1) if job.id == job_id]
        return Waiting(known=bool(places), place=sum(places), died=job_id in self.dead)

    def progress(self, job_id: str) -> Progress | None:
        return None

    def cancel(self, job_id: str) -> None:
        self._up()
        self.queue = [job for job in self.queue if job.id != job_id]

    def discard(self, job_id: str) -> None:
        self._up()
        self.cancel(job_id)
        self.running = [job for job in self.running if job.id != job_id]
        self.outcomes.pop(job_id, None)
        self.dead.discard(job_id)

    def settle(self, job_ids: Sequence[str], blobs: Sequence[str]) -> None:
        self._up()
        self.settled.append((*job_ids,))
        for key in blobs:
            self.blobs.pop(key, None)

    def sweep(self) -> None:
        self._up()

    def depth(self) -> int:
        self._up()
        return len(self.queue)

    def wait(self, limit_s: float) -> Sequence[str]:
        self._up()
        return ()

    def used_share(self) -> float:
        self._up()
        return float(self.is_full)

    def make_room(self) -> Sequence[str]:
        """Takes everything back that waits."""
        self._up()
        taken = [job.id for job in self.queue] if self.is_full else []
        for name in taken:
            self.cancel(name)
        return taken

    def paint(self, code: FailureCode | None = None) -> None:
        """Works off everything that is queued, with a painting or (`code`) a failure each."""
        for job in self.queue:
            missing = any(key not in self.blobs for key in (job.photo, *job.styles) if key)
            if code or missing:
                self.outcomes[job.id] = Failed(id=job.id, code=code or FailureCode.PICTURE_MISSING)
                continue
            self.painted += 1
            data = f"painting of {job.id}".encode()
            key = hashlib.sha256(data).hexdigest()
            self.blobs[key] = data
            self.outcomes[job.id] = Rendered(
                id=job.id, blob=key, format=Format.JPEG, height_px=384, width_px=512, seconds=20, iterations=200,
                backbone="lite", seed=0,
            )  # fmt: skip
        self.queue.clear()

    def start(self) -> None:
        """A worker takes the first job."""
        self.running.append(self.queue.pop(0))

    def worker_dies(self) -> None:
        """What was running leaves its record behind and nothing else."""
        self.dead.update(job.id for job in self.running)
        self.running.clear()

    def flush(self) -> None:
        """FLUSHALL."""
        for store in (self.queue, self.running, self.dead, self.outcomes, self.blobs):
            store.clear()

    def _up(self) -> None:
        if self.is_down:
            raise TransportDown("the fake is down")
