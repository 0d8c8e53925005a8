"""`stylesmith render`: paint pictures on this machine, without a queue or an account."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from pydantic import ValidationError

from bot.cli.inputs import Inputs, Unusable, inputs
from bot.cli.operator import AsJson, as_json, checked, give_up, needs_painter, say, settings
from bot.cli.orders import Order, complaint_about, sort_pictures, style_file
from bot.cli.outputs import STDOUT, FileFormat, Output, Wish, film_kind, film_of, format_of, outputs, save_film
from bot.cli.screen import Screen, screen
from bot.cli.sentences import duration, failed
from bot.text import inert
from worker.contract import (
    SEEDS,
    STRENGTHS,
    STYLE_SCALES,
    Colours,
    DreamLayer,
    Faces,
    Init,
    Kind,
    Options,
    Progress,
    Rendered,
    RenderJob,
)
from worker.contract.blobs import DictBlobs
from worker.process.limits import limit_spinning
from worker.settings import WorkerSettings

MOST_STYLES: Final = 8
"""As worker.contract.RenderJob allows."""

_HOUSE = Options()
_EDGES = (64, 4096)

Photo = Annotated[str, typer.Argument(metavar="PHOTO", help="The photo.")]
More = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="STYLE",
        help="One or more paintings: files, or names of house styles. With --style these are photos, too.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="FILE", help="Where the painting goes: .jpg, .png or .webp; - is standard output. "
        "Without it, a new name beside the photo.",
    ),
]  # fmt: skip
OutDir = Annotated[Path | None, typer.Option("--out-dir", metavar="FOLDER", help="Folder for the paintings.")]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there; never over a photo or style.")]
Style = Annotated[
    list[str] | None, typer.Option("--style", metavar="STYLE", help="A style; give it again to blend several.")
]
Size = Annotated[int, typer.Option("--size", min=_EDGES[0], max=_EDGES[1], help="Long side of the painting in pixels.")]
Seed = Annotated[int, typer.Option(min=SEEDS[0], max=SEEDS[1], help="The same seed paints the same picture.")]
Backbone = Annotated[Literal["auto", "lite", "vgg19"], typer.Option(help="The network that looks at the pictures.")]
Strength = Annotated[
    int,
    typer.Option(min=STRENGTHS[0], max=STRENGTHS[1], help="0 is nearly the photo, 100 nearly only the style."),
]
Scale = Annotated[
    float,
    typer.Option(min=STYLE_SCALES[0], max=STYLE_SCALES[1], help="Size of the strokes; 2 makes them twice as large."),
]
Weights = Annotated[str, typer.Option(metavar="NUMBERS", help="Shares of several styles, such as 2,1.")]
Keep = Annotated[Colours, typer.Option(help="Whose colours: the style's, or the photo's in one of two ways.")]
Protect = Annotated[Faces, typer.Option(help="Whether faces are kept recognisable.")]
Start = Annotated[Init, typer.Option(help="Where the painting starts.")]
Dream = Annotated[DreamLayer | None, typer.Option(help="Deep Dream instead; a second picture guides it.")]
Texture = Annotated[bool, typer.Option("--texture", help="No photo: a texture of the styles.")]
Estimate = Annotated[bool, typer.Option("--estimate", help="Say what it will take, and paint nothing.")]
Timelapse = Annotated[
    Path | None,
    typer.Option("--timelapse", metavar="FILE", help="Also a short silent film of it growing: .mp4, or .gif."),
]
As = Annotated[FileFormat | None, typer.Option("--format", help="Else by the name of --out, else jpeg.")]


def render(
    photo: Photo,
    more: More = None,
    *,
    out: Out = None,
    out_dir: OutDir = None,
    style: Style = None,
    force: Force = False,
    size: Size = _HOUSE.edge_px,
    backbone: Backbone = "auto",
    seed: Seed = _HOUSE.seed,
    strength: Strength = _HOUSE.strength,
    scale: Scale = _HOUSE.style_scale,
    weights: Weights = "",
    colours: Keep = _HOUSE.colours,
    faces: Protect = _HOUSE.faces,
    init: Start = _HOUSE.init,
    dream: Dream = None,
    texture: Texture = False,
    file_format: As = None,
    estimate: Estimate = False,
    timelapse: Timelapse = None,
    json: AsJson = False,
) -> None:
    """Paint a photo in the style of one or more paintings, here and now.

    Exit status: 0 all is painted, 1 something is not, 2 nothing could be begun.
    """
    if dream and texture:
        give_up("Choose --dream or --texture, not both.", 2)
    wish = Wish(out, out_dir, file_format, force)
    options = _options(
        kind=Kind.DREAM if dream else Kind.TEXTURE if texture else Kind.STYLE,
        edge_px=size,
        backbone=backbone,
        seed=seed,
        strength=strength,
        style_scale=scale,
        weights=_weights(weights),
        colours=colours,
        faces=faces,
        init=init,
        layer=dream or _HOUSE.layer,
        format=format_of(wish).painted_as,
        film=film_kind(timelapse),
    )
    if json and out == STDOUT:
        give_up("--json and --out - both want standard output.", 2)
    settings()
    checked(WorkerSettings)
    needs_painter()
    with ExitStack() as running:
        opened = running.enter_context(inputs(options))
        orders, results = _orders([photo, *(more or [])], style or [], options, opened)
        places = None if estimate else outputs(orders, wish, options)
        film = film_of(timelapse, orders, places, wish) if places else None
        shown = running.enter_context(screen([order.name for order in orders]))
        results += _serve_all(orders, _server(options, opened, shown, places, film), shown)
    _report(results, estimate=estimate, json=json, to_stdout=out == STDOUT)
    if any(result.trouble for result in results):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one photo."""

    photo: str
    trouble: str = ""
    facts: dict[str, Any] | None = None


def _weights(text: str) -> tuple[float, ...]:
    try:
        return tuple(map(float, text.replace(",", " ").split()))
    except ValueError:
        give_up(f"--weights: numbers with commas between them, such as 2,1; not {text}.", 2)


def _options(**asked: object) -> Options:
    try:
        return Options.model_validate(asked)
    except ValidationError:
        give_up("--weights: numbers above 0, and 1000 at most.", 2)  # all others have been within their bounds


def _orders(
    pictures: Sequence[str], styles: Sequence[str], options: Options, opened: Inputs
) -> tuple[list[Order], list[Result]]:
    """What to paint, every picture of it seen to be one, and the photos that are none. Ends where nothing is left."""
    photos, names = sort_pictures(pictures, styles, options.kind)
    if len(names) > MOST_STYLES:
        give_up("Eight styles are the most.", 2)
    if options.weights and len(options.weights) != len(names):
        give_up("--weights needs one number for each style.", 2)
    files = tuple(map(style_file, names))
    for file in files:
        if trouble := _trouble(file.path, opened):
            give_up(trouble, 2)
    if not photos:
        return [Order(None, files)], []
    found = {photo: complaint_about(photo) or _trouble(Path(photo), opened) for photo in dict.fromkeys(photos)}
    for trouble in filter(None, found.values()):
        say(trouble)
    if all(found.values()):
        raise typer.Exit(2)
    good = [Order(Path(photo), files) for photo in photos if not found[photo]]
    return good, [Result(photo, trouble) for photo, trouble in found.items() if trouble]


def _trouble(path: Path, opened: Inputs) -> str:
    try:
        opened.picture(path)
    except Unusable as unusable:
        return str(unusable)
    return ""


Serve = Callable[[int, Order], tuple[str, dict[str, Any]]]
"""Does what is asked for one order: what to say about it, and the same as facts."""


def _serve_all(orders: Sequence[Order], serve: Serve, shown: Screen) -> Iterator[Result]:
    """One after the other; what goes wrong with one does not keep the others from being served."""
    from worker.contract.errors import PaintingError  # noqa: PLC0415

    for place, order in enumerate(orders):
        try:
            sentence, facts = serve(place, order)
        except Unusable as unusable:
            trouble = str(unusable)
        except PaintingError as failure:
            trouble = failed(order.name, failure.code, str(failure))
        except OSError as error:
            trouble = f"{order.name}: the painting could not be written ({error.strerror or error})."
        else:
            shown.close(place, sentence, good=True)
            yield Result(order.name, facts=facts)
            continue
        shown.close(place, trouble, good=False)
        yield Result(order.name, trouble)


def _server(
    options: Options, opened: Inputs, shown: Screen, places: Sequence[Output] | None, film: Path | None
) -> Serve:
    """What makes one painting and writes its file, or without a place says what that would take."""
    shown.show(0, "loading the network", 0.0, None)
    limit_spinning()
    # Loaded here, so that every other command starts without torch, and no mistake is found late.
    from worker.render.models import Models  # noqa: PLC0415
    from worker.render.paint import estimate_job, paint  # noqa: PLC0415

    models = Models.of(WorkerSettings())

    def painted(place: int, order: Order) -> tuple[str, dict[str, Any]]:
        job, blobs = _job(order, options, opened)
        rendered = paint(job, blobs, models, _Follower(place, shown), lambda: None)
        output = (places or ())[place]
        where, filmed = output.save(blobs.get(rendered.blob) or b""), None
        if film and rendered.film:
            filmed = save_film(film, blobs.get(rendered.film) or b"", force=output.force)
        told = f"{_painted(order, where, rendered)}{f'; its film is {filmed}' if filmed else ''}"
        return told, _facts(order, where, rendered) | ({"film": str(filmed)} if filmed else {})

    def foretold(_: int, order: Order) -> tuple[str, dict[str, Any]]:
        expected, backbone = estimate_job(*_job(order, options, opened), models)
        if expected is None:
            says = "a dream takes seconds on a GPU and up to some minutes on a CPU; it is not estimated."
            return f"{order.name}: {says}", {"seconds": None, "memory_bytes": None}
        tiles = f", in tiles of {expected.tile_px} px" if expected.tile_px else ""
        how = f"{backbone}, {models.device.type}; {expected.iterations} iterations{tiles}"
        took = f"about {duration(expected.seconds)} and {expected.peak_bytes / 1e6:,.0f} MB of memory"
        return f"{order.name}: {took} ({how}). Nothing was painted.", {
            "seconds": round(expected.seconds, 1),
            "memory_bytes": round(expected.peak_bytes),
            "iterations": expected.iterations,
            "tile_px": expected.tile_px,
            "backbone": backbone,
            "device": models.device.type,
        }

    return foretold if places is None else painted


def _painted(order: Order, where: Path, rendered: Rendered) -> str:
    protected = {0: "", 1: ", a face protected"}.get(rendered.faces, f", {rendered.faces} faces protected")
    cut = {0: "", 1: ", the style without its frame"}.get(rendered.unframed, ", the styles without their frames")
    size = f"{rendered.width_px} x {rendered.height_px}"
    as_what = "painted" if where == STDOUT else f"painted as {where}"
    took = f"{size}, in {duration(rendered.seconds)} with {rendered.backbone}{protected}{cut}"
    after = " and ".join(style.credit for style in order.styles if style.credit)
    return f"{order.name}: {as_what}, {took}{f', after {after}' if after else ''}"


def _facts(order: Order, where: Path, rendered: Rendered) -> dict[str, Any]:
    return {
        "styles": [style.name for style in order.styles],
        "credits": [style.credit for style in order.styles if style.credit],
        "painting": str(where),
        "width_px": rendered.width_px,
        "height_px": rendered.height_px,
        "seconds": round(rendered.seconds, 1),
        "iterations": rendered.iterations,
        "backbone": rendered.backbone,
        "seed": rendered.seed,
        "faces": rendered.faces,
        "unframed": rendered.unframed,
    }


def _job(order: Order, options: Options, opened: Inputs) -> tuple[RenderJob, DictBlobs]:
    """The order as a worker gets it, and its pictures made safe. Raises Unusable."""
    blobs = DictBlobs()
    photo = None if order.photo is None else blobs.put(opened.picture(order.photo))
    styles = tuple(blobs.put(opened.picture(style.path)) for style in order.styles)
    return RenderJob(id="render", photo=photo, styles=styles, options=options), blobs


@dataclass(frozen=True, slots=True)
class _Follower:
    """Shows one painting's progress."""

    place: int
    shown: Screen

    def __call__(self, progress: Progress) -> None:
        self.shown.show(self.place, progress.stage, progress.fraction, progress.remaining_s)


def _report(results: Sequence[Result], *, estimate: bool, json: bool, to_stdout: bool) -> None:
    """JSON; or the total of an estimate, and in a pipe the names of the paintings."""
    known = [result.facts for result in results if result.facts]
    seconds = [facts["seconds"] for facts in known if facts["seconds"] is not None]
    if json:
        entries = [
            {"photo": one.photo, "error": one.trouble} if one.trouble else {"photo": one.photo} | (one.facts or {})
            for one in results
        ]
        total: dict[str, Any] = {"photos": len(known), "seconds": round(sum(seconds), 1)}
        if estimate:
            total["memory_bytes"] = max((facts["memory_bytes"] or 0 for facts in known), default=0)
        as_json({"estimates" if estimate else "paintings": entries, "total": total})
    elif estimate and len(seconds) > 1:
        most = max(facts["memory_bytes"] or 0 for facts in known)
        say(f"All {len(seconds)}: about {duration(sum(seconds))}, and up to {most / 1e6:,.0f} MB of memory.")
    elif not estimate and not to_stdout and not sys.stdout.isatty():
        for facts in known:
            typer.echo(inert(facts["painting"], 4096))
