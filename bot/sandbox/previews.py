"""Small versions of the pictures that people post, made by the same confined decoder that the bot uses."""

import io
from pathlib import Path

from PIL import Image

from bot.errors import PictureError
from bot.pictures.decode import SafeDecoder
from bot.pictures.encode import saved
from bot.pictures.limits import Limits
from worker.process.files import write_whole

EDGE_PX = 640
_QUALITY = 80


class Previews:
    """Made when first asked for, then kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._decoder = SafeDecoder(Limits(edge_px=EDGE_PX, png_pixels=0))

    def of(self, file: Path) -> Path | None:
        """The preview of `file`, a JPEG of at most 640 px; None where it is no picture that can be opened."""
        made = self._folder / f"{file.name}.jpg"
        if not made.exists():
            try:
                bare = self._decoder.normalise(file.read_bytes())
            except (PictureError, OSError):
                return None
            self._folder.mkdir(exist_ok=True, mode=0o700)
            write_whole(made, _smaller(bare))
        return made

    def close(self) -> None:
        self._decoder.close()


def _smaller(bare: bytes) -> bytes:
    """Pixels that came out of the decoder, in fewer bytes."""
    with Image.open(io.BytesIO(bare), formats=("JPEG", "PNG")) as image:
        return saved(image.convert("RGB"), "JPEG", quality=_QUALITY, optimize=True, progressive=True)
