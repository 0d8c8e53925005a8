"""The photo in the styles' colours, by known answers."""

import pytest
import torch
from torch import Tensor

from worker.gatys.luminance import luminance
from worker.render import colour
from worker.render.style_colours import MOST, tinted


def _picture(seed: int, *, chroma: float, middle: tuple[float, float] = (0.0, 0.0)) -> Tensor:
    """Noise whose luminance lies about the middle and whose chroma has a mean and a deviation of its own."""
    random = torch.Generator().manual_seed(seed)
    Y = 0.4 + 0.2 * torch.rand(1, 1, 24, 32, generator=random)
    spread = chroma * (2 * torch.rand(1, 2, 24, 32, generator=random) - 1) * torch.tensor([1.0, 0.7]).view(1, 2, 1, 1)
    return colour.with_chroma(Y, spread + torch.tensor(middle).view(1, 2, 1, 1))


def _mean_and_covariance(picture: Tensor) -> tuple[Tensor, Tensor]:
    chroma = colour.chroma_of(picture)[0].flatten(1).double()
    return chroma.mean(1), torch.cov(chroma, correction=0)


def test_the_photos_chroma_gets_the_styles_mean_and_covariance_and_keeps_its_luminance() -> None:
    photo, style = _picture(1, chroma=0.15), _picture(2, chroma=0.12, middle=(0.1, -0.05))
    result = tinted(photo, (style,), (1.0,), 1.0)
    for found, wanted in zip(_mean_and_covariance(result), _mean_and_covariance(style), strict=True):
        assert torch.allclose(found, wanted, atol=1e-4)
    assert torch.allclose(luminance(result), luminance(photo), atol=1e-5)


def test_half_of_it_lies_halfway_and_none_of_it_is_the_photo() -> None:
    photo, style = _picture(3, chroma=0.1), _picture(4, chroma=0.1, middle=(0.08, 0.04))
    half = colour.chroma_of(tinted(photo, (style,), (1.0,), 0.5))
    whole = colour.chroma_of(tinted(photo, (style,), (1.0,), 1.0))
    assert torch.allclose(half, (colour.chroma_of(photo) + whole) / 2, atol=1e-5)
    assert torch.allclose(tinted(photo, (style,), (1.0,), 0.0), photo, atol=1e-5)


def test_a_photo_in_its_own_colours_does_not_change() -> None:
    photo = _picture(5, chroma=0.1)
    assert torch.allclose(tinted(photo, (photo,), (1.0,), 1.0), photo, atol=1e-4)


def test_styles_are_blended_by_their_shares() -> None:
    photo = _picture(6, chroma=0.05)
    one, other = _picture(7, chroma=0.05, middle=(0.1, 0.0)), _picture(8, chroma=0.05, middle=(-0.1, 0.0))
    mean, _ = _mean_and_covariance(tinted(photo, (one, other), (0.75, 0.25), 1.0))
    means = _mean_and_covariance(one)[0], _mean_and_covariance(other)[0]
    assert torch.allclose(mean, 0.75 * means[0] + 0.25 * means[1], atol=1e-4)


def test_a_grey_photo_in_a_grey_style_stays_exactly_grey() -> None:
    greys = colour.grey(_picture(9, chroma=0.1)), colour.grey(_picture(10, chroma=0.1))
    result = tinted(greys[0], greys[1:], (1.0,), 1.0)
    assert float((result.amax(1) - result.amin(1)).max()) < 1e-6


def test_the_faint_tint_of_a_nearly_grey_photo_is_raised_by_no_more_than_the_bound() -> None:
    photo, style = _picture(11, chroma=0.01), _picture(12, chroma=0.2)
    _, before = _mean_and_covariance(photo)
    _, after = _mean_and_covariance(tinted(photo, (style,), (1.0,), 1.0))
    assert after.diagonal().sqrt().tolist() == pytest.approx((MOST * before.diagonal().sqrt()).tolist(), rel=0.02)


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_flat_pictures_give_finite_colours(level: float) -> None:
    flat = torch.full((1, 3, 8, 8), level)
    for photo, style in ((flat, _picture(13, chroma=0.2)), (_picture(13, chroma=0.2), flat)):
        assert torch.isfinite(tinted(photo, (style,), (1.0,), 1.0)).all()
