"""The open pictures that lite is trained on, and the crops taken from them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

HELD_OUT_EVERY = 10
"""One picture in this many is never trained on."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pictures in memory: uint8, RGB, 3xHxW, of different sizes."""

    photos: tuple[Tensor, ...]
    art: tuple[Tensor, ...]


def load(folder: Path) -> tuple[Shelf, Shelf]:
    """(training, held out) from `folder/photos` and `folder/art`; a tenth, by order of name, is held out."""
    photos, art = (_read_all(folder / kind) for kind in ("photos", "art"))
    return (
        Shelf(_without_held_out(photos), _without_held_out(art)),
        Shelf(photos[::HELD_OUT_EVERY], art[::HELD_OUT_EVERY]),
    )


def _read_all(folder: Path) -> tuple[Tensor, ...]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not files:
        raise FileNotFoundError(f"no pictures in {folder}")
    return tuple(_read(path) for path in files)


def _read(path: Path) -> Tensor:
    with Image.open(path) as picture:
        return torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1).contiguous()


def _without_held_out(pictures: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(picture for i, picture in enumerate(pictures) if i % HELD_OUT_EVERY)


def crop(picture: Tensor, edge_px: int, generator: torch.Generator) -> Tensor:
    """A random square of a picture, float32 in [0, 1], 3 x edge_px x edge_px: up to the whole of it, and mirrored."""
    _, height, width = picture.shape
    largest = min(height, width)
    smallest = min(edge_px * 3 // 4, largest)
    side = int(torch.randint(smallest, largest + 1, (), generator=generator))
    top = int(torch.randint(0, height - side + 1, (), generator=generator))
    left = int(torch.randint(0, width - side + 1, (), generator=generator))
    square = picture[None, :, top : top + side, left : left + side].float() / 255
    if torch.rand((), generator=generator) < 0.5:
        square = square.flip(-1)
    resized = F.interpolate(square, size=(edge_px, edge_px), mode="bilinear", antialias=True, align_corners=False)
    return resized[0].clamp(0, 1)


def draw(pictures: tuple[Tensor, ...], generator: torch.Generator) -> Tensor:
    return pictures[int(torch.randint(0, len(pictures), (), generator=generator))]


def sample(shelf: Shelf, count: int, edge_px: int, seed: int) -> Tensor:
    """Random crops, half photos and half art, Bx3xExE."""
    random = torch.Generator().manual_seed(seed)
    kinds = (shelf.photos, shelf.art)
    return torch.stack([crop(draw(kinds[i % 2], random), edge_px, random) for i in range(count)])
