"""From the words of a command line to paintings to make: which files are photos, which styles, and what goes where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bot import wording_cli
from bot.cli.operator import give_up
from bot.settings import Settings
from bot.styles.catalogue import Catalogue
from bot.styles.listing import CatalogueError, in_use
from worker.contract import Film, Format, Kind

_SUFFIX = {Format.JPEG: ".jpg", Format.PNG: ".png"}


@dataclass(frozen=True, slots=True)
class Order:
    """One painting to make: files in, file out."""

    photo: Path | None
    styles: tuple[Path, ...]
    out: Path
    film: Path | None = None
    """Where a film of it growing is written, if one is wanted."""

    @property
    def name(self) -> str:
        """What it is called while it is painted."""
        return str(self.photo or self.styles[0])


def sort_pictures(pictures: Sequence[str], styles: Sequence[str], kind: Kind) -> tuple[list[Path], list[str]]:
    """Photos and names of styles among the words: with --style all pictures are photos, else only the first."""
    if kind is Kind.TEXTURE:
        if styles:
            give_up(wording_cli.NO_TEXTURE_PHOTO, 2)
        return [], list(pictures)
    photos, styles = (list(pictures), styles) if styles else (list(pictures[:1]), list(pictures[1:]))
    if kind is Kind.STYLE and not styles:
        give_up(wording_cli.NO_STYLE, 2)
    return [Path(photo) for photo in photos], list(styles)


def style_file(name: str) -> Path:
    """The file of that name, or else the house style's. Ends the command when there is neither."""
    if Path(name).is_file():
        return Path(name)
    catalogue = _house()
    found = catalogue.find(name)
    if not found:
        near = catalogue.near(name)
        give_up(wording_cli.no_such(name, ", ".join(s.slug for s in catalogue.styles), near.slug if near else ""), 2)
    return found[0].path


@cache
def _house() -> Catalogue:
    settings = Settings()
    try:
        return in_use(settings.styles_dir, added=settings.styles_mode == "add")
    except CatalogueError as error:
        give_up(str(error))


def orders(
    photos: Sequence[Path], styles: tuple[Path, ...], out: Path | None, out_dir: Path | None, file_format: Format
) -> list[Order]:
    """A painting for each photo, or one texture. Ends the command when it cannot be told where they go."""
    if (out is None) == (out_dir is None):
        give_up(wording_cli.ONE_PLACE, 2)
    if out is not None:
        if len(photos) > 1:
            give_up(wording_cli.MANY_PHOTOS, 2)
        return [Order(photos[0] if photos else None, styles, out)]
    subjects: Sequence[Path | None] = photos or [None]
    places = _places([(photo or styles[0]).stem for photo in subjects], out_dir or Path(), _SUFFIX[file_format])
    return [Order(photo, styles, place) for photo, place in zip(subjects, places, strict=True)]


def film_kind(path: Path) -> Film:
    """The format of a film by its file's name. Ends the command where it cannot be written."""
    kind = {".mp4": Film.MP4, ".gif": Film.GIF}.get(path.suffix.lower())
    if kind is None:
        give_up(wording_cli.film_suffix(str(path)), 2)
    if path.exists() or not path.parent.is_dir():
        give_up(wording_cli.film_place(str(path)), 2)
    return kind


def with_film(wanted: list[Order], film: Path | None) -> list[Order]:
    """The one painting of which a film is made. Ends the command where there are several."""
    if film is None:
        return wanted
    if len(wanted) > 1:
        give_up(wording_cli.ONE_FILM, 2)
    return [replace(wanted[0], film=film)]


def _places(stems: Sequence[str], folder: Path, suffix: str) -> Iterator[Path]:
    """A name in the folder for each photo; photos of one name from several folders are numbered."""
    taken: set[str] = set()
    for stem in stems:
        name, n = stem, 1
        while name in taken:
            n += 1
            name = f"{stem}-{n}"
        taken.add(name)
        yield folder / f"{name}{suffix}"
