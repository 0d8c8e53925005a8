"""The loop on a tiny random network: sizes, seeds, and what the last iterate holds."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from worker.gatys.recipe import Recipe
from worker.gatys.stylize import Iterate, stylize
from worker.gatys.vgg import Vgg

SHORT = Recipe(edge_px=64, steps=4, first_px=48)


@pytest.fixture(scope="module")
def net() -> Vgg:
    torch.manual_seed(1)
    return Vgg((4, 4, 8, 8, 8))


def picture(height: int, width: int, seed: int) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def paint(photo: Tensor | None, styles: Sequence[Tensor], recipe: Recipe, net: Vgg, seed: int = 0) -> Iterate:
    *_, last = stylize(photo, styles, recipe, net, seed=seed)
    return last


def test_the_last_iterate_is_done_and_has_the_size_that_was_asked_for(net: Vgg) -> None:
    last = paint(picture(60, 80, 1), [picture(50, 70, 2)], SHORT, net)
    assert last.done
    assert last.fraction == 1
    assert last.image.shape == (1, 3, 48, 64)
    assert 0 <= last.image.min() <= last.image.max() <= 1


def test_a_strip_of_20_to_1_keeps_its_shape(net: Vgg) -> None:
    assert paint(picture(10, 200, 1), [picture(50, 70, 2)], SHORT, net).image.shape == (1, 3, 3, 64)


def test_the_same_seed_paints_the_same_picture_and_another_seed_another(net: Vgg) -> None:
    photo, style = picture(60, 80, 1), picture(50, 70, 2)
    first, again, other = (paint(photo, [style], SHORT, net, seed).image for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_without_a_photo_a_square_texture_is_painted(net: Vgg) -> None:
    assert paint(None, [picture(50, 70, 2)], SHORT, net).image.shape == (1, 3, 64, 64)
