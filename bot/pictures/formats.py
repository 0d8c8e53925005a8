"""What a file says it is by its first bytes, and whether we open that."""

from bot.errors import PictureError, PictureReason

OPENED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})
"""Media types that the decoder accepts; everything else is refused before a decoder sees it."""

_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/apng": "image/png",
}

_PREFIXES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"%!PS", "application/postscript"),
    (b"\xc5\xd0\xd3\xc6", "application/postscript"),
    (b"%PDF", "application/pdf"),
    (b"SIMPLE  =", "image/fits"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
)

_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
}
"""Major brands of ISO base media files (ISO/IEC 14496-12 section 4.3) that hold pictures; others hold films."""


def sniff(data: bytes) -> str:
    """Media type by magic number, `video/mp4` for other ISO media, or empty when nothing is recognised."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "video/mp4")
    for prefix, media_type in _PREFIXES:
        if data.startswith(prefix):
            return media_type
    if b"<svg" in data[:1024].lower():
        return "image/svg+xml"
    return ""


def admit(data: bytes, declared: str = "") -> str:
    """The media type of `data` if it may be decoded.

    `declared` is the media type its server gave, or empty. A file whose declared picture format is another one than its
    bytes is refused: honest servers do not do that, and files that two programs read differently are an attack.
    Raises PictureError: NOT_A_PICTURE or FORMAT.
    """
    found = sniff(data)
    if not found:
        raise PictureError(PictureReason.NOT_A_PICTURE)
    if found not in OPENED:
        raise PictureError(PictureReason.FORMAT)
    claimed = declared.partition(";")[0].strip().lower()
    claimed = _ALIASES.get(claimed, claimed)
    if claimed.startswith("image/") and claimed != found:
        raise PictureError(PictureReason.FORMAT)
    return found
