"""The finished file: JPEG or PNG in sRGB that says how it was made, and nothing about the photo it was made from."""

import io

from PIL import Image

from worker.contract import Format, Options
from worker.contract.provenance import signed, software

JPEG_QUALITY = 92


def encode(picture: Image.Image, options: Options, backbone: str) -> bytes:
    """The file to hand over, in `options.format`. The same picture and options give the same bytes."""
    buffer = io.BytesIO()
    # Pillow's encoders copy comments and profiles from `info` unasked; a copy without it has nothing to leak.
    picture = picture.copy()
    picture.info = {}
    if options.format is Format.PNG:
        picture.save(buffer, "PNG")
    else:
        picture.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4", optimize=True)
    return signed(buffer.getvalue(), options, backbone, software())
