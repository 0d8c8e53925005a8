"""The catalogue of house styles: a folder with pictures and a `styles.toml` that the operator fills."""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.request.reading import HouseStyle
from bot.text import compact, fold

LISTING = "styles.toml"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SLUG = re.compile(r"^[a-z0-9][a-z0-9-]{0,59}$")


class CatalogueError(Exception):
    """`styles.toml` cannot be used; the message says which entry and why."""


@dataclass(frozen=True, slots=True)
class Style:
    """One picture of the catalogue and what is known of it."""

    slug: str
    title: str
    path: Path
    artist: str = ""
    year: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """What else people may call it, in any language: 'starry night', '星夜'."""
    draw: Callable[[], Path] | None = field(default=None, compare=False, repr=False)
    """For a style of our own: makes the file at `path` where it is missing."""

    def file(self) -> Path:
        """The picture's file, drawn now if it has to be. Raises OSError where it cannot be written."""
        return self.draw() if self.draw else self.path

    def called(self, language: str) -> str:
        """What to say to get it: a name in that language's letters, else its slug in words."""
        han = next((name for name in self.names if _HAN.search(name)), "") if language == "zh" else ""
        return han or self.slug.replace("-", " ")

    def credited(self, *, chosen: bool, why: str = "") -> HouseStyle:
        """As a reply credits it; `chosen` when the curator picked it, and `why` then."""
        return HouseStyle(self.slug, self.title, self.artist, self.year, chosen, why)


@dataclass(frozen=True)
class Catalogue:
    """House styles in the order of their listing. An empty catalogue is fine: then a painting must be attached."""

    styles: tuple[Style, ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """Every folded spelling -> slug; where two styles claim one, the first keeps it."""
        found: dict[str, str] = {}
        for style in self.styles:
            for name in (style.slug, style.slug.replace("-", " "), style.title, *style.names):
                for spelling in (" ".join(fold(name).split()), compact(name)):
                    if spelling:
                        found.setdefault(spelling, style.slug)
        return found

    def get(self, slug: str) -> Style | None:
        """The style with this slug, or None when the operator has removed it since."""
        return next((style for style in self.styles if style.slug == slug), None)


def load(*folders: Path) -> Catalogue:
    """The styles of every folder that has a listing, earlier folders first; a slug met again is passed over.

    Raises CatalogueError where a listing cannot be understood or names a file that is not there.
    """
    styles: dict[str, Style] = {}
    for folder in folders:
        if (folder / LISTING).is_file():
            for style in _listed(folder):
                styles.setdefault(style.slug, style)
    return Catalogue(tuple(styles.values()))


def _listed(folder: Path) -> Iterable[Style]:
    try:
        listing = tomllib.loads((folder / LISTING).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{folder / LISTING}: {error}") from error
    entries = listing.get("style", [])
    if not isinstance(entries, list):
        raise CatalogueError(f"{folder / LISTING}: write each style under [[style]]")
    return [_style(folder, entry) for entry in entries]


def _style(folder: Path, entry: object) -> Style:
    if not isinstance(entry, dict):
        raise CatalogueError(f"{folder / LISTING}: write each style under [[style]]")
    slug, title, file = (str(entry.get(key, "")).strip() for key in ("slug", "title", "file"))
    if not _SLUG.match(slug):
        raise CatalogueError(f"{folder / LISTING}: slug {slug!r} must be lower-case letters, digits and dashes")
    if not title:
        raise CatalogueError(f"{folder / LISTING}: {slug} has no title")
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise CatalogueError(f"{folder / LISTING}: {slug} names the file {file!r}, which is not in the folder")
    return Style(
        slug=slug,
        title=title,
        path=path,
        artist=str(entry.get("artist", "")),
        year=str(entry.get("year", "")),
        licence=str(entry.get("licence", "")),
        tags=tuple(map(str, entry.get("tags", ()))),
        names=tuple(map(str, entry.get("names", ()))),
    )
