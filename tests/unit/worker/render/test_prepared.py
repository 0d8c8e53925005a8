"""What is painted from: the photo in the styles' colours, in its own, or in grey."""

import pytest
import torch
from torch import Tensor

from worker.contract import Colours, Options
from worker.render import crispness
from worker.render.brushing import brushed
from worker.render.colour import chroma_of, grey
from worker.render.gaussian import blurred
from worker.render.prepared import prepare

PHOTO = torch.tensor([0.3, 0.4, 0.5]).view(1, 3, 1, 1).expand(1, 3, 48, 64).contiguous()
STYLE = torch.tensor([0.6, 0.4, 0.2]).view(1, 3, 1, 1).expand(1, 3, 48, 64).contiguous()


def _hue(picture: Tensor | None) -> Tensor:
    assert picture is not None
    return chroma_of(picture).mean((0, 2, 3))


@pytest.mark.parametrize(("strength", "share"), [(0, 0.0), (25, 0.5), (50, 1.0), (100, 1.0)])
def test_the_photo_is_moved_to_the_styles_colours_by_strength(strength: int, share: float) -> None:
    prepared = prepare(PHOTO, (STYLE,), Options(edge_px=64, strength=strength))
    torch.testing.assert_close(_hue(prepared.photo), torch.lerp(_hue(PHOTO), _hue(STYLE), share), atol=1e-4, rtol=0)


def test_where_the_styles_take_the_photos_colours_the_photo_stays_as_it_is() -> None:
    prepared = prepare(PHOTO, (STYLE,), Options(edge_px=64, colours=Colours.STATISTICS))
    assert prepared.photo is not None
    assert torch.equal(prepared.photo, PHOTO)


def test_where_only_lightness_is_painted_the_photo_is_grey() -> None:
    prepared = prepare(PHOTO, (STYLE,), Options(edge_px=64, colours=Colours.LUMINANCE))
    assert prepared.photo is not None
    assert torch.equal(prepared.photo, grey(PHOTO))


@pytest.mark.parametrize("colours", [Colours.STYLE, Colours.LUMINANCE])
def test_a_soft_painting_is_finished_crisper_than_it_was_painted(colours: Colours) -> None:
    rough = 0.3 + 0.4 * torch.rand(1, 3, 48, 64, generator=torch.Generator().manual_seed(1))
    painting = blurred(rough, 1.0)
    prepared = prepare(rough, (rough,), Options(edge_px=64, colours=colours))
    assert crispness.level(prepared.finish(painting)) > 1.3 * crispness.level(brushed(painting))
