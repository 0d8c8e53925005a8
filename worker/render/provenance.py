"""The finished file: JPEG or PNG in sRGB that says how it was made, and nothing about the photo it was made from."""

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from worker.contract import Format, Options
from worker.contract.provenance import software, xmp

JPEG_QUALITY = 92
PNG_XMP_KEYWORD = "XML:com.adobe.xmp"

_EXIF_SOFTWARE, _EXIF_IFD, _EXIF_COLOUR_SPACE, _SRGB = 0x0131, 0x8769, 0xA001, 1
_PNG_PERCEPTUAL = b"\0"


def encode(picture: Image.Image, options: Options, backbone: str) -> bytes:
    """The file to hand over, in `options.format`. The same picture and options give the same bytes."""
    buffer = io.BytesIO()
    packet = xmp(options, backbone, software())
    # Pillow's encoders copy comments and profiles from `info` unasked; a copy without it has nothing to leak.
    picture = picture.copy()
    picture.info = {}
    if options.format is Format.PNG:
        picture.save(buffer, "PNG", pnginfo=_png_info(packet))
    else:
        exif = _exif().tobytes()
        picture.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4", optimize=True, xmp=packet, exif=exif)
    return buffer.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[_EXIF_SOFTWARE] = software()
    exif.get_ifd(_EXIF_IFD)[_EXIF_COLOUR_SPACE] = _SRGB
    return exif


def _png_info(packet: bytes) -> PngInfo:
    info = PngInfo()
    info.add(b"sRGB", _PNG_PERCEPTUAL)
    info.add_text("Software", software())
    info.add_itxt(PNG_XMP_KEYWORD, packet.decode())
    return info
