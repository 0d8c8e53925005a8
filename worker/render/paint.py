"""One job, start to finish: blobs -> pixels -> iterates -> the finished file -> blob."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from worker.contract import FailureCode, Kind, Options, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.contract.errors import Cancelled, DeadlinePassed, Diverged, OutOfMemory, PictureMissing
from worker.gatys.guide import Guide
from worker.gatys.memory import SHORTAGES, is_shortage
from worker.gatys.stylize import stylize
from worker.gatys.vgg import Vgg
from worker.render import free_memory, pixels, provenance
from worker.render.deepdream import dream
from worker.render.eta import Estimate, Pace
from worker.render.faces import Face, mask
from worker.render.film import Reel
from worker.render.frames import unframed
from worker.render.models import Models
from worker.render.prepared import Prepared, prepare, recipe_for

__all__ = ["Models", "paint"]

PROGRESS_EVERY_S = 1.0
FIRST_LOOK = 6
"""Iteration that is shown at once, and before which no picture is: from here on it has the style's colours."""

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], FailureCode | None]


class Iterate(Protocol):
    """What the optimisation and the dream yield after each iteration."""

    @property
    def edge_px(self) -> int: ...
    @property
    def fraction(self) -> float: ...
    @property
    def image(self) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class Observer:
    """Callbacks of a render: `on_progress` every `every_s`, `should_stop` before every iteration."""

    job_id: str
    blobs: Blobs
    on_progress: OnProgress
    should_stop: ShouldStop
    every_s: float
    reel: Reel | None = None
    """Where a film is made."""


def paint(
    job: RenderJob,
    blobs: Blobs,
    models: Models,
    on_progress: OnProgress,
    should_stop: ShouldStop,
    *,
    every_s: float = PROGRESS_EVERY_S,
) -> Rendered:
    """Paint a job and store the file. Raises PaintingError.

    on_progress is called every `every_s`, and at once when there is something to see, with a preview in `blobs`;
    should_stop before every iteration.
    """
    began_s = time.monotonic()
    photo, whole = _fetch_all(job, blobs)
    styles = tuple(map(unframed, whole))
    _, backbone = models.network(job.options.backbone)
    faces = models.faces(photo, job.options.faces) if photo is not None and job.options.kind is Kind.STYLE else ()
    observer = Observer(job.id, blobs, on_progress, should_stop, every_s, Reel.of(job.options.film))
    painting, iterations = _optimised(photo, styles, job.options, models, faces=faces, observer=observer)
    film = observer.reel.film(painting, lambda: _check_stop(observer)) if observer.reel else None
    picture = pixels.to_pillow(painting)
    return Rendered(
        id=job.id,
        blob=blobs.put(provenance.encode(picture, job.options, backbone)),
        format=job.options.format,
        height_px=picture.height,
        width_px=picture.width,
        seconds=time.monotonic() - began_s,
        iterations=iterations,
        backbone=backbone,
        seed=job.options.seed,
        faces=len(faces),
        unframed=sum(inside is not style for inside, style in zip(styles, whole, strict=True)),
        film=blobs.put(film) if film else None,
    )


def _optimised(
    photo: Tensor | None,
    styles: Sequence[Tensor],
    options: Options,
    models: Models,
    *,
    faces: Sequence[Face],
    observer: Observer,
) -> tuple[Tensor, int]:
    """The finished painting and the number of iterations. Raises PaintingError."""
    net, backbone = models.network(options.backbone)
    try:
        prepared = prepare(photo, styles, options)
        guide = (
            Guide(mask(faces, (photo.shape[-2], photo.shape[-1])).to(models.device))
            if faces and photo is not None
            else None
        )
        expected = _estimated(prepared, options, models, net, backbone)
        begun_s = time.monotonic()
        painted = _observed(iterates(prepared, options, net, guide), prepared.finish, observer, expected)
        if expected:
            models.forecast.learn(backbone, expected.seconds, time.monotonic() - begun_s)
    except SHORTAGES as error:
        if not is_shortage(error):
            raise
        raise OutOfMemory(f"{type(error).__name__} at {options.edge_px} px") from error
    return painted


def estimate_job(job: RenderJob, blobs: Blobs, models: Models) -> tuple[Estimate | None, str]:
    """What a job will take, and with which network; of a dream, nobody knows. Raises PaintingError."""
    net, backbone = models.network(job.options.backbone)
    photo, styles = _fetch_all(job, blobs)
    prepared = prepare(photo, tuple(map(unframed, styles)), job.options)
    return _estimated(prepared, job.options, models, net, backbone), backbone


def iterates(prepared: Prepared, options: Options, net: Vgg, guide: Guide | None = None) -> Iterator[Iterate]:
    """The painting growing; the last iterate is finished."""
    if options.kind is Kind.DREAM and prepared.photo is not None:
        inspiration = prepared.styles[0] if prepared.styles else None
        return dream(
            prepared.photo, net, options.layer, seed=options.seed, strength=options.strength, guide=inspiration
        )
    recipe = recipe_for(prepared.photo, options)
    budget_bytes = free_memory.budget_bytes(net.mean.device)
    return stylize(
        prepared.photo, prepared.styles, recipe, net, seed=options.seed, budget_bytes=budget_bytes, guide=guide
    )


def _estimated(prepared: Prepared, options: Options, models: Models, net: Vgg, backbone: str) -> Estimate | None:
    if options.kind is Kind.DREAM:
        return None
    recipe = recipe_for(prepared.photo, options)
    size = (
        (recipe.edge_px, recipe.edge_px)
        if prepared.photo is None
        else (prepared.photo.shape[-2], prepared.photo.shape[-1])
    )
    return models.forecast.of(size, recipe, net, backbone)


def _fetch_all(job: RenderJob, blobs: Blobs) -> tuple[Tensor | None, list[Tensor]]:
    photo = None if job.photo is None or job.options.kind is Kind.TEXTURE else _fetch(job.photo, blobs)
    return photo, [_fetch(style, blobs) for style in job.styles]


def _fetch(key: str, blobs: Blobs) -> Tensor:
    data = blobs.get(key)
    if data is None:
        raise PictureMissing(key)
    return pixels.decode(data)


def _observed(
    growing: Iterator[Iterate],
    finish: Callable[[Tensor], Tensor],
    observer: Observer,
    expected: Estimate | None,
) -> tuple[Tensor, int]:
    """The finished painting and the number of iterations, having shown the way there."""
    pace, shown_s = Pace(expected.seconds if expected else None), time.monotonic()
    pace.remaining_s(shown_s, 0.0)
    last, iterations = None, 0
    _check_stop(observer)
    for last in growing:
        iterations += 1
        _check_stop(observer)
        if observer.reel:
            observer.reel.add(last.image, finish)
        now_s = time.monotonic()
        if now_s - shown_s >= observer.every_s or iterations == FIRST_LOOK:
            shown_s, remaining_s = now_s, pace.remaining_s(now_s, last.fraction)
            _show(last, finish if iterations >= FIRST_LOOK else None, remaining_s, observer)
    if last is None or not bool(torch.isfinite(last.image).all()):
        raise Diverged(f"no finite picture after {iterations} iterations")
    return finish(last.image), iterations


def _show(
    iterate: Iterate, finish: Callable[[Tensor], Tensor] | None, remaining_s: float | None, observer: Observer
) -> None:
    """Tell how far the painting is, and show it where it can be finished."""
    preview = None
    if finish is not None:
        small = finish(pixels.shrunk(iterate.image.float(), pixels.PREVIEW_EDGE_PX))
        preview = observer.blobs.put(pixels.preview(small))
    observer.on_progress(
        Progress(
            id=observer.job_id,
            fraction=min(1.0, iterate.fraction),
            stage=f"{iterate.edge_px} px",
            remaining_s=remaining_s,
            preview=preview,
        )
    )


def _check_stop(observer: Observer) -> None:
    match observer.should_stop():
        case None:
            return
        case FailureCode.DEADLINE:
            raise DeadlinePassed("the job's deadline passed")
        case _:
            raise Cancelled("stopped on request")
