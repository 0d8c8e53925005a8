"""One job, start to finish: blobs -> pixels -> iterates -> the finished file -> blob."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from worker.contract import Colours, FailureCode, Kind, Options, Progress, Rendered, RenderJob
from worker.contract.blobs import Blobs
from worker.contract.errors import Cancelled, DeadlinePassed, Diverged, OutOfMemory, PictureMissing
from worker.gatys.guide import Guide
from worker.gatys.memory import SHORTAGES, is_shortage
from worker.gatys.recipe import Recipe
from worker.gatys.scales import fitted, resized
from worker.gatys.stylize import stylize
from worker.gatys.vgg import Vgg
from worker.render import colour, fine_chroma, free_memory, pixels, provenance
from worker.render.deepdream import dream
from worker.render.estimate import Estimate
from worker.render.faces import Face, mask
from worker.render.film import Reel
from worker.render.frames import unframed
from worker.render.gamut import Gamut
from worker.render.models import Studio
from worker.render.pace import Pace

__all__ = ["Studio", "paint"]

PROGRESS_EVERY_S = 1.0
FIRST_LOOK = 6
"""Iteration that is shown at once, and before which no picture is: from here on it has the style's colours."""

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], FailureCode | None]


class Shown(Protocol):
    """What an iterate of any kind of painting shows."""

    @property
    def edge_px(self) -> int: ...
    @property
    def fraction(self) -> float: ...
    @property
    def image(self) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who follows a painting: told every `every_s` how far it is, asked before every iteration whether to go on."""

    job_id: str
    blobs: Blobs
    on_progress: OnProgress
    should_stop: ShouldStop
    every_s: float
    reel: Reel | None = None
    """Where a film is made."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """The pictures of a job as the painter gets them, and what is done to the painting afterwards."""

    photo: Tensor | None
    styles: tuple[Tensor, ...]
    finish: Callable[[Tensor], Tensor]
    """From what the optimisation made, of any size, to the painting: keeps to the colours of the pictures, or gives the
    photo's chroma back after painting in grey.
    """


def paint(
    job: RenderJob,
    blobs: Blobs,
    studio: Studio,
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
    _, backbone = studio.network(job.options.backbone)
    faces = studio.faces(photo, job.options.faces) if photo is not None and job.options.kind is Kind.STYLE else ()
    onlooker = Onlooker(job.id, blobs, on_progress, should_stop, every_s, Reel.of(job.options.film))
    painting, iterations = _optimised(photo, styles, job.options, studio, faces=faces, onlooker=onlooker)
    film = onlooker.reel.film(painting, lambda: _heed(onlooker)) if onlooker.reel else None
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
    studio: Studio,
    *,
    faces: Sequence[Face],
    onlooker: Onlooker,
) -> tuple[Tensor, int]:
    """The finished painting and the number of iterations. Raises PaintingError."""
    net, backbone = studio.network(options.backbone)
    try:
        sitting = prepare(photo, styles, options)
        guide = Guide(mask(faces, _size(photo)).to(studio.device)) if faces and photo is not None else None
        expected = _foretold(sitting, options, studio, net, backbone)
        begun_s = time.monotonic()
        painted = _watched(iterates(sitting, options, net, guide), sitting.finish, onlooker, expected)
        if expected:
            studio.forecast.learn(backbone, expected.seconds, time.monotonic() - begun_s)
    except SHORTAGES as error:
        if not is_shortage(error):
            raise
        raise OutOfMemory(f"{type(error).__name__} at {options.edge_px} px") from error
    return painted


def foretell(job: RenderJob, blobs: Blobs, studio: Studio) -> tuple[Estimate | None, str]:
    """What a job will take, and with which network; of a dream, nobody knows. Raises PaintingError."""
    net, backbone = studio.network(job.options.backbone)
    photo, styles = _fetch_all(job, blobs)
    sitting = prepare(photo, tuple(map(unframed, styles)), job.options)
    return _foretold(sitting, job.options, studio, net, backbone), backbone


def prepare(photo: Tensor | None, styles: Sequence[Tensor], options: Options) -> Sitting:
    """The photo at the painting's size, and the colours arranged as asked."""
    if photo is None:
        styles = _as_large_as_seen(styles, options.edge_px, options)
        return Sitting(None, styles, _in_their_colours((), styles, options.edge_px * options.style_scale))
    photo = resized(photo, pixels.painting_size(*_size(photo), options.edge_px))
    styles = _as_large_as_seen(styles, max(_size(photo)), options)
    if options.colours is Colours.STATISTICS and options.kind is Kind.STYLE:
        styles = tuple(colour.match_statistics(style, photo) for style in styles)
    if options.colours is Colours.LUMINANCE and options.kind is Kind.STYLE:
        greys = tuple(colour.match_luminance(style, photo) for style in styles)
        return Sitting(colour.grey(photo), greys, lambda painting: _recoloured(painting, photo))
    if options.kind is Kind.DREAM:
        return Sitting(photo, styles, _as_is)
    return Sitting(photo, styles, _in_their_colours((photo,), styles, max(_size(photo)) * options.style_scale))


def _as_large_as_seen(styles: Sequence[Tensor], edge_px: int, options: Options) -> tuple[Tensor, ...]:
    """Styles without the pixels that a painting of this long side has no use for: every scale would resize them all."""
    return tuple(pixels.shrunk(style, edge_px * options.style_scale) for style in styles)


def _in_their_colours(
    photos: Sequence[Tensor], styles: Sequence[Tensor], style_px: float
) -> Callable[[Tensor], Tensor]:
    """Keeps a painting to its pictures' colours, and its fine chroma to the level of the styles at style_px."""
    gamut = Gamut.of([*photos, *styles])
    style_px = min(style_px, pixels.MAX_EDGE_PX)
    levels = [fine_chroma.level(resized(style, fitted(_size(style), style_px))) for style in styles]
    most = torch.stack(levels).mean(0)
    return lambda painting: gamut.kept(fine_chroma.held(painting.float().cpu(), most))


def iterates(sitting: Sitting, options: Options, net: Vgg, guide: Guide | None = None) -> Iterator[Shown]:
    """The painting growing; the last iterate is finished."""
    if options.kind is Kind.DREAM and sitting.photo is not None:
        inspiration = sitting.styles[0] if sitting.styles else None
        return dream(sitting.photo, net, options.layer, seed=options.seed, strength=options.strength, guide=inspiration)
    recipe = _recipe(sitting, options)
    budget_bytes = free_memory.budget_bytes(net.mean.device)
    return stylize(
        sitting.photo, sitting.styles, recipe, net, seed=options.seed, budget_bytes=budget_bytes, guide=guide
    )


def _foretold(sitting: Sitting, options: Options, studio: Studio, net: Vgg, backbone: str) -> Estimate | None:
    if options.kind is Kind.DREAM:
        return None
    recipe = _recipe(sitting, options)
    size = (recipe.edge_px, recipe.edge_px) if sitting.photo is None else _size(sitting.photo)
    return studio.forecast.of(size, recipe, net, backbone)


def _recipe(sitting: Sitting, options: Options) -> Recipe:
    recipe = Recipe.of(options)
    return recipe if sitting.photo is None else replace(recipe, edge_px=max(_size(sitting.photo)))


def _fetch_all(job: RenderJob, blobs: Blobs) -> tuple[Tensor | None, list[Tensor]]:
    photo = None if job.photo is None or job.options.kind is Kind.TEXTURE else _fetch(job.photo, blobs)
    return photo, [_fetch(style, blobs) for style in job.styles]


def _fetch(key: str, blobs: Blobs) -> Tensor:
    data = blobs.get(key)
    if data is None:
        raise PictureMissing(key)
    return pixels.decode(data)


def _watched(
    growing: Iterator[Shown],
    finish: Callable[[Tensor], Tensor],
    onlooker: Onlooker,
    expected: Estimate | None,
) -> tuple[Tensor, int]:
    """The finished painting and the number of iterations, having shown the way there."""
    pace, shown_s = Pace(expected.seconds if expected else None), time.monotonic()
    pace.remaining_s(shown_s, 0.0)
    last, iterations = None, 0
    _heed(onlooker)
    for last in growing:
        iterations += 1
        _heed(onlooker)
        if onlooker.reel:
            onlooker.reel.add(last.image, finish)
        now_s = time.monotonic()
        if now_s - shown_s >= onlooker.every_s or iterations == FIRST_LOOK:
            shown_s, remaining_s = now_s, pace.remaining_s(now_s, last.fraction)
            _show(last, finish if iterations >= FIRST_LOOK else None, remaining_s, onlooker)
    if last is None or not bool(torch.isfinite(last.image).all()):
        raise Diverged(f"no finite picture after {iterations} iterations")
    return finish(last.image), iterations


def _show(
    iterate: Shown, finish: Callable[[Tensor], Tensor] | None, remaining_s: float | None, onlooker: Onlooker
) -> None:
    """Tell how far the painting is, and show it where it can be finished."""
    preview = None
    if finish is not None:
        small = finish(pixels.shrunk(iterate.image.float(), pixels.PREVIEW_EDGE_PX))
        preview = onlooker.blobs.put(pixels.preview(small))
    onlooker.on_progress(
        Progress(
            id=onlooker.job_id,
            fraction=min(1.0, iterate.fraction),
            stage=f"{iterate.edge_px} px",
            remaining_s=remaining_s,
            preview=preview,
        )
    )


def _heed(onlooker: Onlooker) -> None:
    match onlooker.should_stop():
        case None:
            return
        case FailureCode.DEADLINE:
            raise DeadlinePassed("the job's deadline passed")
        case _:
            raise Cancelled("stopped on request")


def _as_is(painting: Tensor) -> Tensor:
    return painting


def _recoloured(painting: Tensor, photo: Tensor) -> Tensor:
    height, width = _size(painting)
    return colour.recolour(painting.float().cpu(), resized(photo, (height, width)))


def _size(image: Tensor) -> tuple[int, int]:
    return image.shape[-2], image.shape[-1]
