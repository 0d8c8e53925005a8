"""Keeping the photo's colours, by known answers."""

import pytest
import torch
from torch import Tensor

from worker.gatys.luminance import luminance
from worker.render import colour


def _picture(seed: int, low: float = 0.35, high: float = 0.65) -> Tensor:
    mix = torch.tensor([[1.0, 0.3, 0.1], [0.2, 0.8, 0.1], [0.0, 0.4, 0.6]])
    noise = torch.rand(1, 3, 24, 32, generator=torch.Generator().manual_seed(seed))
    mixed = torch.einsum("dc,bchw->bdhw", mix / mix.sum(1, keepdim=True), noise)
    return low + (high - low) * mixed


def _mean_and_covariance(image: Tensor) -> tuple[Tensor, Tensor]:
    pixels = image.flatten(2)[0].double()
    return pixels.mean(1), torch.cov(pixels, correction=0)


def test_a_style_gets_the_mean_and_the_covariance_of_the_photos_colours() -> None:
    style, photo = _picture(1, 0.3, 0.7), 0.9 - _picture(2, 0.4, 0.6).flip(1)
    mean, covariance = _mean_and_covariance(colour.match_statistics(style, photo))
    wanted_mean, wanted_covariance = _mean_and_covariance(photo)
    assert torch.allclose(mean, wanted_mean, atol=1e-5)
    assert torch.allclose(covariance, wanted_covariance, atol=2e-5)


def test_a_photo_matched_to_itself_does_not_change() -> None:
    photo = _picture(3)
    assert torch.allclose(colour.match_statistics(photo, photo), photo, atol=1e-5)


def test_a_grey_photo_makes_the_style_grey() -> None:
    matched = colour.match_statistics(_picture(4), colour.grey(_picture(5)))
    assert float((matched.amax(1) - matched.amin(1)).max()) < 0.05


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_flat_pictures_give_finite_colours(level: float) -> None:
    flat = torch.full((1, 3, 8, 8), level)
    for matched in (colour.match_statistics(_picture(6), flat), colour.match_statistics(flat, _picture(6))):
        assert torch.isfinite(matched).all()
    assert torch.isfinite(colour.match_luminance(flat, _picture(6))).all()


def test_the_styles_greys_get_the_photos_mean_and_contrast() -> None:
    style, photo = _picture(7, 0.1, 0.9), _picture(8, 0.4, 0.6)
    matched = luminance(colour.match_luminance(style, photo))
    assert float(matched.mean()) == pytest.approx(float(luminance(photo).mean()), abs=1e-4)
    assert float(matched.std()) == pytest.approx(float(luminance(photo).std()), abs=1e-4)


def test_recolouring_a_photo_with_itself_gives_the_photo() -> None:
    photo = _picture(9, 0.0, 1.0)
    assert torch.allclose(colour.recolour(photo, photo), photo, atol=1e-5)


def test_recolouring_keeps_the_paintings_luminance_also_where_the_colours_do_not_fit() -> None:
    painting = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(10))
    photo = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(11))
    result = colour.recolour(painting, photo)
    assert torch.allclose(luminance(result), luminance(painting), atol=1e-4)
    assert float(result.min()) >= 0 and float(result.max()) <= 1


def test_recolouring_keeps_the_photos_chroma_where_it_fits() -> None:
    painting, photo = torch.full((1, 3, 4, 4), 0.5), torch.tensor([0.6, 0.5, 0.4]).view(1, 3, 1, 1).expand(1, 3, 4, 4)
    expected = photo - luminance(photo)
    assert torch.allclose(colour.recolour(painting, photo) - 0.5, expected, atol=1e-6)
