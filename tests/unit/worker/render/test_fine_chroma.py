"""Colour from pixel to pixel: measured and held."""

import pytest
import torch
from torch import Tensor

from worker.gatys.luminance import luminance
from worker.render import fine_chroma
from worker.render.colour import chroma_of, grey, with_chroma


def noise(seed: int, height: int = 48, width: int = 64) -> Tensor:
    return 0.3 + 0.4 * torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def specks(size: tuple[int, int], strength: float, seed: int = 0) -> Tensor:
    """A grey gradient with single red and green pixels of one luminance."""
    height, width = size
    Y = torch.linspace(0.3, 0.7, width).expand(1, 1, height, width)
    chroma = torch.zeros(1, 2, height, width)
    signs = torch.randint(-1, 2, (height, width), generator=torch.Generator().manual_seed(seed))
    chroma[:, 0] = strength * signs
    return with_chroma(Y, chroma)


def rms(level: Tensor) -> float:
    return float(level.diagonal().sum().sqrt())


def test_grey_and_flat_colours_have_no_fine_chroma() -> None:
    flat = torch.tensor([0.8, 0.3, 0.2]).view(1, 3, 1, 1).expand(1, 3, 20, 30)
    assert rms(fine_chroma.level(grey(noise(1)))) < 1e-5
    assert rms(fine_chroma.level(flat)) < 1e-5


def test_colour_that_goes_with_light_and_shade_is_not_fine_chroma() -> None:
    Y = luminance(noise(2))
    stripes = with_chroma(Y, torch.cat([0.3 * Y, -0.2 * Y], 1))
    assert rms(fine_chroma.level(stripes)) < 0.1 * rms(fine_chroma.level(noise(2)))


@pytest.mark.parametrize("size", [(32, 32), (192, 512), (96, 1024)], ids=["32 px", "512 px", "1024 px"])
def test_specks_sink_to_the_level_of_the_style_at_every_size(size: tuple[int, int]) -> None:
    painting, most = specks(size, 0.1), fine_chroma.level(specks(size, 0.02, seed=1))
    held = fine_chroma.held(painting, most)
    assert rms(fine_chroma.level(painting)) > 3 * rms(most)
    assert rms(fine_chroma.level(held)) <= 1.1 * rms(most)
    assert torch.allclose(luminance(held), luminance(painting), atol=1e-5)


def test_a_painting_below_the_level_stays_as_it_is() -> None:
    painting = noise(3)
    held = fine_chroma.held(painting, 4 * fine_chroma.level(painting))
    assert torch.allclose(held, painting, atol=1e-5)


def test_broad_colours_stay_where_specks_go() -> None:
    left = torch.arange(64) < 32
    chroma = torch.where(left, torch.tensor(0.15), torch.tensor(-0.15)).expand(1, 2, 48, 64)
    halves = with_chroma(torch.where(left, 0.6, 0.4).expand(1, 1, 48, 64), chroma)
    held = fine_chroma.held(halves, torch.zeros(2, 2))
    assert torch.allclose(chroma_of(held), chroma, atol=0.01)


def test_strips_are_equal_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    painting, most = noise(4), fine_chroma.level(noise(4)) / 9
    whole = fine_chroma.held(painting, most)
    monkeypatch.setattr(fine_chroma, "STRIP_PIXELS", 64 * 7)
    assert torch.allclose(fine_chroma.held(painting, most), whole, atol=1e-6)
