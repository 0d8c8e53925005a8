"""Paintings made of blocks about one colour."""

import io

import numpy as np
from PIL import Image


def painting(colour: tuple[int, int, int], grain_px: int = 4, spread: int = 60, edge_px: int = 128) -> bytes:
    """Blocks of `grain_px` about a colour."""
    rng = np.random.default_rng(5)
    count = edge_px // grain_px
    blocks = rng.integers(-spread, spread + 1, (count, count, 1)).repeat(grain_px, 0).repeat(grain_px, 1)
    packed = io.BytesIO()
    Image.fromarray(np.clip(np.array(colour) + blocks, 0, 255).astype(np.uint8)).save(packed, "PNG")
    return packed.getvalue()
