"""`python -m tests.faults.hostile_worker`: a worker that was taken over, with a worker's rights in Redis.

The seed of a job says nothing here; what it hands back is drawn anew for each job.
"""

import argparse
import hashlib
import io
import os
import random
import sys
from collections.abc import Callable

import redis
from PIL import Image, PngImagePlugin

from tests.faults.crashing_worker import CrashingWorker
from tests.faults.quick_painter import paint_quickly
from worker.contract import OUTCOME_TTL_S, WAKE_KEY, Failed, FailureCode, Progress, Rendered, RenderJob, outcome_key
from worker.contract.blobs import Blobs
from worker.process.logs import configure
from worker.service.heartbeat import Heartbeat
from worker.service.release import ReleaseJob
from worker.service.rq_worker import work
from worker.service.supervisor import Supervisor
from worker.settings import WorkerSettings

COMMAND = [sys.executable, "-m", "tests.faults.hostile_worker"]
SECRET = b"secret of the worker's machine"
_dice = random.Random()


def hostile(
    job: RenderJob,
    blobs: Blobs,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], FailureCode | None],
) -> Rendered:
    """Half of the time a painting; else what no painter would hand back."""
    honest = paint_quickly(job, blobs, on_progress, should_stop)
    if _dice.random() < 0.5:
        return honest
    painting = blobs.get(honest.blob) or b""
    made = _dice.choice([_junk, _with_metadata, _with_a_trailer, _page, _huge_header, _many_bytes, _empty, _other_size])
    data = made(painting)
    if _dice.random() < 0.3:
        _elsewhere(job, data)
    blob = blobs.put(data) if _dice.random() < 0.8 else hashlib.sha256(b"nothing").hexdigest()
    lie: dict[str, object] = _dice.choice([{}, {}, {"width_px": 4096}, {"backbone": "<script>"}, {"seconds": 1e300}])
    return honest.model_copy(update={**lie, "blob": blob})


def _junk(painting: bytes) -> bytes:
    return _dice.randbytes(20_000)


def _with_metadata(painting: bytes) -> bytes:
    about, file = PngImagePlugin.PngInfo(), io.BytesIO()
    about.add_text("Comment", SECRET.decode())
    Image.open(io.BytesIO(painting)).save(file, "PNG", pnginfo=about)
    return file.getvalue()


def _with_a_trailer(painting: bytes) -> bytes:
    return painting + b"PK\x03\x04" + SECRET


def _page(painting: bytes) -> bytes:
    return b"<svg xmlns='http://www.w3.org/2000/svg'><script>" + SECRET + b"</script></svg>"


def _huge_header(painting: bytes) -> bytes:
    """A PNG that says it is 60000 pixels wide."""
    return painting[:16] + (60_000).to_bytes(4, "big") * 2 + painting[24:]


def _many_bytes(painting: bytes) -> bytes:
    return painting + bytes(6 * 2**20)


def _empty(painting: bytes) -> bytes:
    return b""


def _other_size(painting: bytes) -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(painting)).resize((640, 33)).save(file, "PNG")
    return file.getvalue()


def _elsewhere(job: RenderJob, data: bytes) -> None:
    """Writes where it has no business: outcomes of others' jobs, the queue, the list that wakes the bot."""
    with redis.Redis.from_url(os.environ["STYLESMITH_REDIS_URL"]) as connection:
        key = hashlib.sha256(data).hexdigest()
        connection.set(f"stylesmith:blob:{key}", data, ex=600)
        lie = Rendered(
            id=job.id, blob=key, format="png", height_px=48, width_px=64, seconds=1, iterations=1, backbone="x", seed=0
        )  # fmt: skip
        for other in connection.lrange("rq:queue:renders", 0, 2):
            text = _dice.choice([lie.model_dump_json().encode(), b"{", b'{"outcome": "rendered"}'])
            connection.set(outcome_key(other.decode()), text, ex=OUTCOME_TTL_S, nx=True)
            connection.lpush(WAKE_KEY, other)
        failed = Failed(id="nobodys-0", code=FailureCode.INTERNAL, detail="x" * 500)
        connection.set(outcome_key("nobodys-0"), failed.model_dump_json(), ex=OUTCOME_TTL_S)
        connection.lpush(WAKE_KEY, *[b"\xff\xfe", b"nobodys-0", b"x" * 10_000, b""])
        connection.rpush("rq:queue:renders", b"../../etc/passwd", b"\xff")


def main() -> None:
    """As worker.__main__."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.hostile_worker")
    parser.add_argument("--pulse", type=int)
    parser.add_argument("--starts", type=int, default=0)
    arguments = parser.parse_args()
    settings = WorkerSettings()
    configure(level=settings.log_level, as_json=False)
    if arguments.pulse is None:
        Supervisor(COMMAND, settings.grace_s, ReleaseJob(settings.redis_address)).run()
        return
    pulse = Heartbeat(arguments.pulse)
    work(settings, hostile, pulse, stall_s=15, starts=arguments.starts, worker_class=CrashingWorker)


if __name__ == "__main__":
    main()
