"""Options become recipes, and sizes become ladders."""

import itertools
import math

import pytest
import torch

from worker.contract import Init, Kind, Options
from worker.gatys.canvas import first_canvas, rough
from worker.gatys.recipe import Recipe
from worker.gatys.scales import SMALLEST_SIDE_PX, fitted, ladder, resized, widened


def test_strength_50_is_the_house_recipe() -> None:
    assert Recipe.of(Options()) == Recipe()


def test_more_strength_is_less_content() -> None:
    weights = [Recipe.of(Options(strength=strength)).content_weight for strength in range(0, 101, 10)]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)


def test_what_is_asked_for_reaches_the_recipe() -> None:
    recipe = Recipe.of(Options(edge_px=1024, style_scale=2, weights=(1, 3), init=Init.NOISE))
    assert (recipe.edge_px, recipe.style_scale, recipe.shares(2), recipe.init) == (1024, 2, (0.25, 0.75), Init.NOISE)


def test_a_texture_starts_from_noise() -> None:
    assert Recipe.of(Options(kind=Kind.TEXTURE)).init is Init.NOISE


def test_styles_share_evenly_unless_told_otherwise() -> None:
    assert Recipe().shares(4) == (0.25,) * 4
    with pytest.raises(ValueError, match="2 weights for 3 styles"):
        Recipe(blend=(1, 2)).shares(3)


def test_the_layers_shares_sum_to_1() -> None:
    assert math.isclose(sum(Recipe().style_weights.values()), 1)
    assert math.isclose(sum(Recipe().content_weights.values()), 1)


@pytest.mark.parametrize("edge_px", [64, 100, 128, 140, 150, 200, 290, 300, 384, 512, 800, 1024, 4096])
def test_a_ladder_climbs_evenly_by_about_2_and_ends_at_the_size(edge_px: int) -> None:
    size = fitted((3, 4), edge_px)
    scales = ladder(size, first_px=128, steps=100, fewer=1)
    assert scales[-1].size == size
    edges = [scale.edge_px for scale in scales]
    climbs = [b / a for a, b in itertools.pairwise(edges)]
    assert all(1.15 < climb < 2.33 and abs(climb - climbs[0]) < 0.02 for climb in climbs)
    assert edges[0] == (128 if len(edges) > 1 else edge_px)
    assert edge_px < 150 or len(edges) > 1
    assert [scale.steps for scale in scales] == sorted((scale.steps for scale in scales), reverse=True)
    assert scales[0].steps == 100


def test_the_iterations_fall_by_the_octave_to_the_fewest() -> None:
    assert [scale.steps for scale in ladder((2048, 1000), first_px=128, steps=100, fewer=1)] == [100, 50, 25, 18, 18]


def test_no_scale_is_too_narrow_for_the_network() -> None:
    assert all(min(scale.size) >= SMALLEST_SIDE_PX for scale in ladder((40, 800), first_px=128, steps=9, fewer=1))


def test_a_narrow_picture_is_widened_by_its_border() -> None:
    x = torch.rand(1, 3, 4, 60)
    wide = widened(x)
    assert wide.shape == (1, 3, SMALLEST_SIDE_PX, 60)
    assert torch.equal(wide[..., 4:, :], x[..., -1:, :].expand(1, 3, SMALLEST_SIDE_PX - 4, 60))


def test_an_even_picture_is_the_same_at_every_size() -> None:
    even = torch.full((1, 3, 30, 40), 0.3)
    torch.testing.assert_close(resized(even, (17, 55)), torch.full((1, 3, 17, 55), 0.3))


def test_the_first_canvas_is_the_photo_or_grey_noise() -> None:
    photo = torch.full((1, 3, 40, 50), 0.5)
    start = first_canvas(photo, (20, 25), Init.PHOTO, jitter=0, noise=torch.Generator().manual_seed(1))
    torch.testing.assert_close(start, torch.full((1, 3, 20, 25), 0.5))
    noise = first_canvas(photo, (200, 250), Init.NOISE, jitter=0, noise=torch.Generator().manual_seed(1))
    assert noise.mean().item() == pytest.approx(0.5, abs=0.01)
    assert noise.std().item() == pytest.approx(0.15, abs=0.01)


@pytest.mark.parametrize(
    ("style", "style_scale", "edge_px", "seen_px"),
    [
        pytest.param((900, 1200), 1, 800, 400, id="a large style as large as the painting"),
        pytest.param((480, 640), 1, 800, 320, id="a small one is not enlarged"),
        pytest.param((80, 100), 1, 800, 300, id="but a tiny one is"),
        pytest.param((900, 1200), 0.5, 800, 200, id="fine strokes"),
        pytest.param((300, 400), 0.5, 800, 200, id="fine strokes of a style that was shrunk for them"),
        pytest.param((900, 1200), 4, 800, 1600, id="broad strokes, which are enlarged"),
        pytest.param((480, 640), 2, 800, 640, id="broad strokes of a small style"),
    ],
)
def test_a_style_is_looked_at_as_large_as_it_is_sharp(
    style: tuple[int, int], style_scale: float, edge_px: int, seen_px: float
) -> None:
    recipe = Recipe(edge_px=edge_px, style_scale=style_scale)
    assert recipe.style_px(style, edge_px // 2) == pytest.approx(seen_px)


def test_noise_is_added_and_kept_in_range_and_goes_on_from_seed_to_seed() -> None:
    even, noise = torch.full((1, 3, 100, 100), 0.5), torch.Generator().manual_seed(1)
    once, again = rough(even, 0.1, noise), rough(even, 0.1, noise)
    assert once.std().item() == pytest.approx(0.1, abs=0.005)
    assert not torch.equal(once, again)
    assert torch.equal(once, rough(even, 0.1, torch.Generator().manual_seed(1)))
    bright = rough(torch.ones(1, 3, 20, 20), 0.1, noise)
    assert bright.min() < 1
    assert bright.max() == 1
