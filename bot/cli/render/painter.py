"""Paints or estimates one order after the other in this process, with the worker's own engine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.output import EX_CONFIG, give_up
from bot.cli.pictures import Inputs, Unusable
from bot.cli.render.orders import Order
from bot.cli.render.outputs import STDOUT, Output
from bot.cli.render.progress import Screen
from bot.cli.sentences import duration, failed
from worker.contract import Options, Rendered, RenderJob
from worker.contract.blobs import DictBlobs
from worker.process.limits import give_back_freed_memory, keep_freed_memory, limit_spinning
from worker.process.standard_streams import NotPrinted
from worker.settings import WorkerSettings

if TYPE_CHECKING:
    from worker.render.models import Models


_REPORTED = {"width_px", "height_px", "seconds", "iterations", "backbone", "seed", "faces", "unframed"}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one photo: an error in a sentence, or facts for --json."""

    photo: str
    error: str = ""
    facts: dict[str, Any] | None = None


Task = Callable[[int, Order], tuple[str, dict[str, Any]]]
"""Does what is asked for the order at a place; a sentence and the same as facts."""


def run_all(orders: Sequence[Order], task: Task, shown: Screen) -> Iterator[Result]:
    """One order after the other; an error with one keeps no other from being done."""
    from worker.contract.errors import PaintingError  # noqa: PLC0415

    for place, order in enumerate(orders):
        give_back_freed_memory()  # of the one before, so that this one sees what is free
        try:
            sentence, facts = task(place, order)
        except Unusable as unusable:
            error = str(unusable)
        except PaintingError as failure:
            error = failed(order.name, failure.code, str(failure))
        except NotPrinted:
            raise
        except OSError as failure:
            error = f"{order.name}: the painting could not be written ({failure.strerror or failure})."
        else:
            shown.close(place, sentence, good=True)
            yield Result(order.name, facts=facts)
            continue
        shown.close(place, error, good=False)
        yield Result(order.name, error)


def load_models(shown: Screen) -> "Models":
    """The networks. Imports torch, which no other command should wait for. Ends the command without their device."""
    shown.show(0, "loading the network", 0.0, None)
    limit_spinning()
    keep_freed_memory()
    from worker.render.models import DeviceUnavailable, Models  # noqa: PLC0415

    try:
        return Models.of(WorkerSettings())
    except DeviceUnavailable as error:
        give_up(str(error), EX_CONFIG)


@dataclass(frozen=True, slots=True)
class Painting:
    """A Task: paints an order and writes its file, and its film if one is asked for."""

    options: Options
    inputs: Inputs
    shown: Screen
    models: "Models"
    outputs: Sequence[Output]
    film: Output | None

    def __call__(self, place: int, order: Order) -> tuple[str, dict[str, Any]]:
        from worker.render.paint import paint  # noqa: PLC0415

        job, blobs = job_of(order, self.options, self.inputs)
        show = self.shown.show
        rendered = paint(
            job, blobs, self.models, lambda p: show(place, p.stage, p.fraction, p.remaining_s), lambda: None
        )
        where = self.outputs[place].save(blobs.get(rendered.blob) or b"")
        told, facts = _painted(order, where, rendered), _facts(order, where, rendered)
        if not (self.film and rendered.film):
            return told, facts
        film = str(self.film.save(blobs.get(rendered.film) or b""))
        return f"{told}; its film is {film}", facts | {"film": film}


@dataclass(frozen=True, slots=True)
class Estimating:
    """A Task: says what painting an order would take."""

    options: Options
    inputs: Inputs
    models: "Models"

    def __call__(self, place: int, order: Order) -> tuple[str, dict[str, Any]]:
        from worker.render.paint import estimate_job  # noqa: PLC0415

        expected, backbone = estimate_job(*job_of(order, self.options, self.inputs), self.models)
        if expected is None:
            says = "a dream takes seconds on a GPU and up to some minutes on a CPU; it is not estimated."
            return f"{order.name}: {says}", {"seconds": None, "memory_bytes": None}
        tiles = f", in tiles of {expected.tile_px} px" if expected.tile_px else ""
        how = f"{backbone}, {self.models.device.type}; {expected.iterations} iterations{tiles}"
        took = f"about {duration(expected.seconds)} and {expected.peak_bytes / 1e6:,.0f} MB of memory"
        return f"{order.name}: {took} ({how}). Nothing was painted.", {
            "seconds": round(expected.seconds, 1),
            "memory_bytes": round(expected.peak_bytes),
            "iterations": expected.iterations,
            "tile_px": expected.tile_px,
            "backbone": backbone,
            "device": self.models.device.type,
        }


def job_of(order: Order, options: Options, inputs: Inputs) -> tuple[RenderJob, DictBlobs]:
    """The order as a worker gets it, and its pictures as normalised by the decoder. Raises Unusable."""
    blobs = DictBlobs()
    photo = None if order.photo is None else blobs.put(inputs.picture(order.photo))
    styles = tuple(blobs.put(inputs.picture(style.path)) for style in order.styles)
    return RenderJob(id="render", photo=photo, styles=styles, options=options), blobs


def _painted(order: Order, where: Path, rendered: Rendered) -> str:
    protected = {0: "", 1: ", a face protected"}.get(rendered.faces, f", {rendered.faces} faces protected")
    cut = {0: "", 1: ", the style without its frame"}.get(rendered.unframed, ", the styles without their frames")
    size = f"{rendered.width_px} x {rendered.height_px}"
    as_what = "painted" if where == STDOUT else f"painted as {where}"
    took = f"{size}, in {duration(rendered.seconds)} with {rendered.backbone}{protected}{cut}"
    after = " and ".join(style.credit for style in order.styles if style.credit)
    return f"{order.name}: {as_what}, {took}{f', after {after}' if after else ''}"


def _facts(order: Order, where: Path, rendered: Rendered) -> dict[str, Any]:
    asked = {
        "styles": [style.name for style in order.styles],
        "credits": [style.credit for style in order.styles if style.credit],
        "painting": str(where),
    }
    return asked | rendered.model_dump(include=_REPORTED) | {"seconds": round(rendered.seconds, 1)}
