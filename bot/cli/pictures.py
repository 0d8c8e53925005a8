"""The files on a command line as pictures: opened in the confined decoder, limited by memory alone."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.cli.sentences import UNUSABLE
from bot.errors import PictureError, PictureReason
from bot.pictures.decode import SafeDecoder
from bot.pictures.limits import Limits
from worker import host_memory
from worker.contract import Options

_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_KEPT = 16
"""Opened pictures that are kept from the check until they are painted."""


class Unusable(Exception):
    """A file holds no picture that can be used; the message says which and why."""


class Inputs:
    """Opens pictures at the size that a painting has use for."""

    def __init__(self, decoder: SafeDecoder) -> None:
        self._decoder = decoder
        self.picture = lru_cache(_KEPT)(self._picture)
        """The picture in a file, made safe. Raises Unusable."""

    def _picture(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > self._decoder.limits.input_bytes:
                raise PictureError(PictureReason.TOO_MANY_BYTES)
            return self._decoder.normalise(path.read_bytes())
        except OSError as error:
            raise Unusable(f"{path}: it cannot be read ({error.strerror}).") from error
        except PictureError as refusal:
            raise Unusable(f"{path}: {UNUSABLE[refusal.reason]}") from refusal


@contextmanager
def open_inputs(options: Options) -> Iterator[Inputs]:
    seen_px = math.ceil(options.edge_px * max(1.0, options.style_scale))
    with SafeDecoder(Limits.own_files(seen_px, host_memory.free_bytes())) as decoder:
        yield Inputs(decoder)


def complaint_about(photo: str) -> str:
    """Why this is not a file that could be painted, or nothing. It is not opened as a picture yet."""
    if complaint := no_file(photo):
        return complaint
    try:
        Path(photo).stat()
    except (FileNotFoundError, NotADirectoryError):
        return f"{photo}: there is no such file."
    except OSError as error:
        return f"{photo}: it cannot be read ({error.strerror})."
    return "" if is_file(photo) else f"{photo}: this is not a file."


def no_file(name: str) -> str:
    """Why there cannot be a picture of that name, or nothing."""
    if not name.strip():
        return "The name of a picture is empty; name its file."
    if _URL.match(name):
        return f"{name}: this is an address; download the picture first, and name its file."
    try:
        return f"{name}: this is a folder; name the pictures in it." if Path(name).is_dir() else ""
    except OSError:
        return ""


def is_file(name: str) -> bool:
    """Whether there is one; not where nobody lets us look, or the name is none."""
    try:
        return Path(name).is_file()
    except OSError:
        return False


def unusable(path: Path, inputs: Inputs) -> str:
    """Why a file cannot be used as a picture, or nothing."""
    try:
        inputs.picture(path)
    except Unusable as reason:
        return str(reason)
    return ""
