"""Where paintings go: new names, checked before anything is painted, and written whole or not at all."""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final

from PIL import Image

from bot.cli.output import give_up
from bot.cli.render.orders import Order
from bot.cli.sentences import why_no_folder
from bot.pictures.encode import saved
from worker.contract import Film, Format, Kind, Options
from worker.process.files import write_whole

STDOUT: Final = Path("-")
WEBP_QUALITY: Final = 92
_LONGEST_NAME: Final = 60
"""Characters; a file's name has 255 bytes at most, and a character up to four."""
_ROOM_TO_SPARE: Final = 2**20


class FileFormat(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"

    @property
    def painted_as(self) -> Format:
        """What the painter makes of it; a WebP is made from a PNG here."""
        return Format.JPEG if self is FileFormat.JPEG else Format.PNG


SUFFIXES: Final = {".jpg": FileFormat.JPEG, ".jpeg": FileFormat.JPEG, ".png": FileFormat.PNG, ".webp": FileFormat.WEBP}


@dataclass(frozen=True, slots=True)
class OutputOptions:
    out: Path | None = None
    folder: Path | None = None
    format: FileFormat | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    path: Path
    format: FileFormat | None = None
    """None for a film, which is written as it is painted."""
    force: bool = False

    def save(self, painting: bytes) -> Path:
        """Write it whole or not at all; returns where. Raises OSError.

        Where a file of that name has come meanwhile, the painting gets the next free name.
        """
        data = _webp(painting) if self.format is FileFormat.WEBP else painting
        if self.path == STDOUT:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return self.path
        return _replace(self.path, data) if self.force else _create(self.path, data)


def format_of(chosen: OutputOptions) -> FileFormat:
    """By --format, else by the suffix of --out, else JPEG. Ends the command where they contradict each other."""
    if chosen.out is None or chosen.out == STDOUT:
        return chosen.format or FileFormat.JPEG
    said = SUFFIXES.get(chosen.out.suffix.lower())
    if said is None and (chosen.out.suffix or chosen.format is None):
        give_up(f"{chosen.out}: a painting is saved as .jpg, .png or .webp; give the file one of these endings.", 2)
    if said and chosen.format and said is not chosen.format:
        give_up(f"{chosen.out} and --format {chosen.format} contradict each other; leave one out.", 2)
    return chosen.format or said or FileFormat.JPEG


def outputs(orders: Sequence[Order], chosen: OutputOptions, options: Options) -> list[Output]:
    """A place for each painting. Ends the command where one cannot be had; makes missing folders."""
    file_format = format_of(chosen)
    inputs = [path for order in orders for path in order.files]
    if chosen.out is not None:
        places = [_as_named(chosen, inputs, len(orders))]
    else:
        places = []
        suffix = next(suffix for suffix, kind in SUFFIXES.items() if kind is file_format)
        for order in orders:
            folder = chosen.folder or (order.photo.parent if order.photo else Path())
            wanted = folder / f"{_stem(order, chosen, options)}{suffix}"
            places.append(_new_name(wanted, places, inputs, force=chosen.force))
    for folder in dict.fromkeys(place.parent for place in places if place != STDOUT):
        _check_folder(folder, sum(place.parent == folder for place in places), options.edge_px)
    return [Output(place, file_format, chosen.force) for place in places]


def film_of(
    path: Path | None, orders: Sequence[Order], places: Sequence[Output], chosen: OutputOptions
) -> Output | None:
    """The place of the film of the one painting. Ends the command where it cannot be had."""
    if path is None:
        return None
    if len(orders) > 1:
        give_up("A film is made of one painting: name one photo.", 2)
    if _is_any(path, [each for order in orders for each in order.files]) or path in [place.path for place in places]:
        give_up(f"--timelapse: {path} is taken by a picture of this painting; choose another name.", 2)
    if path.is_dir() or (os.path.lexists(path) and not chosen.force):
        give_up(f"--timelapse: {path} is there already. --force writes over it.", 2)
    _check_folder(path.parent, 1, 0)
    return Output(path, force=chosen.force)


def film_kind(path: Path | None) -> Film:
    """The format of a film by its file's name. Ends the command where it says none."""
    if path is None:
        return Film.NONE
    kind = {".mp4": Film.MP4, ".gif": Film.GIF}.get(path.suffix.lower())
    if kind is None:
        give_up(f"--timelapse: {path} must end in .mp4 or .gif.", 2)
    return kind


def _as_named(chosen: OutputOptions, inputs: Iterable[Path], paintings: int) -> Path:
    out = chosen.out or STDOUT
    if chosen.folder is not None:
        give_up("Say one place: --out FILE, or --out-dir FOLDER.", 2)
    if paintings > 1:
        give_up("Several photos do not fit into one file: use --out-dir FOLDER, or leave --out out.", 2)
    if out == STDOUT:
        if sys.stdout.isatty():
            give_up("A picture is nothing for a terminal: send it on with `-o - >file` or a pipe.", 2)
        return out
    if out.is_dir() or str(chosen.out).endswith(os.sep):
        give_up(f"{out} is a folder; name a file in it, or let `render --out-dir {out}` paint into it.", 2)
    if _is_any(out, inputs):
        give_up(f"{out} is one of the pictures to paint from; choose another name.", 2)
    if os.path.lexists(out) and not chosen.force:
        give_up(f"{out} is there already. --force writes over it; without --out a new name is found.", 2)
    return out


def _stem(order: Order, chosen: OutputOptions, options: Options) -> str:
    """The photo's name in --out-dir; beside the photo also what was made of it."""
    subject = order.photo.stem if order.photo else order.styles[0].name
    if chosen.folder is not None:
        return subject
    styles = "-".join(style.name for style in order.styles)
    made = {Kind.STYLE: styles, Kind.DREAM: f"dream-{options.layer}", Kind.TEXTURE: "texture"}[options.kind]
    return f"{subject[: _LONGEST_NAME // 2]}-{made}".replace(os.sep, "-")[:_LONGEST_NAME]


def _new_name(wanted: Path, taken: Iterable[Path], inputs: Iterable[Path], *, force: bool) -> Path:
    """A name that neither a file nor a painting of this command has, numbered where it has to be."""
    names = {str(path).casefold() for path in taken}

    def is_free(path: Path) -> bool:
        if str(path).casefold() in names:
            return False
        return not os.path.lexists(path) or (force and path.is_file() and not _is_any(path, inputs))

    return next(filter(is_free, _numbered(wanted)))


def _numbered(path: Path) -> Iterator[Path]:
    """painting.jpg, painting-2.jpg, painting-3.jpg ..."""
    yield path
    yield from (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))


def _is_any(path: Path, others: Iterable[Path]) -> bool:
    """Whether it is one of these files, by whatever name."""
    return path.exists() and any(other.exists() and path.samefile(other) for other in others)


def why_not_into(folder: Path) -> str:
    """Why no file can be made in a folder, which is made where there is none; or nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".stylesmith-"):
            return ""
    except OSError as error:
        return why_no_folder(error)


def _check_folder(folder: Path, paintings: int, edge_px: int) -> None:
    """Ends the command unless files can be made there, and fit."""
    if why := why_not_into(folder):
        give_up(f"No painting can be written into {folder} ({why}). Say another place with --out.", 2)
    free = shutil.disk_usage(folder).free
    needed = 3 * edge_px**2 * paintings + _ROOM_TO_SPARE
    if free < needed:
        give_up(f"{folder} has {free / 1e6:,.0f} MB left, and up to {needed / 1e6:,.0f} MB are needed; make room.", 2)


def _create(path: Path, data: bytes) -> Path:
    for free in _numbered(path):
        try:
            file = free.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(data)
        except BaseException:
            free.unlink(missing_ok=True)
            raise
        return free
    raise AssertionError("numbers do not end")


def _replace(path: Path, data: bytes) -> Path:
    """Over whatever file is there, also where that is a link."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        target.write_bytes(data)  # a pipe, or /dev/null
        return path
    write_whole(target, data)
    target.chmod(0o666 & ~_umask())
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _webp(png: bytes) -> bytes:
    """The same picture with the same account of how it was made."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        return saved(picture, "WEBP", quality=WEBP_QUALITY, method=6, xmp=picture.info.get("xmp", b""))
