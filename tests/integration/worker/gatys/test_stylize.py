"""The engine with the network that is shipped: what strength, scale and seed do to a small painting."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from worker.contract import Options
from worker.gatys.normalise import dead_leaves
from worker.gatys.recipe import Recipe
from worker.gatys.scales import resized
from worker.gatys.stylize import stylize
from worker.gatys.targets import style_targets
from worker.gatys.vgg import Vgg
from worker.render import weights

EDGE_PX = 96
PHOTO, STYLE = dead_leaves(EDGE_PX, leaves=300, seed=1), dead_leaves(128, leaves=900, seed=2).flip(1) ** 2


@pytest.fixture(scope="module")
def lite() -> Vgg:
    return weights.load("lite", device=torch.device("cpu"))[0]


def paint(net: Vgg, options: Options, photo: Tensor = PHOTO) -> Tensor:
    recipe = replace(Recipe.of(options), steps=60, first_px=64)
    *_, last = stylize(photo, [STYLE], recipe, net, seed=options.seed, budget_bytes=2**40)
    return last.image


def style_left(net: Vgg, painting: Tensor) -> float:
    recipe = Recipe()
    G, A = (style_targets([x], recipe, net, EDGE_PX) for x in (painting, STYLE))
    left: float = sum(((G[tap] - A[tap]).norm() / A[tap].norm()).item() for tap in A)
    return left


def content_lost(net: Vgg, painting: Tensor) -> float:
    F, P = (net(x, ("relu4_2",))["relu4_2"].flatten() for x in (painting, PHOTO))
    return 1 - torch.cosine_similarity(F, P, dim=0).item()


def test_strength_trades_the_photo_for_the_style_step_by_step(lite: Vgg) -> None:
    paintings = [paint(lite, Options(edge_px=EDGE_PX, strength=strength)) for strength in (0, 50, 100)]
    lost, left = ([measure(lite, each) for each in paintings] for measure in (content_lost, style_left))
    assert lost == sorted(lost)
    assert left == sorted(left, reverse=True)
    assert lost[0] < 0.5 * lost[-1]


def test_a_painting_has_more_of_the_style_and_less_of_the_photo_than_the_photo_itself(lite: Vgg) -> None:
    painting = paint(lite, Options(edge_px=EDGE_PX))
    assert style_left(lite, painting) < 0.5 * style_left(lite, PHOTO)


@pytest.mark.parametrize("value", [0.0, 1.0], ids=["black", "white"])
def test_an_empty_photo_becomes_a_painting_and_not_a_grey_field(lite: Vgg, value: float) -> None:
    painting = paint(lite, Options(edge_px=EDGE_PX), torch.full_like(PHOTO, value))
    assert torch.isfinite(painting).all()
    assert painting.std() > 0.02


def test_larger_strokes_are_smoother(lite: Vgg) -> None:
    def roughness(x: Tensor) -> float:
        return (x - resized(resized(x, (EDGE_PX // 3, EDGE_PX // 3)), (EDGE_PX, EDGE_PX))).abs().mean().item()

    fine, broad = (paint(lite, Options(edge_px=EDGE_PX, strength=90, style_scale=scale)) for scale in (0.5, 3))
    assert roughness(broad) < roughness(fine)


def test_the_same_seed_is_the_same_picture_bit_for_bit(lite: Vgg) -> None:
    first, again, other = (paint(lite, Options(edge_px=64, seed=seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
