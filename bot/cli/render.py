"""`stylesmith render`: paint pictures on this machine, without a queue or an account."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from bot import wording_cli
from bot.cli.operator import give_up
from bot.cli.orders import Order, film_kind, orders, sort_pictures, style_file, with_film
from bot.cli.screen import Screen, screen
from bot.errors import PictureError, PictureReason
from bot.pictures.decode import Gate
from bot.pictures.limits import Limits
from worker import host_memory
from worker.contract import Colours, DreamLayer, Faces, Film, Format, Init, Kind, Options, Progress, RenderJob
from worker.contract.blobs import DictBlobs
from worker.process.limits import limit_spinning

_HOUSE = Options()
MOST_STYLES = 8
"""As worker.contract.RenderJob allows."""

Pictures = Annotated[
    list[str],
    typer.Argument(
        metavar="PHOTO [STYLE]...",
        help="The photo, then one or more paintings: files, or names of house styles. With --style all are photos.",
        show_default=False,
    ),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File for the painting; .png makes a PNG.")]
OutDir = Annotated[Path | None, typer.Option("--out-dir", help="Folder for the paintings of several photos.")]
Style = Annotated[list[str] | None, typer.Option("--style", help="A style; give it again to blend several.")]
Size = Annotated[int, typer.Option("--size", help="Long side of the painting in pixels.")]
Seed = Annotated[int, typer.Option(help="The same seed paints the same picture.")]
Backbone = Annotated[Literal["auto", "lite", "vgg19"], typer.Option(help="The network that looks at the pictures.")]
Strength = Annotated[int, typer.Option(help="0 is nearly the photo, 100 nearly only the style.")]
Scale = Annotated[float, typer.Option(help="Size of the strokes; 2 makes them twice as large.")]
Weights = Annotated[str, typer.Option(help="Shares of several styles, such as 2,1.")]
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
As = Annotated[Format | None, typer.Option("--format", help="JPEG or PNG; else by the name of --out.")]


def render(
    pictures: Pictures,
    out: Out = None,
    out_dir: OutDir = None,
    style: Style = None,
    *,
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
) -> None:
    """Paint a photo in the style of one or more paintings, here and now."""
    if dream and texture:
        give_up(wording_cli.DREAM_OR_TEXTURE, 2)
    kind = Kind.DREAM if dream else Kind.TEXTURE if texture else Kind.STYLE
    file_format = file_format or (Format.PNG if out and out.suffix.lower() == ".png" else Format.JPEG)
    options = _options(
        kind=kind,
        edge_px=size,
        backbone=backbone,
        seed=seed,
        strength=strength,
        style_scale=scale,
        weights=tuple(weights.replace(",", " ").split()),
        colours=colours,
        faces=faces,
        init=init,
        layer=dream or _HOUSE.layer,
        format=file_format,
        film=film_kind(timelapse) if timelapse else Film.NONE,
    )
    photos, styles = sort_pictures(pictures, style or [], kind)
    if len(styles) > MOST_STYLES:
        give_up(wording_cli.TOO_MANY_STYLES, 2)
    if options.weights and len(options.weights) != len(styles):
        give_up(wording_cli.WEIGHTS, 2)
    folder = Path() if estimate and not out else out_dir
    wanted = with_film(orders(photos, tuple(map(style_file, styles)), out, folder, file_format), timelapse)
    limits = Limits.own_files(math.ceil(size * max(1.0, scale)), host_memory.free_bytes())
    with Gate(limits) as gate, screen([order.name for order in wanted]) as shown:
        painted = _serve_all(wanted, _easel(options, gate, shown, only_foretell=estimate), shown)
    if painted < len(wanted):
        raise typer.Exit(1)


def _options(**asked: object) -> Options:
    try:
        return Options.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        named = {"edge_px": "size", "style_scale": "scale"}.get(str(first["loc"][0]), str(first["loc"][0]))
        give_up(f"--{named}: {first['msg']}", 2)


Serve = Callable[[int, Order], str]
"""Does what is asked for one order, and returns what to say about it."""


def _serve_all(wanted: Sequence[Order], serve: Serve, shown: Screen) -> int:
    """One after the other; one bad file does not keep the others from being served. The number served."""
    from worker.contract.errors import PaintingError  # noqa: PLC0415

    served = 0
    for place, order in enumerate(wanted):
        try:
            shown.close(place, serve(place, order), good=True)
            served += 1
        except Unusable as unusable:
            shown.close(place, wording_cli.unusable(str(unusable.path), unusable.reason), good=False)
        except PaintingError as failure:
            shown.close(place, wording_cli.failed(order.name, failure.code, str(failure)), good=False)
        except OSError as error:
            shown.close(place, f"{order.out}: {error.strerror or error}", good=False)
    return served


def _easel(options: Options, gate: Gate, shown: Screen, *, only_foretell: bool) -> Serve:
    """What makes one painting and writes its file, or says what that would take."""
    limit_spinning()
    # Loaded here, so that every other command starts without torch.
    from worker.render.models import Studio  # noqa: PLC0415
    from worker.render.paint import foretell, paint  # noqa: PLC0415
    from worker.settings import WorkerSettings  # noqa: PLC0415

    studio = Studio.of(WorkerSettings())

    def painted(place: int, order: Order) -> str:
        job, blobs = _job(order, options, gate)
        order.out.parent.mkdir(parents=True, exist_ok=True)
        rendered = paint(job, blobs, studio, _Follower(place, shown), lambda: None)
        order.out.write_bytes(blobs.get(rendered.blob) or b"")
        if order.film and rendered.film:
            order.film.write_bytes(blobs.get(rendered.film) or b"")
        return wording_cli.painted(order.name, str(order.out), rendered)

    def foretold(_: int, order: Order) -> str:
        expected, backbone = foretell(*_job(order, options, gate), studio)
        if expected is None:
            return wording_cli.foretold_of_dream(order.name)
        how = wording_cli.how(backbone, studio.device.type, expected.iterations, expected.tile_px)
        return wording_cli.foretold(order.name, expected.seconds, expected.peak_bytes, how)

    return foretold if only_foretell else painted


def _job(order: Order, options: Options, gate: Gate) -> tuple[RenderJob, DictBlobs]:
    """The order as a worker gets it, and its pictures made safe. Raises Unusable."""
    blobs = DictBlobs()
    photo = None if order.photo is None else blobs.put(_admitted(order.photo, gate))
    styles = tuple(blobs.put(_admitted(style, gate)) for style in order.styles)
    return RenderJob(id="render", photo=photo, styles=styles, options=options), blobs


@dataclass(frozen=True, slots=True)
class _Follower:
    """Shows one painting's progress."""

    place: int
    shown: Screen

    def __call__(self, progress: Progress) -> None:
        self.shown.show(self.place, progress.stage, progress.fraction, progress.remaining_s)


class Unusable(Exception):
    """A file holds no picture that can be used."""

    def __init__(self, path: Path, reason: PictureReason) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def _admitted(path: Path, gate: Gate) -> bytes:
    """The picture in a file, made safe as the bot does. Raises Unusable."""
    try:
        return gate.normalise(path.read_bytes())
    except FileNotFoundError as error:
        raise Unusable(path, PictureReason.GONE) from error
    except OSError as error:
        raise Unusable(path, PictureReason.UNREACHABLE) from error
    except PictureError as refusal:
        raise Unusable(path, refusal.reason) from refusal
