"""Proof that a film is frames and nothing else: an MP4 of H.264 slices, or a GIF of pictures, read without decoding.

A worker is not believed (see bot.pictures.painted); what its encoder may add (comments, tags, SEI messages) is refused.
"""

import struct
from collections.abc import Iterator
from typing import Final

from worker.contract import Film

LARGEST_BYTES: Final = 16 * 2**20
LONGEST_S: Final = 30
_LONGEST_PX: Final = 1280

_INSIDE: Final[dict[bytes, frozenset[bytes]]] = {
    b"moov": frozenset({b"mvhd", b"trak", b"udta"}),
    b"udta": frozenset({b"meta"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"vmhd", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset({b"stsd", b"stts", b"stss", b"ctts", b"stsc", b"stsz", b"stco"}),
    b"avc1": frozenset({b"avcC", b"colr", b"pasp", b"btrt"}),
}
"""What may stand in each box (ISO 14496-12 and -15): one video track."""
_NO_TAGS: Final = bytes(7) + b"\x21hdlr" + bytes(8) + b"mdirappl" + bytes(9) + b"\0\0\0\x08ilst"
"""The list of tags that FFmpeg writes also where there are none."""
_ORDERS: Final = ([b"ftyp", b"moov", b"mdat"], [b"ftyp", b"moov", b"free", b"mdat"])
_SAMPLE_ENTRY: Final = 78
"""Bytes of a visual sample entry before its own boxes (ISO 14496-12, 12.1.3)."""
_SLICES: Final = frozenset({1, 5, 7, 8})
"""NAL units: slices, and the parameter sets that they need (ISO 14496-10, table 7-1)."""

Box = tuple[bytes, bytes]


class _NoFilm(Exception):
    """Something else than frames, or not whole."""


def is_mp4(data: bytes) -> bool:
    return data[4:8] == b"ftyp"


def is_gif(data: bytes) -> bool:
    return data.startswith((b"GIF87a", b"GIF89a"))


def is_film(data: bytes, kind: Film) -> bool:
    """Whether `data` is one whole film of this kind, with nothing beside its frames."""
    if len(data) > LARGEST_BYTES or kind is Film.NONE:
        return False
    try:
        (_check_mp4 if kind is Film.MP4 else _check_gif)(data)
    except (_NoFilm, struct.error, IndexError, StopIteration):
        return False
    return True


def _check_mp4(data: bytes) -> None:
    boxes = list(_boxes(data))
    kinds = [kind for kind, _ in boxes]
    _demand(kinds in _ORDERS and len(boxes[0][1]) <= 64 and all(not c for k, c in boxes if k == b"free"))
    found = dict(_leaves(b"moov", dict(boxes)[b"moov"]))
    scale, duration = struct.unpack_from(">II", found[b"mvhd"], 12)
    _demand(found[b"mvhd"][0] == 0 and scale > 0 and duration <= LONGEST_S * scale)
    _demand(found[b"hdlr"][8:] == b"vide" + bytes(12) + b"VideoHandler\0")
    _demand(found.get(b"meta", _NO_TAGS) == _NO_TAGS)
    _check_units(boxes[-1][1])


def _leaves(parent: bytes, content: bytes) -> Iterator[Box]:
    """Every box without boxes inside; each kind once. Raises _NoFilm for one that has no place there."""
    seen: set[bytes] = set()
    for kind, inside in _boxes(content):
        _demand(kind in _INSIDE[parent] and kind not in seen)
        seen.add(kind)
        if kind == b"stsd":
            yield from _sample_entry(inside)
        elif kind in _INSIDE:
            yield from _leaves(kind, inside)
        else:
            yield kind, inside


def _sample_entry(content: bytes) -> Iterator[Box]:
    ((kind, entry),) = _boxes(content[8:])
    width, height = struct.unpack_from(">HH", entry, 24)
    _demand(kind == b"avc1" and 0 < width <= _LONGEST_PX and 0 < height <= _LONGEST_PX)
    yield from _leaves(b"avc1", entry[_SAMPLE_ENTRY:])


def _check_units(content: bytes) -> None:
    """Only slices, one after the other to the end."""
    at = 0
    _demand(bool(content))
    while at < len(content):
        length = struct.unpack_from(">I", content, at)[0]
        _demand(0 < length <= len(content) - at - 4 and content[at + 4] & 0x1F in _SLICES)
        at += 4 + length


def _boxes(content: bytes) -> Iterator[Box]:
    at = 0
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        _demand(8 <= length <= len(content) - at)
        yield kind, content[at + 8 : at + length]
        at += length


def _check_gif(data: bytes) -> None:
    """Pictures, their timing and the loop (GIF89a, W3C), to the last byte."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    _demand(is_gif(data) and 0 < width <= _LONGEST_PX and 0 < height <= _LONGEST_PX)
    at = 13 + _palette(flags)
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            at = _behind_blocks(data, at + 11 + _palette(data[at + 9]))
        else:
            _demand(data[at : at + 3] == b"!\xf9\x04" or data[at : at + 14] == b"!\xff\x0bNETSCAPE2.0")
            _demand(data[at + 1] == 0xF9 or data[at + 14 : at + 16] == b"\x03\x01")
            at = _behind_blocks(data, at + 2)
    _demand(at == len(data) - 1)


def _palette(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _demand(holds: bool) -> None:
    if not holds:
        raise _NoFilm
