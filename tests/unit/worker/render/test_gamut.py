"""The colours that pictures have, and nothing beyond them, by known answers."""

import pytest
import torch
from torch import Tensor

from worker.gatys.luminance import luminance
from worker.render.colour import chroma_of, grey
from worker.render.gamut import Gamut


def noise(seed: int, height: int = 40, width: int = 60) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def tinted(picture: Tensor, colour: tuple[float, float, float]) -> Tensor:
    """Every pixel a mixture of black, this colour and white's share of it: one hue."""
    return luminance(picture) * torch.tensor(colour).view(1, 3, 1, 1)


def test_of_grey_pictures_a_painting_is_exactly_grey() -> None:
    kept = Gamut.of([grey(noise(1)), grey(noise(2))]).kept(noise(3))
    assert torch.equal(kept[:, 0], kept[:, 1])
    assert torch.equal(kept[:, 1], kept[:, 2])
    assert torch.allclose(luminance(kept), luminance(noise(3)), atol=1e-5)


def test_sepia_on_grey_leaves_the_axis_of_sepia() -> None:
    sepia, photo = tinted(noise(1), (1.0, 0.8, 0.6)), grey(noise(2))
    kept = chroma_of(Gamut.of([photo, sepia]).kept(noise(3)))[0].flatten(1)
    axis = chroma_of(torch.tensor([1.0, 0.8, 0.6]).view(1, 3, 1, 1)).flatten()
    along, across = axis @ kept, torch.stack([-axis[1], axis[0]]) @ kept
    assert float(across.abs().max()) < 4 / 255
    assert float(along.min()) > -4 / 255
    assert float(along.max()) > 0.01


def test_colours_that_a_picture_has_stay_as_they_are() -> None:
    picture = noise(1, 128, 128)
    moved = (Gamut.of([picture]).kept(picture) - picture).abs()
    assert float(moved.mean()) < 1e-3
    assert float((moved.amax(1) > 1e-4).float().mean()) < 0.05


def test_a_few_stray_pixels_make_no_colour() -> None:
    photo = grey(noise(1, 200, 200))
    photo[0, :, 5, 5] = torch.tensor([1.0, 0.0, 0.0])
    kept = Gamut.of([photo]).kept(noise(2))
    assert torch.equal(kept[:, 0], kept[:, 2])


def test_a_colour_outside_moves_to_the_nearest_of_the_polygon() -> None:
    square = Gamut(torch.tensor([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]))
    found = square.nearest(torch.tensor([[0.5, 0.5], [2.0, 0.5], [-1.0, -1.0], [0.25, 3.0]]))
    assert torch.allclose(found, torch.tensor([[0.5, 0.5], [1.0, 0.5], [0.0, 0.0], [0.25, 1.0]]))


@pytest.mark.parametrize(
    ("corners", "nearest"),
    [([[0.2, 0.1]], [0.2, 0.1]), ([[0.0, 0.0], [0.2, 0.0]], [0.1, 0.0])],
    ids=["a point", "a line"],
)
def test_a_gamut_may_be_a_point_or_a_line(corners: list[list[float]], nearest: list[float]) -> None:
    found = Gamut(torch.tensor(corners)).nearest(torch.tensor([[0.1, 0.7]]))
    assert found[0].tolist() == pytest.approx(nearest)
