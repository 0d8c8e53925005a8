"""`stylesmith style`: see the house styles, as a list and as a sheet, and which of them suits a photo, and why."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.connections import house_styles
from bot.cli.output import AsJson, as_json, give_up, say
from bot.cli.pictures import Unusable, complaint_about, open_inputs
from bot.cli.sentences import did_you_mean
from bot.cli.tables import Listing, facts, show
from bot.styles.catalogue import Style
from bot.styles.curator import Curator
from worker.contract import Options

app = typer.Typer(no_args_is_help=True, add_completion=False, help="See the house styles, and which suits a photo.")

Sheet = Annotated[
    Path | None, typer.Option("--sheet", metavar="FILE", help="Also draw them all into this picture (jpg, png, webp).")
]
Force = Annotated[bool, typer.Option("--force", help="Write the sheet over a file that is there.")]
_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@app.command("list")
def show_all(*, json: AsJson = False, sheet: Sheet = None, force: Force = False) -> None:
    """What people can ask for by name: the styles that come with Stylesmith and your STYLESMITH_STYLES_DIR."""
    if sheet is not None:
        _check(sheet, force=force)
    styles = house_styles().styles
    if sheet is not None:
        _draw(styles, sheet)
    rows = [(s.slug, s.title, s.artist, s.year) for s in styles]
    show(lambda: Listing(["style", "title", "artist", "year"], rows, list(map(asdict, styles))), as_data=json)


@app.command("show")
def show_one(
    style: Annotated[str, typer.Argument(help="What you would call it in a mention.")], *, json: AsJson = False
) -> None:
    """Everything known of a style (or of all by an artist), and what people can call it."""
    catalogue = house_styles()
    found = catalogue.find(style)
    if not found:
        give_up(f"There is no style of that name.{did_you_mean(catalogue, style)} See `stylesmith style list`.")
    if json:
        as_json([asdict(one) for one in found])
        return
    for one in found:
        facts(_known(one))


def _known(style: Style) -> dict[str, object]:
    called = (*style.names, *style.words, *style.artist_names, *style.artist_words)
    return {
        "style": style.slug, "title": style.title, "title in Chinese": style.title_zh, "artist": style.artist,
        "year": style.year, "credit": style.credit, "licence": style.licence, "tags": ", ".join(style.tags),
        "also called": ", ".join(called), "file": style.path,
    }  # fmt: skip


@app.command("choose")
def choose(photo: Annotated[str, typer.Argument(help="A photo: JPEG, PNG or WebP.")], *, json: AsJson = False) -> None:
    """The styles as they suit a photo, best first. The curator picks among the best few, by the mention's id."""
    ranking = Curator(house_styles()).ranking(_opened(photo))
    headings = ["style", "title", "score", "stands out in", *(ranking[0].respects if ranking else ())]
    rows = [
        (c.style.slug, c.style.title, f"{c.score:.2f}", c.why, *(f"{value:.2f}" for value in c.respects.values()))
        for c in ranking
    ]
    data = [{"style": c.style.slug, "score": c.score, "why": c.why, **c.respects} for c in ranking]
    show(lambda: Listing(headings, rows, data), as_data=json)


def _opened(photo: str) -> bytes:
    """The photo, made safe. Ends the command where it is none."""
    if complaint := complaint_about(photo):
        give_up(complaint, 2)
    with open_inputs(Options()) as inputs:
        try:
            return inputs.picture(Path(photo))
        except Unusable as unusable:
            give_up(str(unusable), 2)


def _check(sheet: Path, *, force: bool) -> None:
    if sheet.suffix.lower() not in _SUFFIXES:
        give_up(f"{sheet}: name a sheet that ends in .jpg, .png or .webp.", 2)
    if not sheet.parent.is_dir():
        give_up(f"{sheet}: there is no folder {sheet.parent}.", 2)
    if sheet.exists() and not force:
        give_up(f"{sheet} is there already. Add --force to write over it.", 2)


def _draw(styles: tuple[Style, ...], sheet: Path) -> None:
    from bot.styles.sheet import contact_sheet  # noqa: PLC0415  # brings fonts, which a list does not need

    if not styles:
        give_up("There are no styles to draw.")
    try:
        contact_sheet(styles).save(sheet, quality=90)
    except OSError as error:
        give_up(f"The sheet could not be drawn: {error.strerror or error}.")
    say(f"{len(styles)} styles drawn in {sheet}.")
