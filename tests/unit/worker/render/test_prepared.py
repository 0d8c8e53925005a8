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
def test_a_finished_painting_is_as_crisp_as_it_was_painted(colours: Colours) -> None:
    rough = 0.3 + 0.4 * torch.rand(1, 3, 48, 64, generator=torch.Generator().manual_seed(1))
    painting = blurred(rough, 1.0)
    finished = prepare(rough, (rough,), Options(edge_px=64, colours=colours)).finish(painting)
    assert crispness.level(finished) == pytest.approx(crispness.level(painting), rel=0.1)
    assert crispness.level(brushed(painting)) < 0.95 * crispness.level(finished)


def test_a_painting_that_is_crisper_than_its_style_is_brushed_and_no_more() -> None:
    rough = 0.3 + 0.4 * torch.rand(1, 3, 48, 64, generator=torch.Generator().manual_seed(1))
    finished = prepare(rough, (blurred(rough, 2.0),), Options(edge_px=64)).finish(rough)
    assert crispness.level(finished) == pytest.approx(crispness.level(brushed(rough)), rel=0.1)


def test_bare_canvas_along_the_edge_of_a_style_is_no_part_of_it() -> None:
    canvas = torch.ones(1, 3, 200, 300)
    canvas[..., 2:-3, 4:-3] = 0.25
    (style,) = prepare(PHOTO, (canvas,), Options(edge_px=64)).styles
    assert torch.allclose(style, torch.full_like(style, 0.25))
