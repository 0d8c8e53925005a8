"""The files on a command line as pictures: opened in the confined decoder, limited by memory alone."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from bot.cli.sentences import UNUSABLE
from bot.errors import PictureError, PictureReason
from bot.pictures.decode import SafeDecoder
from bot.pictures.limits import Limits
from worker import host_memory
from worker.contract import Options

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
