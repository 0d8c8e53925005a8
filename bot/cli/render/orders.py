"""The words of a command line as paintings to make: which pictures are photos and which are styles."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from bot.cli.connections import house_styles
from bot.cli.output import give_up, say
from bot.cli.pictures import Inputs, complaint_about, is_file, no_file, unusable
from bot.cli.sentences import did_you_mean
from bot.styles.catalogue import Style
from worker.contract import Kind, Options

MOST_STYLES: Final = 8
"""As worker.contract.RenderJob allows."""


@dataclass(frozen=True, slots=True)
class StyleFile:
    """A style as it was asked for: its name, which a painting's file name carries, and its picture."""

    name: str
    path: Path
    credit: str = ""
    """Of a house style: its title, artist and year."""


@dataclass(frozen=True, slots=True)
class Order:
    """One painting to make; a texture has no photo."""

    photo: Path | None
    styles: tuple[StyleFile, ...]

    @property
    def name(self) -> str:
        """What it is called while it is painted."""
        return str(self.photo or self.styles[0].path)

    @property
    def files(self) -> tuple[Path, ...]:
        return (*([self.photo] if self.photo else []), *(style.path for style in self.styles))


def read_orders(
    pictures: Sequence[str], styles: Sequence[str], options: Options, inputs: Inputs
) -> tuple[list[Order], dict[str, str]]:
    """What to paint, every picture of it opened; and by photo what is wrong with those that cannot be opened.

    Ends the command where nothing is left to paint.
    """
    photos, names = sort_pictures(pictures, styles, options.kind)
    if len(names) > MOST_STYLES:
        give_up("Eight styles are the most.", 2)
    if options.weights and len(options.weights) != len(names):
        give_up("--weights needs one number for each style.", 2)
    files = tuple(map(style_file, names))
    for file in files:
        if complaint := unusable(file.path, inputs):
            give_up(complaint, 2)
    if not photos:
        return [Order(None, files)], {}
    found = {photo: complaint_about(photo) or unusable(Path(photo), inputs) for photo in dict.fromkeys(photos)}
    complaints = {photo: complaint for photo, complaint in found.items() if complaint}
    for complaint in complaints.values():
        say(complaint)
    if len(complaints) == len(found):
        raise typer.Exit(2)
    return [Order(Path(photo), files) for photo in found if photo not in complaints], complaints


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
    if is_file(name):
        return StyleFile(Path(name).stem, Path(name))
    if complaint := no_file(name):
        give_up(complaint, 2)
    catalogue = house_styles()
    found = catalogue.find(name)
    if not found:
        house = ", ".join(style.slug for style in catalogue.styles)
        none = f"{name}: there is no such file, and no house style of that name."
        give_up(f"{none}{did_you_mean(catalogue, name)} The house has: {house}.", 2)
    if others := [style.slug for style in found[1:]]:
        say(f"{name}: {_credit(found[0])}. The house also has {', '.join(others)}; name it to have it.")
    return StyleFile(found[0].slug, found[0].path, _credit(found[0]))


def _credit(style: Style) -> str:
    by = f" by {style.artist}" if style.artist else ""
    return f"{style.title}{by}{f' ({style.year})' if style.year else ''}"
