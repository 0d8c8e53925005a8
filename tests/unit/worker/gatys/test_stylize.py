"""The loop on a tiny random network: sizes, seeds, nasty pictures, tiles, and what the last iterate holds."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.contract.errors import OutOfMemory
from worker.gatys import descent, memory
from worker.gatys.guide import Guide
from worker.gatys.recipe import Recipe
from worker.gatys.stylize import Iterate, stylize
from worker.gatys.vgg import Vgg

SHORT = Recipe(edge_px=64, steps=4, first_px=48)
ROOMY = 2.0**40
PHOTO, STYLE = picture(60, 80, 1), picture(50, 70, 2)


@pytest.fixture(scope="module")
def net() -> Vgg:
    return tiny_net()


def paint(photo: Tensor | None, styles: Sequence[Tensor], recipe: Recipe, net: Vgg, seed: int = 0) -> Iterate:
    *_, last = stylize(photo, styles, recipe, net, seed=seed, budget_bytes=ROOMY)
    return last


def test_the_last_iterate_is_done_and_has_the_size_that_was_asked_for(net: Vgg) -> None:
    last = paint(PHOTO, [STYLE], SHORT, net)
    assert last.done
    assert last.fraction == 1
    assert last.image.shape == (1, 3, 48, 64)
    assert 0 <= last.image.min() <= last.image.max() <= 1


def test_the_fraction_grows_to_1(net: Vgg) -> None:
    fractions = [
        iterate.fraction
        for iterate in stylize(PHOTO, [STYLE], replace(SHORT, first_px=32), net, seed=0, budget_bytes=ROOMY)
    ]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_a_strip_of_20_to_1_keeps_its_shape(net: Vgg) -> None:
    assert paint(picture(10, 200, 1), [STYLE], SHORT, net).image.shape == (1, 3, 3, 64)


def test_the_same_seed_paints_the_same_picture_and_another_seed_another(net: Vgg) -> None:
    first, again, other = (paint(PHOTO, [STYLE], SHORT, net, seed).image for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_larger_size_starts_with_fine_detail_in_all_directions(net: Vgg) -> None:
    """Enlarged detail lies along rows and columns, and grows into a mesh where there is no other."""

    def diagonal(grain: float) -> float:
        recipe = replace(SHORT, edge_px=256, first_px=128, grain=grain)
        iterates = stylize(picture(256, 256, 1), [STYLE], recipe, net, seed=0, budget_bytes=ROOMY)
        large = next(iterate.image for iterate in iterates if iterate.edge_px == 256)
        power = torch.fft.rfft2(large[0].mean(0)).abs().square()
        return float(power[80:100, 80:100].mean())

    assert diagonal(0.03) > 10 * diagonal(0)


def test_without_a_photo_a_square_texture_is_painted(net: Vgg) -> None:
    assert paint(None, [STYLE], SHORT, net).image.shape == (1, 3, 64, 64)


def test_a_blend_lies_between_its_styles_and_is_all_of_one_where_the_other_weighs_nothing(net: Vgg) -> None:
    other = picture(40, 40, 7)
    alone = paint(PHOTO, [STYLE], SHORT, net).image
    nearly = paint(PHOTO, [STYLE, other], replace(SHORT, blend=(1.0, 1e-9)), net).image
    even = paint(PHOTO, [STYLE, other], SHORT, net).image
    # Rounding moves single pixels; what another style changes is of another size.
    assert (nearly - alone).abs().mean() < (even - alone).abs().mean() / 5


NASTY = {
    "black": torch.zeros(1, 3, 64, 64),
    "white": torch.ones(1, 3, 64, 64),
    "noise": torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)),
    "two colours": (torch.arange(64) % 2).float().expand(1, 3, 64, 64),
}


@pytest.mark.parametrize("photo", NASTY.values(), ids=NASTY.keys())
@pytest.mark.parametrize("style", NASTY.values(), ids=NASTY.keys())
def test_nasty_pictures_end_in_a_finite_painting(
    net: Vgg, photo: Tensor, style: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descent, "CHECK_EVERY", 4)
    image = paint(photo, [style], replace(SHORT, edge_px=32, steps=10), net).image
    assert torch.isfinite(image).all()


def test_where_the_guide_says_so_more_of_the_photo_is_kept(net: Vgg) -> None:
    recipe = replace(SHORT, steps=40, content_weight=0.05)
    keep = torch.zeros(1, 1, 48, 64)
    keep[..., :32] = 1
    photo = torch.nn.functional.interpolate(PHOTO, size=(48, 64), mode="bilinear")
    style = 0.3 * STYLE
    *_, free = stylize(photo, [style], recipe, net, seed=0, budget_bytes=ROOMY)
    *_, guided = stylize(
        photo, [style], recipe, net, seed=0, budget_bytes=ROOMY, guide=Guide(keep, style_drop=0.9, content_boost=20)
    )
    lost_free, lost_guided = ((last.image - photo)[..., :24].abs().mean() for last in (free, guided))
    assert lost_guided < 0.97 * lost_free
    assert lost_guided > 0.005, "a face is still painted"


def test_a_tiled_painting_is_close_to_the_whole_one(net: Vgg) -> None:
    recipe = Recipe(edge_px=224, steps=6, first_px=220, step_size=0.003)
    photo, style = picture(168, 224, 1), picture(100, 100, 2)
    *_, whole = stylize(photo, [style], recipe, net, seed=0, budget_bytes=2**40)
    *_, tiles = stylize(photo, [style], recipe, net, seed=0, budget_bytes=0)
    assert memory.tile_px(net, (168, 224), 0) == memory.SMALLEST_TILE_PX
    # Their gradients differ by rounding, and each step by what the steps before made of that.
    assert (whole.image - tiles.image).abs().mean() < 0.01


class Cramped(Vgg):
    """A network on a device that holds so many pixels at once."""

    def __init__(self, pixels: int) -> None:
        super().__init__((4, 4, 8, 8, 8))
        self.pixels = pixels

    def forward(self, x: Tensor, layers: Sequence[str]) -> dict[str, Tensor]:  # type: ignore[override]  # narrower
        if x.shape[-1] * x.shape[-2] > self.pixels:
            raise torch.OutOfMemoryError("allocate memory")
        return super().forward(x, layers)


def test_a_shortage_of_memory_halves_the_tile_and_goes_on() -> None:
    recipe = Recipe(edge_px=480, steps=2, first_px=400)
    *_, last = stylize(
        picture(48, 480, 1), [picture(40, 480, 2)], recipe, Cramped(48 * 440), seed=0, budget_bytes=ROOMY
    )
    assert last.done
    assert last.image.shape == (1, 3, 48, 480)


def test_where_even_the_smallest_tile_does_not_fit_that_is_said() -> None:
    with pytest.raises(OutOfMemory):
        list(stylize(picture(64, 64, 1), [STYLE], SHORT, Cramped(100), seed=0, budget_bytes=ROOMY))
