"""What a file says it is by its first bytes, and whether we open that."""

from bot.errors import PictureError, PictureReason
from bot.pictures import heic

ALWAYS_OPENED = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/tiff", "image/bmp"}
)
OPENED = ALWAYS_OPENED | ({heic.MEDIA_TYPE} if heic.is_installed() else frozenset())
"""Media types that the decoder accepts; everything else is refused before a decoder sees it."""

_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/apng": "image/png",
    # What holds HEIC's pictures, and several of them.
    "image/heif": heic.MEDIA_TYPE,
    "image/heic-sequence": heic.MEDIA_TYPE,
    "image/heif-sequence": heic.MEDIA_TYPE,
    "image/tif": "image/tiff",
    "image/x-tiff": "image/tiff",
    "image/x-bmp": "image/bmp",
    "image/x-ms-bmp": "image/bmp",
}

_SIGNATURES: dict[str, bytes | tuple[bytes, ...]] = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/bmp": b"BM",
    "image/tiff": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "image/vnd.microsoft.icon": b"\x00\x00\x01\x00",
    "image/vnd.adobe.photoshop": b"8BPS",
    "application/postscript": (b"%!PS", b"\xc5\xd0\xd3\xc6"),
    "application/pdf": b"%PDF",
    "image/fits": b"SIMPLE  =",
    "image/jp2": (b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51"),
    "image/jxl": (b"\xff\x0a", b"\x00\x00\x00\x0cJXL "),
}

_BRANDS = (
    ("image/avif", frozenset({b"avif", b"avis", b"avio", b"MA1A", b"MA1B"})),
    (heic.MEDIA_TYPE, frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})),
)
"""What ISO base media files (ISO/IEC 14496-12, section 4.3) that hold pictures are called, as major or as a compatible
brand (AV1 Image File Format, section 6 and ISO/IEC 23008-12, annex B); others hold films."""

_CONTAINERS = frozenset({b"mif1", b"mif2", b"miaf", b"msf1", b"miAB", b"miHB"})
"""Brands that any codec's pictures may have (ISO/IEC 23000-22)."""

_CODECS = ((b"av01", "image/avif"), (b"hvc1", heic.MEDIA_TYPE))
_META_BYTES = 65_536


def _sniff_brands(data: bytes) -> str:
    """By the brands in the first box, else by the kind of its items."""
    length = int.from_bytes(data[:4], "big")
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(length, len(data), 1024) - 3, 4))}
    for media_type, names in _BRANDS:
        if names & brands:
            return media_type
    if not _CONTAINERS & brands:
        return "video/mp4"
    found = [media_type for codec, media_type in _CODECS if codec in data[:_META_BYTES]]
    return found[0] if found else "image/heif"


def with_known_brand(data: bytes) -> bytes:
    """An AVIF under the brand that every decoder of it knows, whichever of its brands came first."""
    return data[:8] + b"avif" + data[12:] if data[4:8] == b"ftyp" and sniff(data) == "image/avif" else data


def sniff(data: bytes) -> str:
    """Media type by magic number, `video/mp4` for other ISO media, or empty when nothing is recognised."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _sniff_brands(data)
    for media_type, signatures in _SIGNATURES.items():
        if data.startswith(signatures):
            return media_type
    if b"<svg" in data[:1024].lower():
        return "image/svg+xml"
    return ""


def admit(data: bytes, declared: str = "") -> str:
    """The media type of `data` if it may be decoded.

    `declared` is the media type its server gave, or empty. A file whose declared picture format is another one than its
    bytes is refused: honest servers do not do that, and files that two programs read differently are an attack.
    Raises PictureError: NOT_A_PICTURE, FORMAT or MISLABELLED.
    """
    found = sniff(data)
    if not found:
        raise PictureError(PictureReason.NOT_A_PICTURE)
    if found not in OPENED:
        raise PictureError(PictureReason.FORMAT)
    claimed = declared.partition(";")[0].strip().lower()
    claimed = _ALIASES.get(claimed, claimed)
    if claimed.startswith("image/") and claimed != found:
        raise PictureError(PictureReason.MISLABELLED)
    return found
