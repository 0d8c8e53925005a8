"""HEIC files as phones and their programs write them, made by code; they need the extra `heic`."""

import io
import struct

import pillow_heif
from PIL import Image

from tests.integration.bot.pictures.odd_pictures import photo

SIZE = (96, 64)


def phone(image: Image.Image | None = None, **how: object) -> bytes:
    """A picture as a HEIC file, as good as it gets."""
    file = io.BytesIO()
    how = {"quality": 95, "chroma": 444} | how
    pillow_heif.from_pillow(image or photo(size=SIZE)).save(file, **how)
    return file.getvalue()


def deep() -> bytes:
    """Ten bits a channel, the same gradient."""
    channels = photo(size=SIZE).tobytes()
    file = io.BytesIO()
    data = b"".join(struct.pack("<H", value * 257) for value in channels)
    pillow_heif.from_bytes(mode="RGB;16", size=SIZE, data=data).save(file, quality=95, chroma=444)
    return file.getvalue()


def followed() -> bytes:
    """Two pictures, of which the second is to be shown, each with a thumbnail."""
    pictures = pillow_heif.from_pillow(Image.new("RGB", SIZE, "red"))
    pictures.add_from_pillow(photo(size=SIZE))
    file = io.BytesIO()
    pictures.save(file, quality=95, chroma=444, primary_index=1, thumbnails=[32])
    return file.getvalue()


def translucent(*, is_premultiplied: bool) -> bytes:
    """A blue card on nothing, half of it to be seen through in the middle."""
    layer = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    layer.paste((40, 90, 160, 255), (16, 16, 80, 48))
    layer.paste((20, 45, 80, 128) if is_premultiplied else (40, 90, 160, 128), (32, 24, 64, 40))
    pictures = pillow_heif.from_pillow(layer)
    pictures.premultiplied_alpha = is_premultiplied
    file = io.BytesIO()
    pictures.save(file, quality=100, chroma=444)
    return file.getvalue()


SHAPES = {
    "one picture": phone,
    "as phones subsample colours": lambda: phone(chroma=420),
    "a grid of tiles, as phones write": lambda: phone(tile_size=64),
    "ten bits": deep,
    "another picture before it, and thumbnails": followed,
}


def claiming(width: int, height: int) -> bytes:
    """A file whose header claims another size than its pixels have."""
    data = phone()
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]
