"""The sandboxed child: one picture in on stdin, bare sRGB pixels or the reason for none out on stdout, then the end.

Forked from a process that has loaded everything decoding needs (see bot.pictures.forkserver_main), it gives up every
right it has and only then reads. It serves one picture, so nothing of one person's picture can reach the next.
"""

import io
import os
import struct
import sys
import warnings
import zlib

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bot.errors import PictureError, PictureReason
from bot.pictures.limits import Limits

PLUGINS = (
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,  # reads EXIF blocks; TIFF files themselves are not in FORMATS
    WebPImagePlugin,
)
"""Named so that they are loaded before no file can be opened any more."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""In Pillow's words; MPO, what some phones write, opens as JPEG."""

ORIENTATION = 0x0112
"""EXIF tag; 1 to 8, each a turn or a mirroring (CIPA DC-008, section 4.6.4)."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

QUALITIES = (92, 85, 75, 60, 40)
"""Of a JPEG that has to fit a platform's limit."""

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)
"""What Pillow is known to raise on damaged files, beside its own two kinds of decompression bomb errors."""


def serve(limits: Limits, layers: list[str]) -> None:
    """Say what holds this process, decode one picture, leave."""
    _say(f"ready {' '.join(layers)}\n".encode())
    data = sys.stdin.buffer.read(limits.input_bytes + 1)
    try:
        _say(b"ok\n" + normalise(data, limits))
    except PictureError as refusal:
        _say(f"no {refusal.reason.value}\n".encode())
    os._exit(0)


def normalise(data: bytes, limits: Limits) -> bytes:
    """Encoded picture of any accepted format -> PNG or JPEG: RGB, sRGB, upright, opaque, first frame, no metadata."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            limits.check(image.height, image.width)
            _reduce_while_decoding(image, limits)
            orientation, profile = image.getexif().get(ORIENTATION), image.info.get("icc_profile")
            pixels = _small(_opaque(_eight_bits(image), limits), limits)
            return _encoded(_upright(_srgb(pixels, profile), orientation), limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(PictureReason.TOO_MANY_PIXELS) from None
    except BROKEN:
        raise PictureError(PictureReason.BROKEN) from None


def _reduce_while_decoding(image: Image.Image, limits: Limits) -> None:
    """JPEG can leave out frequencies that a smaller picture has no room for: less time, a quarter of the memory."""
    scale = limits.edge_px / max(image.size)
    if scale < 1:
        image.draft(None, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))


def _eight_bits(image: Image.Image) -> Image.Image:
    image.load()
    if not image.mode.startswith("I"):
        return image
    # Image.convert() clips 16 bits at 255 instead of scaling them.
    grey = image.point(lambda value: value * (1 / 257) + 0.5).convert("L")
    grey.info = {}
    return grey


def _opaque(image: Image.Image, limits: Limits) -> Image.Image:
    """Alpha over white; a transparent pixel's hidden colour never shows."""
    if not image.has_transparency_data:
        return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")
    layer = image if image.mode in {"LA", "RGBA"} else image.convert("RGBA")
    layer = _small(layer, limits).convert("RGBA")  # first, so that 40 Mpx are never held three times
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _small(image: Image.Image, limits: Limits) -> Image.Image:
    if max(image.size) > limits.edge_px:
        image.thumbnail((limits.edge_px, limits.edge_px), Image.Resampling.LANCZOS)
    return image


def _srgb(image: Image.Image, profile: object) -> Image.Image:
    """To sRGB by the picture's own profile; a profile that is damaged or for other channels is ignored."""
    if isinstance(profile, bytes):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, *BROKEN):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _upright(image: Image.Image, orientation: object) -> Image.Image:
    turn = TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def _encoded(image: Image.Image, limits: Limits) -> bytes:
    image.info = {}  # save() would carry an ICC profile into the PNG by itself
    if limits.fit_bytes:
        return _fitted(image, limits.fit_bytes)
    if image.width * image.height <= limits.png_pixels or image.getcolors(256):
        return _saved(image, "PNG", compress_level=6)
    return _saved(image, "JPEG", quality=95, subsampling="4:4:4")


def _fitted(image: Image.Image, limit_bytes: int) -> bytes:
    for quality in QUALITIES:
        file = _saved(image, "JPEG", quality=quality)
        if len(file) <= limit_bytes:
            break
    return file


def _saved(image: Image.Image, file_format: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format, **how)
    return file.getvalue()


def prepare(limits: Limits) -> None:
    """Tighten Pillow's limits, and go once through everything that loads or allocates lazily."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    sample = Image.new("RGB", (limits.shortest_px, limits.shortest_px))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    normalise(_saved(sample, "JPEG", exif=exif, icc_profile=SRGB.tobytes()), limits)


def _say(message: bytes) -> None:
    sys.stdout.buffer.write(message)
    sys.stdout.buffer.flush()
