"""The command: its options, and the order in which pictures are opened, places found and paintings made."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from bot.cli.connections import checked, require_painter, settings
from bot.cli.output import AsJson, as_json, give_up, say
from bot.cli.pictures import open_inputs
from bot.cli.render.orders import read_orders
from bot.cli.render.outputs import STDOUT, FileFormat, OutputOptions, film_kind, film_of, format_of, outputs
from bot.cli.render.painter import Estimating, Painting, Result, Task, load_models, run_all
from bot.cli.render.progress import screen
from bot.cli.sentences import duration
from bot.text import printable
from worker.contract import SEEDS, STRENGTHS, STYLE_SCALES, Colours, DreamLayer, Faces, Init, Kind, Options
from worker.settings import WorkerSettings

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
    int, typer.Option(min=STRENGTHS[0], max=STRENGTHS[1], help="0 is nearly the photo, 100 nearly only the style.")
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
    chosen = OutputOptions(out, out_dir, file_format, force)
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
        format=format_of(chosen).painted_as,
        film=film_kind(timelapse),
    )
    if json and out == STDOUT:
        give_up("--json and --out - both want standard output.", 2)
    settings()
    checked(WorkerSettings)
    require_painter()
    with ExitStack() as running:
        inputs = running.enter_context(open_inputs(options))
        orders, complaints = read_orders([photo, *(more or [])], style or [], options, inputs)
        places = None if estimate else outputs(orders, chosen, options)
        film = film_of(timelapse, orders, places, chosen) if places else None
        shown = running.enter_context(screen([order.name for order in orders]))
        models = load_models(shown)
        task: Task = Estimating(options, inputs, models)
        if places is not None:
            task = Painting(options, inputs, shown, models, places, film)
        results = [Result(name, error) for name, error in complaints.items()]
        results += run_all(orders, task, shown)
    _report(results, estimate=estimate, json=json, to_stdout=out == STDOUT)
    if any(result.error for result in results):
        raise typer.Exit(1)


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


def _report(results: Sequence[Result], *, estimate: bool, json: bool, to_stdout: bool) -> None:
    """JSON; or the total of an estimate, and in a pipe the names of the paintings."""
    known = [result.facts for result in results if result.facts]
    seconds = [facts["seconds"] for facts in known if facts["seconds"] is not None]
    memory_bytes = max((facts.get("memory_bytes") or 0 for facts in known), default=0)
    if json:
        total: dict[str, Any] = {"photos": len(known), "seconds": round(sum(seconds), 1)}
        total |= {"memory_bytes": memory_bytes} if estimate else {}
        told = [{"photo": r.photo} | ({"error": r.error} if r.error else r.facts or {}) for r in results]
        as_json({"estimates" if estimate else "paintings": told, "total": total})
    elif estimate and len(seconds) > 1:
        took = f"about {duration(sum(seconds))}, and up to {memory_bytes / 1e6:,.0f} MB of memory"
        say(f"All {len(seconds)}: {took}.")
    elif not estimate and not to_stdout and not sys.stdout.isatty():
        for facts in known:
            typer.echo(printable(facts["painting"], 4096))
