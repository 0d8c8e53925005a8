"""A painting smoothed along its strokes: grain goes, strokes stay."""

import math

import pytest
import torch
from torch import Tensor

from worker.render import brushing
from worker.render.brushing import brushed


def stripes(angle: float, size: tuple[int, int] = (64, 80), period_px: float = 6.0) -> Tensor:
    """Strokes of sine's profile, lying at `angle` to the horizontal."""
    y, x = torch.meshgrid(torch.arange(size[0]), torch.arange(size[1]), indexing="ij")
    across = y * math.cos(angle) - x * math.sin(angle)
    return (0.5 + 0.3 * torch.sin(2 * math.pi * across / period_px)).expand(1, 3, *size).contiguous()


def grain(size: tuple[int, int] = (64, 80), seed: int = 0) -> Tensor:
    return 0.05 * torch.randn(1, 3, *size, generator=torch.Generator().manual_seed(seed))


def inside(x: Tensor) -> Tensor:
    return x[..., 8:-8, 8:-8]


@pytest.mark.parametrize("angle", [0.0, 0.5, math.pi / 2, 2.5])
def test_strokes_of_any_direction_stay_and_their_grain_sinks(angle: float) -> None:
    clean = stripes(angle)
    smooth = brushed(clean + grain())
    assert inside(brushed(clean) - clean).abs().max() < 0.03
    assert inside(smooth - clean).std() < 0.75 * inside(grain()).std()


def test_nothing_is_averaged_across_a_stroke() -> None:
    thin = torch.zeros(1, 3, 32, 48)
    thin[..., 16, :] = 1.0
    assert brushed(thin)[..., 16, 8:-8].min() > 0.98


def test_an_even_picture_and_greys_stay_what_they_are() -> None:
    even = torch.tensor([0.8, 0.3, 0.1]).view(1, 3, 1, 1).expand(1, 3, 20, 30)
    assert torch.allclose(brushed(even), even, atol=1e-6)
    grey = (stripes(0.7)[:, :1] + grain()[:, :1]).expand(-1, 3, -1, -1).contiguous()
    assert bool((brushed(grey).amax(1) - brushed(grey).amin(1) == 0).all())


def test_no_value_leaves_the_range_of_the_picture() -> None:
    noise = torch.rand(1, 3, 40, 50, generator=torch.Generator().manual_seed(1))
    smooth = brushed(noise)
    assert noise.min() - 1e-6 <= smooth.min() and smooth.max() <= noise.max() + 1e-6


def test_a_painting_of_twice_the_size_is_brushed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = stripes(0.4, (32, 64)) + grain((32, 64))
    twice = brushed(brushed(picture))
    monkeypatch.setattr(brushing, "PASS_PX", 32)
    assert torch.equal(brushed(picture), twice)


def test_strips_are_the_same_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = stripes(0.4, (96, 70)) + grain((96, 70))
    whole = brushed(picture)
    monkeypatch.setattr(brushing, "STRIP_PIXELS", 70 * 13)
    assert torch.allclose(brushed(picture), whole, atol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (3, 2)])
def test_pictures_of_any_size_are_brushed(size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(2))
    assert brushed(picture).shape == picture.shape
    assert bool(brushed(picture).isfinite().all())
