"""Proof that what a worker hands back is the painting that was asked for: its pixels, our provenance, nothing else.

A worker's machine holds no secrets of ours, and may be anybody's: what it says of its painting is not believed.
"""

import re
import struct
import zlib
from typing import Final

from bot.pictures.bare import PNG_SIGNATURE, bare_size
from worker.contract import Rendered, RenderJob
from worker.contract.provenance import software, xmp

LARGEST_BYTES: Final = 64 * 2**20
"""A PNG of 4096 x 4096 that nothing can pack is 48 MiB."""
LONGEST_PX: Final = 4096
_SMALL_PX: Final = 512
"""Up to this long side a painting may be larger than was asked for: a narrow strip has to be."""
_TOLERANCE: Final = 0.1
"""By how much the sides' ratio may differ from the photo's, beside rounding to whole pixels."""

_PROGRAM = re.compile(rb"Stylesmith(?: [0-9A-Za-z.+-]{1,40})?")
_BACKBONE = re.compile(r"[a-z0-9-]{1,20}")
_XMP_MARK: Final = b"http://ns.adobe.com/xap/1.0/\0"
_PNG_XMP_MARK: Final = b"XML:com.adobe.xmp\0\0\0\0\0"
_BEHIND_IHDR: Final = len(PNG_SIGNATURE) + 25


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
    at = _place(pixels)
    return pixels[:at] + _provenance(pixels, job, told, software().encode()) + pixels[at:]


def unsigned(data: bytes, job: RenderJob, told: Rendered) -> bytes:
    """The file without the provenance of this job; as it is where it has none, or another's."""
    at, program = _place(data), _PROGRAM.search(data)  # the program's version is the worker's own
    return data[:at] + data[at:].removeprefix(_provenance(data, job, told, program[0] if program else b""))


def _place(data: bytes) -> int:
    """Where a provenance begins: behind a PNG's IHDR, or behind a JPEG's SOI and the header of JFIF."""
    if data.startswith(PNG_SIGNATURE):
        return _BEHIND_IHDR
    return 4 + int.from_bytes(data[4:6], "big") if data[2:4] == b"\xff\xe0" else 2


def _provenance(file: bytes, job: RenderJob, told: Rendered, program: bytes) -> bytes:
    """What stands beside the pixels of such a file: chunks of a PNG, segments of a JPEG."""
    backbone = told.backbone if _BACKBONE.fullmatch(told.backbone) else "unknown"
    packet = xmp(job.options, backbone, program.decode())
    if file.startswith(PNG_SIGNATURE):
        text = _chunk(b"tEXt", b"Software\0" + program)
        return _chunk(b"sRGB", b"\0") + text + _chunk(b"iTXt", _PNG_XMP_MARK + packet)
    return _app1(_exif(program)) + _app1(_XMP_MARK + packet)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


def _app1(content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, 0xE1, len(content) + 2) + content


def _exif(program: bytes) -> bytes:
    """Two fields, big-endian: the program, and that the colours are sRGB (CIPA DC-008, section 4.6)."""
    text = program + b"\0"
    at = 38 + len(text) + len(text) % 2
    first = struct.pack(">HHHIIHHIII", 2, 0x0131, 2, len(text), 38, 0x8769, 4, 1, at, 0)
    second = struct.pack(">HHHIHHI", 1, 0xA001, 3, 1, 1, 0, 0)
    return b"Exif\0\0MM\0*\0\0\0\x08" + first + text.ljust(at - 38, b"\0") + second
