"""Proof that what a worker hands back is the painting that was asked for: its pixels, our provenance, nothing else.

A worker's machine holds no secrets of ours, and may be anybody's: what it says of its painting is not believed.
"""

import re
import struct
import zlib
from collections.abc import Sequence
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
_BESIDE_PIXELS: Final = frozenset({b"sRGB", b"tEXt", b"iTXt"})
_APP1: Final = 0xE1
_START: Final = 2

Block = tuple[bytes, bytes]
"""Kind and content of a PNG chunk, or of a JPEG's APP1 segment."""


def is_bare(data: bytes, job: RenderJob, told: Rendered) -> bool:
    """Whether `data` is one whole PNG or JPEG of pixels and, perhaps, exactly the provenance of this job."""
    if len(data) > LARGEST_BYTES:
        return False
    pixels, blocks = taken_apart(data)
    return bare_size(pixels) is not None and (not blocks or blocks == _provenance(data, job, told.backbone))


def is_as_asked(data: bytes, job: RenderJob, told: Rendered, photo: bytes | None) -> bool:
    """Whether the size is as told, no larger than was asked for, and of the photo's shape (its stored bytes)."""
    size = bare_size(taken_apart(data)[0])
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


def taken_apart(data: bytes) -> tuple[bytes, list[Block]]:
    """The file without the kinds of blocks that a provenance is made of, and those blocks in their order."""
    return _png_apart(data) if data.startswith(PNG_SIGNATURE) else _jpeg_apart(data)


def signed(pixels: bytes, job: RenderJob, told: Rendered) -> bytes:
    """A bare file with the provenance of this job put in, as a worker would have."""
    backbone = told.backbone if _BACKBONE.fullmatch(told.backbone) else "unknown"
    blocks = _blocks(pixels, job, backbone, software().encode())
    if pixels.startswith(PNG_SIGNATURE):
        at = len(PNG_SIGNATURE) + 25  # behind IHDR
        return pixels[:at] + b"".join(map(_chunk, blocks)) + pixels[at:]
    segments = (struct.pack(">BBH", 0xFF, _APP1, len(content) + 2) + content for _, content in blocks)
    at = _behind_jfif(pixels)
    return pixels[:at] + b"".join(segments) + pixels[at:]


def _provenance(data: bytes, job: RenderJob, backbone: str) -> Sequence[Block]:
    """What may stand beside the pixels; the program's version is the worker's own."""
    program = _PROGRAM.search(data)
    if program is None or not _BACKBONE.fullmatch(backbone):
        return []
    return _blocks(data, job, backbone, program[0])


def _blocks(data: bytes, job: RenderJob, backbone: str, program: bytes) -> list[Block]:
    packet = xmp(job.options, backbone, program.decode())
    if data.startswith(PNG_SIGNATURE):
        return [(b"sRGB", b"\0"), (b"tEXt", b"Software\0" + program), (b"iTXt", _PNG_XMP_MARK + packet)]
    return [(b"APP1", _exif(program)), (b"APP1", _XMP_MARK + packet)]


def _exif(program: bytes) -> bytes:
    """Two fields, big-endian: the program, and that the colours are sRGB (CIPA DC-008, section 4.6)."""
    text = program + b"\0"
    at = 38 + len(text) + len(text) % 2
    first = struct.pack(">HHHIIHHIII", 2, 0x0131, 2, len(text), 38, 0x8769, 4, 1, at, 0)
    second = struct.pack(">HHHIHHI", 1, 0xA001, 3, 1, 1, 0, 0)
    return b"Exif\0\0MM\0*\0\0\0\x08" + first + text.ljust(at - 38, b"\0") + second


def _png_apart(data: bytes) -> tuple[bytes, list[Block]]:
    kept, blocks, at = [data[: len(PNG_SIGNATURE)]], list[Block](), len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        content = data[at + 8 : end - 4]
        if kind in _BESIDE_PIXELS and data[at:end] == _chunk((kind, content)):
            blocks.append((kind, content))
        else:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]]), blocks


def _chunk(block: Block) -> bytes:
    kind, content = block
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


def _jpeg_apart(data: bytes) -> tuple[bytes, list[Block]]:
    at, blocks = _behind_jfif(data), list[Block]()
    start = at
    while data[at : at + 2] == bytes((0xFF, _APP1)) and at + 4 <= len(data):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        blocks.append((b"APP1", data[at + 4 : end]))
        at = end
    return data[:start] + data[at:], blocks


def _behind_jfif(data: bytes) -> int:
    """Where the segment after SOI and JFIF's header begins."""
    has_header = data[_START : _START + 2] == b"\xff\xe0"
    return _START + 2 + int.from_bytes(data[_START + 2 : _START + 4], "big") if has_header else _START
