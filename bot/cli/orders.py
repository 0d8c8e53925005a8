"""From the words of a command line to paintings to make: which files are photos, which styles, and what goes where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.cli.operator import give_up, say, settings
from bot.styles.catalogue import Catalogue, Style
from bot.styles.listing import CatalogueError, in_use
from worker.contract import Kind

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StyleFile:
    """A style as it was asked for: its name, which a painting's file name carries, and its picture."""

    name: str
    path: Path
    credit: str = ""
    """Of a house style: its title, artist and year."""


@dataclass(frozen=True, slots=True)
class Order:
    """One painting to make."""

    photo: Path | None
    styles: tuple[StyleFile, ...]

    @property
    def name(self) -> str:
        """What it is called while it is painted."""
        return str(self.photo or self.styles[0].path)


def sort_pictures(pictures: Sequence[str], styles: Sequence[str], kind: Kind) -> tuple[list[str], list[str]]:
    """Photos and names of styles among the words: with --style all pictures are photos, else only the first."""
    if kind is Kind.TEXTURE:
        if styles:
            give_up("A texture is made from styles alone: leave the photo out.", 2)
        return [], list(pictures)
    photos, styles = (list(pictures), styles) if styles else (list(pictures[:1]), list(pictures[1:]))
    if kind is Kind.STYLE and not styles:
        give_up("A style is missing: name a picture of a painting, or a house style, after the photo.", 2)
    return photos, list(styles)


def style_file(name: str) -> StyleFile:
    """The file of that name, or else the house style's. Ends the command when there is neither."""
    if Path(name).is_file():
        return StyleFile(Path(name).stem, Path(name))
    if complaint := _no_file(name):
        give_up(complaint, 2)
    catalogue = _house()
    found = catalogue.find(name)
    if not found:
        near = catalogue.near(name)
        meant = f" Did you mean {near.slug}?" if near else ""
        house = ", ".join(style.slug for style in catalogue.styles)
        give_up(f"{name}: there is no such file, and no house style of that name.{meant} The house has: {house}.", 2)
    if others := [style.slug for style in found[1:]]:
        say(f"{name}: {_credit(found[0])}. The house also has {', '.join(others)}; name it to have it.")
    return StyleFile(found[0].slug, found[0].path, _credit(found[0]))


def _credit(style: Style) -> str:
    by = f" by {style.artist}" if style.artist else ""
    return f"{style.title}{by}{f' ({style.year})' if style.year else ''}"


def complaint_about(photo: str) -> str:
    """Why this is no file that could be painted, or nothing. It is not opened as a picture yet."""
    path = Path(photo)
    if complaint := _no_file(photo):
        return complaint
    if not path.exists():
        return f"{photo}: there is no such file."
    if not path.is_file():
        return f"{photo}: this is no file."
    try:
        path.open("rb").close()
    except OSError as error:
        return f"{photo}: it cannot be read ({error.strerror})."
    return ""


def _no_file(name: str) -> str:
    if _URL.match(name):
        return f"{name}: this is an address; download the picture first, and name its file."
    return f"{name}: this is a folder; name the pictures in it." if Path(name).is_dir() else ""


@cache
def _house() -> Catalogue:
    chosen = settings()
    try:
        return in_use(chosen.styles_dir, added=chosen.styles_mode == "add")
    except CatalogueError as error:
        give_up(str(error))
