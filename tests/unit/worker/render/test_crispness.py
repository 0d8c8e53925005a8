"""Fine light and shade: measured, and raised to a level."""

import pytest
import torch
from torch import Tensor

from worker.render import crispness
from worker.render.gaussian import blurred


def noise(seed: int, size: tuple[int, int] = (48, 64), contrast: float = 0.2) -> Tensor:
    return 0.5 + contrast * (torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(seed)) - 0.5)


def test_an_even_picture_and_a_slope_are_not_crisp_at_all() -> None:
    slope = torch.linspace(0.2, 0.8, 64).expand(1, 3, 48, 64)
    assert crispness.level(torch.full((1, 3, 48, 64), 0.4)) < 1e-10
    assert crispness.level(slope) < 1e-2 * crispness.level(noise(1))


@pytest.mark.parametrize("size", [(32, 32), (192, 512), (96, 1024)], ids=["32 px", "512 px", "1024 px"])
def test_a_soft_painting_is_raised_to_the_level_asked_for(size: tuple[int, int]) -> None:
    painting = noise(1, size)
    least = 1.1**2 * crispness.level(painting)
    assert crispness.level(crispness.raised(painting, least)) == pytest.approx(least, rel=0.25)


def test_a_painting_that_is_crisp_enough_stays_as_it_is() -> None:
    painting = noise(3)
    assert crispness.raised(painting, 0.5 * crispness.level(painting)) is painting


def test_greys_stay_grey_and_no_value_leaves_the_range() -> None:
    grey = noise(4, contrast=1.0)[:, :1].expand(-1, 3, -1, -1)
    crisp = crispness.raised(grey, 1.0)
    assert bool((crisp.amax(1) - crisp.amin(1) < 1e-6).all())
    assert 0 <= crisp.min() <= crisp.max() <= 1


def test_broad_light_and_shade_stay() -> None:
    painting = noise(5)
    crisp = crispness.raised(painting, 1.0)
    broad, change = blurred(crisp - painting, 4.0)[..., 12:-12, 12:-12], crisp - painting
    assert broad.std() < 0.05 * change.std()


def test_strips_are_equal_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    painting = noise(6)
    whole = crispness.raised(painting, 1.0)
    monkeypatch.setattr(crispness, "STRIP_PIXELS", 64 * 7)
    assert torch.allclose(crispness.raised(painting, 1.0), whole, atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1)])
def test_pictures_of_any_size_are_raised(size: tuple[int, int]) -> None:
    assert crispness.raised(noise(7, size), 1.0).shape == (1, 3, *size)
