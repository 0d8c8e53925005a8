"""Encoding of decoded pictures within a limit of bytes: PNG where that is small, else JPEG."""

import io

from PIL import Image

from bot.pictures.limits import Limits

_QUALITIES = ((95, "4:4:4"), (92, "4:4:4"), *((quality, "4:2:0") for quality in (88, 80, 70, 60, 50, 40, 30)))
"""Photos of 2048 px have room with one of the first; the last are for noise."""
_SMALLER = 0.8
QUALITIES = (92, 85, 75, 60, 40)
"""Of a JPEG that has to fit a platform's limit."""


def encoded(image: Image.Image, limits: Limits) -> bytes:
    """RGB pixels as PNG or JPEG of at most limits.kept_bytes, the best that has room; noise is made smaller, too."""
    image.info = {}  # save() would carry an ICC profile into the PNG by itself
    if image.width * image.height <= limits.png_pixels or image.getcolors(256):
        kept = saved(image, "PNG", compress_level=6)
        if len(kept) <= limits.kept_bytes:
            return kept
    for quality, subsampling in _QUALITIES:
        kept = saved(image, "JPEG", quality=quality, subsampling=subsampling)
        if len(kept) <= limits.kept_bytes:
            return kept
    smaller = (max(1, int(image.width * _SMALLER)), max(1, int(image.height * _SMALLER)))
    return encoded(image.resize(smaller, Image.Resampling.LANCZOS), limits)


def fitted(image: Image.Image, limit_bytes: int) -> bytes:
    """As JPEG of at most limit_bytes where any quality has room there; of the least quality where none has."""
    image.info = {}
    for quality in QUALITIES:
        file = saved(image, "JPEG", quality=quality)
        if len(file) <= limit_bytes:
            break
    return file


def saved(image: Image.Image, file_format: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format, **how)
    return file.getvalue()
