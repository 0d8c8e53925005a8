"""Proof, without decoding, that an encoded picture holds pixels and no more: no EXIF, XMP, ICC, text or trailer."""

import struct
import zlib

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset({b"IHDR", b"IDAT", b"IEND"})

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAMES = frozenset({0xC0, 0xC2})
_JPEG_SEGMENTS = _FRAMES | {0xC4, 0xDB, 0xDD, _SOS, 0xE0}
"""SOF0 and SOF2; DHT, DQT, DRI, SOS and APP0; ITU-T T.81 table B.1."""


def bare_size(data: bytes) -> tuple[int, int] | None:
    """(height, width) that `data` claims, if it is one whole PNG or JPEG of nothing but what pixels need; else None."""
    if _is_bare_png(data):
        width, height = struct.unpack_from(">II", data, len(PNG_SIGNATURE) + 8)
        return height, width
    return _bare_jpeg_size(data)


def _is_bare_png(data: bytes) -> bool:
    """Signature, IHDR, IDAT..., IEND with right checksums, and not a byte after them (PNG specification, section 5)."""
    if not data.startswith(PNG_SIGNATURE):
        return False
    kinds: list[bytes] = []
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if kind not in _PNG_CHUNKS or end > len(data):
            return False
        if zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            return False
        kinds.append(kind)
        at = end
    inner = kinds[1:-1]
    framed = kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"] and data[8:12] == b"\0\0\0\x0d"
    return at == len(data) and framed and bool(inner) and set(inner) == {b"IDAT"}


def _bare_jpeg_size(data: bytes) -> tuple[int, int] | None:
    """SOI, one frame, segments of the few kinds a decoder needs, scans, EOI, and not a byte after it (T.81 annex B)."""
    if data[:2] != bytes((0xFF, _SOI)) or data[-2:] != bytes((0xFF, _EOI)):
        return None
    at, scans, sizes = 2, 0, []
    while at + 4 <= len(data):
        mark, kind, length = struct.unpack_from(">BBH", data, at)
        segment = data[at + 4 : at + 2 + length]
        if mark != 0xFF or kind not in _JPEG_SEGMENTS or (kind == 0xE0 and not _is_plain_jfif(segment)):
            return None
        if kind in _FRAMES and len(segment) >= 5:
            sizes.append(struct.unpack_from(">HH", segment, 1))
        at += 2 + length
        if kind == _SOS:
            scans += 1
            at = end_of_scan(data, at)
    whole = scans > 0 and len(sizes) == 1 and at == len(data) - 2
    return (sizes[0][0], sizes[0][1]) if whole else None


def _is_plain_jfif(segment: bytes) -> bool:
    """JFIF's own header without the thumbnail it may hold (its width and height in the last two bytes)."""
    return len(segment) == 14 and segment.startswith(b"JFIF\0") and segment.endswith(b"\0\0")


def end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker is, past entropy-coded bytes, of which FF 00 and restart markers (FF D0-D7) are part."""
    while (at := data.find(b"\xff", at)) >= 0:
        following = data[at + 1 : at + 2]
        if following and following != b"\0" and not 0xD0 <= following[0] <= 0xD7:
            return at
        at += 2
    return len(data)
