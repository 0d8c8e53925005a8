"""A painter of milliseconds in place of torch, and the ways in which painters go wrong; the seed says which."""

import io
import os
import signal
import time
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path

from PIL import Image

from worker.contract import FailureCode, Format, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.contract.errors import Cancelled, DeadlinePassed, Diverged, PictureMissing

STEPS = 10
LARGE_BYTES = 2**27


class Way(IntEnum):
    """What a seed makes of the painter. Every other seed paints as it should."""

    HANGS = 9001
    """Stops between two iterations, without ever asking again."""
    DEAF = 9002
    """Goes on and on, heeding nothing."""
    POISON = 9003
    """Ends its process each time."""
    BROKEN = 9004
    """Raises what nobody expects."""
    DEVICE = 9005
    """Raises what CUDA raises when the device is lost."""
    LONG = 9006
    """Takes a minute, heeding what it is told."""
    LARGE = 9007
    """Fails with much memory in use."""


def paint_quickly(
    job: RenderJob,
    blobs: Blobs,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], FailureCode | None],
) -> Rendered:
    """The photo in the mean colour of the style: quick, and its bytes depend on both."""
    began_s = time.monotonic()
    _count()
    photo, style = (_open(blobs, key) for key in (job.photo, job.styles[0]))
    steps = 1200 if job.options.seed == Way.LONG else STEPS
    for step in range(steps):
        _heed(should_stop, deaf=job.options.seed == Way.DEAF)
        _go_wrong(job.options.seed, step)
        time.sleep(float(os.environ.get("SKETCH_S", "0.05")) / STEPS)
        on_progress(Progress(id=job.id, fraction=step / steps, stage="sketch"))
    painting = Image.blend(photo, style.resize((1, 1)).resize(photo.size), 0.5)
    file = io.BytesIO()
    painting.save(file, "PNG")
    return Rendered(
        id=job.id,
        blob=blobs.put(file.getvalue()),
        format=Format.PNG,
        height_px=painting.height,
        width_px=painting.width,
        seconds=time.monotonic() - began_s,
        iterations=steps,
        backbone="sketch",
        seed=job.options.seed,
    )


def _count() -> None:
    """One byte a painting begun, for the harness to see how much was painted twice."""
    if log := os.environ.get("SKETCH_LOG"):
        with Path(log).open("ab") as file:
            file.write(b".")


def _heed(should_stop: Callable[[], FailureCode | None], *, deaf: bool) -> None:
    match should_stop():
        case FailureCode.DEADLINE if not deaf:
            raise DeadlinePassed
        case FailureCode.CANCELLED if not deaf:
            raise Cancelled


def _go_wrong(seed: int, step: int) -> None:
    if step < STEPS // 2:
        return
    match seed:
        case Way.HANGS:
            time.sleep(3600)
        case Way.DEAF:
            time.sleep(60 / STEPS)
        case Way.POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        case Way.BROKEN:
            raise ValueError("text of a user")
        case Way.DEVICE:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")
        case Way.LARGE:
            tensors = bytearray(LARGE_BYTES)
            tensors[::4096] = bytes(len(tensors) // 4096)
            raise Diverged(str(len(tensors)))


def _open(blobs: Blobs, key: str | None) -> Image.Image:
    data = blobs.get(key or "")
    if data is None:
        raise PictureMissing(key)
    return Image.open(io.BytesIO(data)).convert("RGB")
