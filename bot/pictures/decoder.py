"""The sandboxed child: one picture in on stdin, bare sRGB pixels or the reason for none out on stdout, then the end.

Forked from a process that has loaded everything decoding needs (see bot.pictures.forkserver_main), it gives up every
right it has and only then reads. It serves one picture, so nothing of one person's picture can reach the next.
"""

import io
import math
import os
import struct
import sys
import warnings
import zlib
from functools import partial

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bot.errors import PictureError, PictureReason
from bot.pictures import heic
from bot.pictures.confine import MINIMUM
from bot.pictures.early_end import mended
from bot.pictures.encode import encoded, fitted, saved
from bot.pictures.formats import sniff, with_known_brand
from bot.pictures.frames import show_something
from bot.pictures.gamma import profile_of
from bot.pictures.ground import check_content, laid_on_ground
from bot.pictures.limits import Limits

PLUGINS = (
    AvifImagePlugin, BmpImagePlugin, GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin,
    WebPImagePlugin,
)  # fmt: skip
"""Named so that they are loaded before no file can be opened any more; TIFF's reads EXIF blocks, too."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "BMP")
"""In Pillow's words; MPO, what some phones write, opens as JPEG."""

TIFF_COMPRESSIONS = frozenset({
    "raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "jpeg", "tiff_ccitt", "group3", "group4",
})  # fmt: skip
"""What scanners and painting programs write; libtiff knows a dozen more."""

ORIENTATION = 0x0112
"""EXIF tag; 1 to 8, each a turn or a mirroring (CIPA DC-008, section 4.6.4)."""

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, OverflowError, struct.error, zlib.error, KeyError, IndexError,
    TypeError, AttributeError, NotImplementedError, RuntimeError, MemoryError,
)  # fmt: skip
"""What Pillow is known to raise on damaged files, beside its own two kinds of decompression bomb errors."""


def serve(limits: Limits, layers: list[str]) -> None:
    """Say what holds this process, decode one picture, leave."""
    _say(f"ready {' '.join(layers)}\n".encode())
    data = sys.stdin.buffer.read(limits.input_bytes + 1)
    try:
        if sniff(data) == heic.MEDIA_TYPE and MINIMUM - set(layers):
            raise PictureError(PictureReason.FORMAT)
        _say(b"ok\n" + normalise(data, limits))
    except PictureError as refusal:
        _say(f"no {refusal.reason.value}\n".encode())
    os._exit(0)


def normalise(data: bytes, limits: Limits) -> bytes:
    """Encoded picture of any accepted format -> PNG or JPEG: RGB, sRGB, upright, opaque, first frame, no metadata."""
    image = normalised(data, limits)
    if limits.fit_bytes:  # a painting of ours, whatever it shows
        return fitted(image, limits.fit_bytes)
    check_content(image)
    return encoded(image, limits)


def normalised(data: bytes, limits: Limits) -> Image.Image:
    """The same as pixels. Raises PictureError."""
    try:
        image = _loaded(with_known_brand(data), limits)
        orientation, profile = image.getexif().get(ORIENTATION), image.info.get("icc_profile")
        if image.format == "PNG":
            profile = profile or profile_of(image.info)
        pixels = _small(_opaque(_eight_bits(image), limits), limits)
        return _upright(_srgb(pixels, profile), orientation)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(PictureReason.TOO_MANY_PIXELS) from None
    except BROKEN:
        raise PictureError(PictureReason.BROKEN) from None


def _loaded(data: bytes, limits: Limits) -> Image.Image:
    image = _opened(data, limits)
    show_something(image)
    try:
        image.load()
    except OSError:
        if image.format not in {"JPEG", "MPO"}:
            raise
        return mended(data, partial(_opened, limits=limits))
    return image


def _opened(data: bytes, limits: Limits) -> Image.Image:
    """A file of an accepted kind and size, of which no pixel is decoded yet, but for HEIC."""
    if sniff(data) == heic.MEDIA_TYPE:
        return heic.decoded(data, limits)
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    decoded_smaller = image.format in {"JPEG", "MPO"} and not image.info.get("progressive")
    limits.check(image.height, image.width, decoded_smaller=decoded_smaller)
    if image.format == "TIFF" and image.info.get("compression", "raw") not in TIFF_COMPRESSIONS:
        raise PictureError(PictureReason.FORMAT)
    _reduce_while_decoding(image, limits)
    return image


def _reduce_while_decoding(image: Image.Image, limits: Limits) -> None:
    """JPEG can leave out frequencies that a smaller picture has no room for: less time, a quarter of the memory."""
    scale = limits.edge_px / max(image.size)
    if scale < 1:
        image.draft(None, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Image.convert() clips deeper pixels at 255 instead of scaling them."""
    if not image.mode.startswith(("I", "F")):
        return image
    top = 65_535.0
    if not image.mode.startswith("I;16"):
        low, high = image.getextrema()
        if not (isinstance(low, int | float) and isinstance(high, int | float) and math.isfinite(high - low)):
            raise ValueError("pixels that are no numbers")
        top = next(
            (float(white) for white in (1, 255, 65_535) if high <= white and (white > 1 or image.mode == "F")), high
        )
    deep = image.convert("I") if image.mode.startswith("I;16") and image.mode != "I;16" else image
    grey = deep.point(lambda value: value * (255 / top) + 0.5).convert("L")
    grey.info = {}
    return grey


def _opaque(image: Image.Image, limits: Limits) -> Image.Image:
    if not image.has_transparency_data:
        return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")
    layer = image if image.mode in {"LA", "RGBA"} else image.convert("RGBA")
    # First, so that 40 Mpx are never held three times.
    return laid_on_ground(_small(layer, limits).convert("RGBA"))


def _small(image: Image.Image, limits: Limits) -> Image.Image:
    if max(image.size) > limits.edge_px:
        image.thumbnail((limits.edge_px, limits.edge_px), Image.Resampling.LANCZOS)
    return image


def _srgb(image: Image.Image, profile: object) -> Image.Image:
    """To sRGB by the picture's own profile; a profile that is damaged or for other channels is ignored."""
    if isinstance(profile, bytes):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            own = image.convert("RGB") if image.mode == "L" and source.profile.xcolor_space == "RGB " else image
            converted = ImageCms.profileToProfile(own, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, *BROKEN):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _upright(image: Image.Image, orientation: object) -> Image.Image:
    image.info = {}  # else Pillow would write a stranger's EXIF block anew, and stumble over a damaged one
    image.getexif()[ORIENTATION] = orientation
    return ImageOps.exif_transpose(image)


def prepare(limits: Limits) -> None:
    """Tighten Pillow's limits, and go once through everything that loads or allocates lazily."""
    Image.MAX_IMAGE_PIXELS = max(limits.pixels, limits.jpeg_pixels)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    heic.library()
    sample = Image.linear_gradient("L").resize((limits.shortest_px, limits.shortest_px)).convert("RGB")
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    normalise(saved(sample, "JPEG", exif=exif, icc_profile=SRGB.tobytes()), limits)


def _say(message: bytes) -> None:
    sys.stdout.buffer.write(message)
    sys.stdout.buffer.flush()
