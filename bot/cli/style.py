"""`stylesmith style`: see the house styles, and which of them suits a photo, and why."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.operator import AsJson, as_json, give_up, table
from bot.curator import Curator
from bot.settings import Settings
from bot.styles import Catalogue, CatalogueError
from bot.wiring import catalogue_of

app = typer.Typer(no_args_is_help=True, help="See the house styles, and which suits a photo.")


@app.command("list")
def show_all(*, json: AsJson = False) -> None:
    """The catalogue: your STYLESMITH_STYLES_DIR, else the styles that we drew."""
    styles = _catalogue().styles
    if json:
        as_json([{name: value for name, value in asdict(style).items() if name != "draw"} for style in styles])
        return
    headings = ["style", "title", "artist", "year", "licence", "tags", "also called"]
    rows = ((s.slug, s.title, s.artist, s.year, s.licence, " ".join(s.tags), ", ".join(s.names)) for s in styles)
    table(headings, rows)


@app.command("choose")
def choose(photo: Annotated[Path, typer.Argument(help="A photo: JPEG, PNG or WebP.")], *, json: AsJson = False) -> None:
    """The styles as they suit a photo, best first. The curator picks among the best few, by the mention's id."""
    try:
        ranking = Curator(_catalogue()).ranking(photo.read_bytes())
    except OSError:
        give_up("That file cannot be read as a photo.")
    if json:
        as_json([{"style": c.style.slug, "score": c.score, "why": c.why, **c.respects} for c in ranking])
        return
    headings = ["style", "title", "score", "stands out in", *(ranking[0].respects if ranking else ())]
    rows = (
        (c.style.slug, c.style.title, f"{c.score:.2f}", c.why, *(f"{value:.2f}" for value in c.respects.values()))
        for c in ranking
    )
    table(headings, rows)


def _catalogue() -> Catalogue:
    try:
        return catalogue_of(Settings())
    except CatalogueError as error:
        give_up(str(error))
