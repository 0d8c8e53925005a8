"""What lies around a painting is found, and a painting without surroundings stays whole."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor

from bot.styles.catalogue import HOUSE
from tests import PICTURES
from worker.gatys.normalise import dead_leaves
from worker.render import pixels
from worker.render.frames import inner, unframed

HEIGHT, WIDTH = 240, 320


_leaves = cache(dead_leaves)


def leaves(seed: int = 1) -> Tensor:
    """Something with edges everywhere."""
    return _leaves(WIDTH, seed=seed)[..., :HEIGHT, :].clone()


def landscape() -> Tensor:
    """An even sky over jagged trees."""
    x = torch.arange(WIDTH)
    trees = 90 + 25 * torch.sin(x / 7) + 15 * torch.sin(x / 2.3)
    below = torch.arange(HEIGHT)[:, None] > trees
    sky = torch.tensor([0.6, 0.7, 0.85]).view(1, 3, 1, 1) + torch.linspace(-0.05, 0.05, HEIGHT).view(1, 1, -1, 1)
    return torch.where(below, leaves(2), sky.expand(1, 3, HEIGHT, WIDTH))


def around(picture: Tensor, ground: Tensor, top: int, left: int) -> Tensor:
    """The picture on a ground, 1x3xHxW or 1x3x1x1 of a size to be made."""
    whole = ground.clone()
    whole[..., top : top + picture.shape[-2], left : left + picture.shape[-1]] = picture
    return whole


def plain(colour: tuple[float, float, float], height: int, width: int, grain: float = 0.0) -> Tensor:
    noise = torch.randn(1, 1, height, width, generator=torch.Generator().manual_seed(0))
    return (torch.tensor(colour).view(1, 3, 1, 1) + grain * noise).clamp(0, 1)


def mat(picture: Tensor, colour: tuple[float, float, float] = (0.98, 0.97, 0.94), grain: float = 0.005) -> Tensor:
    height, width = picture.shape[-2:]
    return around(picture, plain(colour, height + 80, width + 80, grain), 40, 40)


def uneven(picture: Tensor) -> Tensor:
    height, width = picture.shape[-2:]
    return around(picture, plain((0.9, 0.88, 0.85), height + 75, width + 90, 0.01), 55, 20)


def wood(picture: Tensor, thick: int = 24) -> Tensor:
    """Planks with grain along them, and a bevel from light to dark."""
    height, width = picture.shape[-2] + 2 * thick, picture.shape[-1] + 2 * thick
    y, x = torch.arange(height)[:, None].float(), torch.arange(width)[None].float()
    depth = torch.minimum(torch.minimum(y, height - 1 - y), torch.minimum(x, width - 1 - x))
    bevel = 1 + 0.3 * torch.sin(depth / thick * 5) + 0.1 * torch.sin(depth * 2.1)
    return around(picture, (torch.tensor([0.4, 0.26, 0.14]).view(1, 3, 1, 1) * bevel).clamp(0, 1), thick, thick)


def wall(picture: Tensor) -> Tensor:
    """Lit from the left, with a soft shadow below and to the right."""
    height, width = picture.shape[-2] + 130, picture.shape[-1] + 150
    ground = plain((0.84, 0.82, 0.78), height, width, 0.015) * torch.linspace(1.05, 0.85, width)
    shadow = torch.zeros(1, 1, height, width)
    shadow[..., 66 : 66 + picture.shape[-2], 86 : 86 + picture.shape[-1]] = 0.5
    return around(picture, (ground * (1 - torch.nn.functional.avg_pool2d(shadow, 9, 1, 4))).clamp(0, 1), 60, 80)


def letterbox(picture: Tensor) -> Tensor:
    return around(picture, plain((0, 0, 0), HEIGHT + 60, WIDTH), 30, 0)


def scanned(picture: Tensor) -> Tensor:
    return around(picture, plain((0.99, 0.99, 0.99), HEIGHT + 12, WIDTH + 20, 0.003), 0, 0)


SURROUNDINGS: list[Callable[[Tensor], Tensor]] = [
    mat,
    lambda picture: mat(picture, (0.05, 0.05, 0.05)),
    lambda picture: mat(picture, (0.25, 0.35, 0.3), 0.01),
    uneven,
    wood,
    lambda picture: wood(mat(picture)),
    wall,
    lambda picture: wall(wood(picture)),
    lambda picture: wall(mat(mat(picture), (0.08, 0.07, 0.07))),
    letterbox,
    scanned,
]
NAMES = ["mat", "black mat", "green mat", "uneven margins", "wood", "wood and mat", "wall", "wood on a wall"]
NAMES += ["frame and mat on a wall", "bars", "scan margins"]


@pytest.mark.parametrize("painting", [leaves, landscape])
@pytest.mark.parametrize("surround", SURROUNDINGS, ids=NAMES)
def test_what_lies_around_a_painting_goes_and_the_painting_stays(
    painting: Callable[[], Tensor], surround: Callable[[Tensor], Tensor]
) -> None:
    framed = surround(painting())
    marked = inner(framed)
    height, width = marked.size
    assert HEIGHT - 20 <= height <= HEIGHT + 2
    assert WIDTH - 20 <= width <= WIDTH + 2
    top, left = _place(painting(), framed)
    assert top - 1 <= marked.top <= top + 10
    assert left - 1 <= marked.left <= left + 10


def test_what_is_inside_is_cut_out() -> None:
    framed = mat(leaves())
    marked = inner(framed)
    inside = framed[..., marked.top : marked.top + marked.size[0], marked.left : marked.left + marked.size[1]]
    assert torch.equal(unframed(framed), inside)


def _place(painting: Tensor, framed: Tensor) -> tuple[int, int]:
    """Where the painting was put: its last row is nowhere else."""
    height, width = painting.shape[-2:]
    last = painting[..., -1, :]
    for bottom, left in (framed == last[..., None, :1]).all(1)[0].nonzero().tolist():
        if torch.equal(framed[..., bottom, left : left + width], last):
            return bottom - height + 1, left
    raise AssertionError("the painting is not there")


@pytest.mark.parametrize("painting", [leaves, landscape, lambda: plain((0.3, 0.4, 0.5), HEIGHT, WIDTH)])
def test_a_painting_without_surroundings_stays_the_same_object(painting: Callable[[], Tensor]) -> None:
    picture = painting()
    assert unframed(picture) is picture


def test_a_window_with_bars_is_no_frame() -> None:
    window = leaves()
    window[..., 56:64, :] = window[..., 176:184, :] = 0.05
    window[..., 76:84] = window[..., 236:244] = 0.05
    assert unframed(window) is window


@pytest.mark.parametrize("size", [(16, 16), (16, 300), (24, 16), (1, 1)])
def test_pictures_of_any_size_can_be_looked_at(size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))
    assert unframed(picture).shape[-1] > 0


def test_a_framed_starry_night_loses_its_frame_and_paintings_lose_nothing() -> None:
    assert inner(_opened(PICTURES / "framed_starry_night.jpg")).size == pytest.approx((135, 171), abs=4)
    cut = {}
    for path in sorted(HOUSE.glob("*.jpg")):
        picture = _opened(path)
        if unframed(picture) is not picture:
            cut[path.stem] = inner(picture).size
    assert list(cut) == ["piazza-del-popolo"]
    """The only one that has a margin, of paper, with a line of writing."""


def _opened(path: Path) -> Tensor:
    with Image.open(path) as picture:
        assert picture.mode == "RGB"
    return pixels.decode(path.read_bytes())
