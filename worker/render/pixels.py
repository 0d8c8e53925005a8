"""Bytes to tensors and back. Pictures are RGB, 1x3xHxW float32, sRGB in [0, 1]; sizes are (height, width)."""

import io

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor

from worker.contract.errors import PictureUnreadable
from worker.gatys.scales import fitted, resized

MIN_SIDE_PX = 64
"""Short side that a strip is given by painting it larger than asked: relu5_1 sees 1/16 of it, strokes need room."""

STRIP = 8
"""Long side over short side from which a picture is a strip, at sizes where it matters."""

MAX_EDGE_PX = 4096
PREVIEW_EDGE_PX = 256
PREVIEW_QUALITY = 80


def decode(data: bytes) -> Tensor:
    """The picture in a normalised PNG or JPEG. Raises PictureUnreadable."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            rgb = np.array(picture.convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise PictureUnreadable(f"{type(error).__name__} while decoding {len(data)} bytes") from error
    return torch.from_numpy(rgb).permute(2, 0, 1)[None].float().div_(255).contiguous()


def shrunk(image: Tensor, edge_px: float) -> Tensor:
    """The picture with a long side of at most edge_px; a smaller one stays as it is."""
    size = (image.shape[-2], image.shape[-1])
    return resized(image, fitted(size, edge_px)) if max(size) > edge_px else image


def painting_size(height: int, width: int, edge_px: int) -> tuple[int, int]:
    """The size of a painting of a photo of this size: long side `edge_px`, the photo's ratio.

    A strip whose short side would be under MIN_SIDE_PX grows until it is not, up to MAX_EDGE_PX long.
    """
    long, short = max(height, width), min(height, width)
    least_px = min(MIN_SIDE_PX, edge_px / STRIP)
    edge_px = min(max(edge_px, round(least_px * long / short)), max(MAX_EDGE_PX, edge_px))
    return max(1, round(height * edge_px / long)), max(1, round(width * edge_px / long))


def to_pillow(image: Tensor) -> Image.Image:
    """The picture as 8-bit RGB without any metadata."""
    rgb = image.detach()[0].clamp(0, 1).mul(255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
    return Image.fromarray(np.ascontiguousarray(rgb))


def preview(image: Tensor, edge_px: int = PREVIEW_EDGE_PX) -> bytes:
    """A small JPEG to look at while the painting goes on; never larger than the picture itself."""
    small = to_pillow(image.detach().float())
    small.thumbnail((edge_px, edge_px), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=PREVIEW_QUALITY)
    return buffer.getvalue()
