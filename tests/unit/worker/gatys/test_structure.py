"""Where a photo has structure, and how the content's weight follows it."""

from dataclasses import replace

import pytest
import torch

from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.gatys.guide import Guide
from worker.gatys.objective import Objective
from worker.gatys.recipe import Recipe
from worker.gatys.structure import SEEN_PX, binding, structure


def half_noise(height: int, width: int) -> torch.Tensor:
    """Even on the left, noise on the right."""
    photo = torch.full((1, 3, height, width), 0.5)
    photo[..., width // 2 :] = picture(height, width, 1)[..., width // 2 :]
    return photo


def test_an_even_photo_has_no_structure_and_is_bound_by_the_floor() -> None:
    even = structure(torch.full((1, 3, 40, 60), 0.3))
    assert torch.equal(even, torch.zeros(1, 1, 40, 60))
    assert torch.equal(binding(even, 0.15, (10, 15)), torch.full((1, 1, 10, 15), 0.15))


def test_noise_binds_and_an_even_half_does_not() -> None:
    found = structure(half_noise(120, 200))
    assert found[..., :80].max() == 0
    assert found[..., 120:].mean() > 0.7
    assert 0 <= found.min() <= found.max() <= 1


def test_the_edge_between_them_is_soft() -> None:
    step = torch.zeros(1, 3, 100, 200)
    step[..., 100:] = 1
    row = structure(step)[0, 0, 50]
    assert row[100] == row.max()
    assert (row[1:] - row[:-1]).abs().max() < 0.5


def test_contrast_is_no_structure() -> None:
    photo = half_noise(120, 200)
    torch.testing.assert_close(structure(0.25 * photo), structure(photo), atol=1e-4, rtol=0)


def test_faint_lines_in_the_dark_are_structure_as_strong_ones_in_the_light_are() -> None:
    lines = 0.5 + 0.5 * picture(120, 100, 1)
    photo = torch.cat([0.2 * lines, lines], -1)
    dark, light = structure(photo).chunk(2, -1)
    assert dark.mean() / light.mean() > 0.4


@pytest.mark.parametrize("edge_px", [SEEN_PX, 2 * SEEN_PX, 1000])
def test_a_large_photo_is_looked_at_small(edge_px: int) -> None:
    assert max(structure(half_noise(edge_px * 3 // 4, edge_px)).shape) == SEEN_PX


def test_a_stroke_where_the_photo_is_even_costs_no_more_than_the_floor() -> None:
    size = (96, 128)
    net, photo = tiny_net(), half_noise(*size)
    x = photo.clone()
    x[..., 32:64, 8:40] = picture(32, 32, 3)
    recipe = Recipe(tv_weight=0, style_weights={}, content_weights={"relu2_2": 1.0})
    bound, free = (
        Objective(photo, [], replace(recipe, content_floor=floor), net, size=size).loss_and_gradient(x)[0].item()
        for floor in (1.0, 0.1)
    )
    assert free == pytest.approx(0.1 * bound, rel=0.05)


def test_a_face_binds_however_even_its_skin_is() -> None:
    keep = torch.zeros(1, 1, 30, 40)
    keep[..., :10] = 1
    bound = Guide(keep).bound(torch.zeros(1, 1, 60, 80))
    assert torch.all(bound[..., :18] == 1)
    assert torch.all(bound[..., 22:] == 0)
    lines = torch.rand(1, 1, 60, 80, generator=torch.Generator().manual_seed(1))
    assert torch.equal(Guide(torch.zeros(1, 1, 30, 40)).bound(lines), lines)
