"""Deep Dream by known answers, on a very small network."""

import pytest
import torch
from torch import Tensor

from worker.contract import DreamLayer
from worker.gatys.normalise import dead_leaves, normalise
from worker.gatys.vgg import CONVS, Vgg
from worker.render.deepdream import LAYERS, ascend, dream, octaves, sane


@pytest.fixture(scope="module")
def net() -> Vgg:
    torch.manual_seed(0)
    net = Vgg((4, 6, 8, 8, 8))
    for conv in CONVS:  # torch's biases would speak louder than the picture
        torch.nn.init.kaiming_normal_(net.conv(conv).weight, nonlinearity="relu")
        bias = net.conv(conv).bias
        assert bias is not None
        bias.zero_()
    normalise(net, dead_leaves(64))
    return net


@pytest.fixture(scope="module")
def photo() -> Tensor:
    return dead_leaves(64, leaves=200, seed=5)[..., :50, :]


def _last(photo: Tensor, net: Vgg, layer: DreamLayer = DreamLayer.PATTERNS, *, seed: int = 0) -> Tensor:
    *_, last = dream(photo, net, layer, seed=seed)
    return last.image


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((512, 384), ((187, 140), (261, 196), (366, 274), (512, 384))),
        ((100, 200), ((51, 102), (71, 143), (100, 200))),
        ((64, 1280), ((64, 1280),)),
        ((20, 20), ((20, 20),)),
    ],
    ids=["photo", "small", "strip", "speck"],
)
def test_octaves_are_1_4_apart_and_never_smaller_than_the_network_can_see(
    size: tuple[int, int], expected: tuple[tuple[int, int], ...]
) -> None:
    assert octaves(size) == expected


@pytest.mark.parametrize("shift", [(0, 0), (5, -7), (-32, 32)])
def test_jitter_moves_nothing_when_the_step_is_nothing(net: Vgg, photo: Tensor, shift: tuple[int, int]) -> None:
    x, _ = ascend(photo, net, "relu3_1", shift, step_size=0)
    assert torch.equal(x, photo)


@pytest.mark.parametrize("tap", sorted(layer.tap for layer in LAYERS.values()))
def test_a_step_changes_the_picture_by_its_size_and_raises_the_activation(net: Vgg, photo: Tensor, tap: str) -> None:
    grey = 0.25 + photo / 2
    x, before = ascend(grey, net, tap, (0, 0), step_size=0.01)
    _, after = ascend(x, net, tap, (0, 0), step_size=0.01)
    assert float((x - grey).abs().mean()) == pytest.approx(0.01, rel=0.05)
    assert float(after) > float(before)


@pytest.mark.parametrize("tap", ["relu2_2", "relu5_1"])
@pytest.mark.parametrize("guided", [True, False], ids=["guided", "free"])
def test_in_tiles_a_step_goes_where_it_goes_in_one_piece(net: Vgg, tap: str, guided: bool) -> None:
    wide = 0.25 + dead_leaves(256, seed=5)[..., :208, :] / 2
    wanted = net(dead_leaves(64, leaves=300, seed=9), (tap,))[tap].flatten(2)[0] if guided else None
    whole, raised = ascend(wide, net, tap, (3, 4), step_size=0.01, wanted=wanted)
    parts, same = ascend(wide, net, tap, (3, 4), step_size=0.01, wanted=wanted, tile_px=64)
    assert float(same) == pytest.approx(float(raised), rel=1e-4)
    assert float((parts - whole).abs().mean()) < 1e-4  # a hundredth of the step


def test_a_dream_within_a_small_budget_is_nearly_the_same(net: Vgg) -> None:
    wide = dead_leaves(256, seed=5)
    *_, whole = dream(wide, net, DreamLayer.STROKES, seed=0, strength=0)
    *_, parts = dream(wide, net, DreamLayer.STROKES, seed=0, strength=0, budget_bytes=1)
    assert float((parts.image - whole.image).abs().mean()) < 0.01


def test_with_a_guide_the_product_with_its_best_matches_rises(net: Vgg, photo: Tensor) -> None:
    wanted = net(dead_leaves(64, leaves=300, seed=9), ("relu3_1",))["relu3_1"].flatten(2)[0]
    x, before = ascend(0.25 + photo / 2, net, "relu3_1", (3, 4), step_size=0.01, wanted=wanted)
    _, after = ascend(x, net, "relu3_1", (3, 4), step_size=0.01, wanted=wanted)
    assert float(after) > float(before)


def test_a_guide_changes_what_is_dreamt(net: Vgg, photo: Tensor) -> None:
    *_, guided = dream(photo, net, DreamLayer.TEXTURES, seed=0, guide=dead_leaves(48, leaves=100, seed=9))
    assert not torch.equal(guided.image, _last(photo, net, DreamLayer.TEXTURES))


def test_the_same_seed_dreams_the_same_and_another_seed_something_else(net: Vgg, photo: Tensor) -> None:
    assert torch.equal(_last(photo, net, seed=1), _last(photo, net, seed=1))
    assert not torch.equal(_last(photo, net, seed=1), _last(photo, net, seed=2))


def test_the_layers_dream_differently(net: Vgg, photo: Tensor) -> None:
    dreams = [_last(photo, net, layer) for layer in DreamLayer]
    for n, one in enumerate(dreams):
        assert all(float((one - other).abs().mean()) > 0.01 for other in dreams[n + 1 :])


def test_iterates_end_with_the_finished_dream_in_the_photos_size(net: Vgg, photo: Tensor) -> None:
    iterates = list(dream(photo, net, DreamLayer.SHAPES, seed=0))
    assert [iterate.done for iterate in iterates] == [False] * (len(iterates) - 1) + [True]
    assert iterates[-1].fraction == 1
    assert iterates[-1].image.shape == photo.shape
    assert float(iterates[-1].image.min()) >= 0 and float(iterates[-1].image.max()) <= 1


def test_more_strength_makes_more_steps(net: Vgg, photo: Tensor) -> None:
    counts = [len(list(dream(photo, net, DreamLayer.STROKES, seed=0, strength=s))) for s in (0, 50, 100)]
    assert counts == sorted(set(counts))


def test_a_direction_that_would_colour_the_whole_picture_is_dropped() -> None:
    assert float(sane(torch.tensor([1.0, -2.0, 0.5]).view(1, 3, 1, 1).expand(1, 3, 32, 32)).abs().max()) < 1e-5


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_dream_on_black_or_white_stays_finite(net: Vgg, level: float) -> None:
    assert torch.isfinite(_last(torch.full((1, 3, 48, 48), level), net)).all()


def test_a_strip_too_thin_for_the_network_is_dreamt_at_its_own_size(net: Vgg) -> None:
    strip = dead_leaves(64, leaves=200, seed=5)[..., :8, :]
    assert _last(strip, net, DreamLayer.EYES).shape == strip.shape
