"""`styles.toml`: the listing of a folder of house styles, read and checked."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from bot.settings import Settings
from bot.styles.catalogue import HOUSE, Catalogue, Style

LISTING: Final = "styles.toml"
_SLUG = re.compile(r"^[a-z0-9][a-z0-9-]{0,59}$")
_TEXTS: Final = ("artist", "year", "licence", "title_zh", "artist_zh", "credit")
_LISTS: Final = ("tags", "names", "words", "artist_names", "artist_words", "unlike")


class CatalogueError(Exception):
    """`styles.toml` cannot be used; the message says which entry and why."""


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


def in_use(settings: Settings) -> Catalogue:
    """The styles of the operator's folder, added to ours or in their place; ours where there is none."""
    if settings.styles_dir is None:
        return load(HOUSE)
    return load(settings.styles_dir, HOUSE) if settings.styles_mode == "add" else load(settings.styles_dir)


def _listed(folder: Path) -> Iterable[Style]:
    try:
        entries = tomllib.loads((folder / LISTING).read_text(encoding="utf-8")).get("style", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ValueError("write each style under [[style]]")
        return [_style(folder, entry) for entry in entries]
    except ValueError as error:  # also what is no TOML, or no UTF-8
        raise CatalogueError(f"{folder / LISTING}: {error}") from error


def _style(folder: Path, entry: dict[str, object]) -> Style:
    slug, title, file = (str(entry.get(key, "")).strip() for key in ("slug", "title", "file"))
    if not _SLUG.match(slug):
        raise ValueError(f"slug {slug!r} must be lower-case letters, digits and dashes")
    if not title:
        raise ValueError(f"{slug} has no title")
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise ValueError(f"{slug} names the file {file!r}, which is not in the folder")
    known: dict[str, Any] = {key: str(entry.get(key, "")) for key in _TEXTS}
    known |= {key: _texts(slug, key, entry) for key in _LISTS}
    return Style(slug, title, path, **known)


def _texts(slug: str, key: str, entry: dict[str, object]) -> tuple[str, ...]:
    """A list of texts; a lone text is a list of one."""
    value = entry.get(key, ())
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise ValueError(f"{key} of {slug} must be a list of texts")
    return tuple(map(str, value))
