"""Proof that what a worker hands back is the painting that was asked for: its pixels, our provenance, nothing else.

A worker's machine holds no secrets of ours, and may be anybody's: what it says of its painting is not believed.
"""

import re
from typing import Final

from bot.pictures.bare import bare_size
from worker.contract import Rendered, RenderJob, provenance

LARGEST_BYTES: Final = 64 * 2**20
"""A PNG of 4096 x 4096 that nothing can pack is 48 MiB."""
LONGEST_PX: Final = 4096
_SMALL_PX: Final = 512
"""Up to this long side a painting may be larger than was asked for: a narrow strip has to be."""
_TOLERANCE: Final = 0.1
"""By how much the sides' ratio may differ from the photo's, beside rounding to whole pixels."""

_PROGRAM = re.compile(rb"Stylesmith(?: [0-9A-Za-z.+-]{1,40})?")
_BACKBONE = re.compile(r"[a-z0-9-]{1,20}")


def is_bare(data: bytes, job: RenderJob, told: Rendered) -> bool:
    """Whether `data` is one whole PNG or JPEG of pixels and, perhaps, exactly the provenance of this job."""
    return len(data) <= LARGEST_BYTES and bare_size(unsigned(data, job, told)) is not None


def is_as_asked(data: bytes, job: RenderJob, told: Rendered, photo: bytes | None) -> bool:
    """Whether the size is as told, no larger than was asked for, and of the photo's shape (its stored bytes)."""
    size = bare_size(unsigned(data, job, told))
    if size != (told.height_px, told.width_px) or max(size) > LONGEST_PX:
        return False
    shown = bare_size(photo) if photo else None
    if shown is None:
        return max(size) <= max(_SMALL_PX, job.options.edge_px)
    (height, width), (rows, columns) = size, shown
    askew = abs(height * columns - width * rows)
    rounding = rows + columns
    same_shape = askew <= _TOLERANCE * width * rows + rounding
    return same_shape and max(size) <= max(_SMALL_PX, job.options.edge_px, *shown)


def signed(pixels: bytes, job: RenderJob, told: Rendered) -> bytes:
    """A bare file with the provenance of this job put in, as a worker would have."""
    return provenance.signed(pixels, job.options, _backbone(told), provenance.software())


def unsigned(data: bytes, job: RenderJob, told: Rendered) -> bytes:
    """The file without the provenance of this job; as it is where it has none, or another's."""
    program = _PROGRAM.search(data)  # its version is the worker's own
    return provenance.unsigned(data, job.options, _backbone(told), program[0].decode() if program else "")


def _backbone(told: Rendered) -> str:
    return told.backbone if _BACKBONE.fullmatch(told.backbone) else "unknown"
