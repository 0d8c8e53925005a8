"""JPEG files that end early: painted when nothing or hardly anything is missing, as every viewer shows them."""

import struct
from collections.abc import Callable

from PIL import Image, ImageChops

from bot.pictures.bare import end_of_scan

EOI = b"\xff\xd9"
MOST_MISSING = 0.1
"""Of the height, and a row of blocks; what is missing is cut off, or a grey bar would be painted."""
_BLOCK_PX = 16
_OTHER_BITS = b"\x55\xaa\x5a" * 4096
_SOS, _PROGRESSIVE = 0xDA, 0xC2
_COEFFICIENTS = frozenset(range(64))


def mended(data: bytes, opened: Callable[[bytes], Image.Image]) -> Image.Image:
    """The picture in a JPEG without its end, loaded, less the rows that are missing. Raises OSError: too many are.

    libjpeg makes up what it does not find. So the file ended where two decodings, with different bits after its end,
    begin to differ. A progressive file lacks sharpness and no rows; it must have begun the last scan of everything.
    """
    data = data.rstrip(b"\xff")  # the first half of a marker
    whole = opened(data + EOI)
    whole.load()
    if whole.info.get("progressive"):
        if not _reaches_full_depth(data):
            raise OSError("a progressive JPEG that lacks scans")
        return whole
    other = opened(data + _OTHER_BITS + EOI)
    other.load()
    made_up = ImageChops.difference(whole, other).getbbox()
    rows = made_up[1] if made_up else whole.height
    if rows < (1 - MOST_MISSING) * whole.height - _BLOCK_PX:
        raise OSError("a JPEG that lacks too many rows")
    return whole.crop((0, 0, whole.width, rows))


def _reaches_full_depth(data: bytes) -> bool:
    """Whether a scan down to the last bit of every coefficient of every component was begun (T.81, annex G)."""
    deep: dict[int, set[int]] = {}
    at = 2
    while at + 4 <= len(data):
        mark, kind, length = struct.unpack_from(">BBH", data, at)
        if mark != 0xFF:
            return False
        segment = data[at + 4 : at + 2 + length]
        at += 2 + length
        if kind == _PROGRESSIVE and len(segment) > 5:
            deep = {component: set() for component in segment[6::3]}
        if kind == _SOS and segment and len(segment) >= 4 + 2 * segment[0]:
            names, (first, last, bits) = segment[1 : 1 + 2 * segment[0] : 2], segment[-3:]
            if bits & 15 == 0 and at < len(data):
                for component in names:
                    deep.setdefault(component, set()).update(range(first, last + 1))
            at = end_of_scan(data, at)
    return bool(deep) and all(found >= _COEFFICIENTS for found in deep.values())
