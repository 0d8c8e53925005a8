"""Paintings made of blocks about one colour."""

import io

import numpy as np
from PIL import Image


def painting(colour: tuple[int, int, int], grain_px: int = 4, spread: int = 60) -> bytes:
    """Blocks of `grain_px` about a colour."""
    rng = np.random.default_rng(5)
    blocks = (
        rng.integers(-spread, spread + 1, (128 // grain_px, 128 // grain_px, 1)).repeat(grain_px, 0).repeat(grain_px, 1)
    )
    packed = io.BytesIO()
    Image.fromarray(np.clip(np.array(colour) + blocks, 0, 255).astype(np.uint8)).save(packed, "PNG")
    return packed.getvalue()
