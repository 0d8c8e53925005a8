"""The feature extractor: which taps it gives, in which shapes, and that it is a constant of the optimisation."""

import pytest
import torch
from torch import nn

from worker.gatys.normalise import NORMALISED_TAPS, dead_leaves, normalise
from worker.gatys.vgg import CONTENT_TAPS, STYLE_TAPS, TAPS, Vgg

NARROW = (4, 5, 6, 7, 8)


def narrow(**options: object) -> Vgg:
    torch.manual_seed(0)
    network = Vgg(NARROW, **options)  # type: ignore[arg-type]  # options differ from test to test
    for parameter in network.parameters():
        parameter.copy_(
            torch.randn(parameter.shape) * 0.3 if parameter.dim() == 4 else torch.full(parameter.shape, 0.1)
        )
    return network


@pytest.mark.parametrize("pool", ["max", "average"])
@pytest.mark.parametrize("padding", ["replicate", "zeros"])
def test_a_tap_of_block_b_is_halved_b_minus_one_times(pool: str, padding: str) -> None:
    taps = narrow(pool=pool, padding=padding)(torch.rand(2, 3, 32, 48), TAPS)
    assert {tap: tuple(f.shape) for tap, f in taps.items()} == {
        tap: (2, NARROW[b], 32 >> b, 48 >> b) for tap in TAPS for b in (int(tap[4]) - 1,)
    }


def test_only_the_taps_asked_for_are_given() -> None:
    assert set(narrow()(torch.rand(1, 3, 16, 16), ("relu4_2", "relu1_1"))) == {"relu4_2", "relu1_1"}


def test_no_layer_below_the_deepest_asked_for_is_computed() -> None:
    network = narrow()
    network.convs["conv3_1"] = nn.Conv2d(1, 1, 3)  # would fail if it ran
    assert set(network(torch.rand(1, 3, 16, 16), ("relu2_2",))) == {"relu2_2"}


def test_an_unknown_layer_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no layer \['relu6_1'\]; choose from relu1_1, .* relu5_1"):
        narrow()(torch.rand(1, 3, 16, 16), ("relu6_1",))


def test_the_picture_gets_a_gradient_and_the_weights_get_none() -> None:
    network = narrow()
    x = torch.rand(1, 3, 32, 32, requires_grad=True)
    network(x, ("relu5_1",))["relu5_1"].sum().backward()
    assert x.grad is not None
    assert x.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in network.parameters())


def test_the_same_picture_gives_the_same_taps_bit_for_bit() -> None:
    x = torch.rand(1, 3, 32, 32)
    first, second = (narrow()(x, STYLE_TAPS) for _ in range(2))
    assert all(torch.equal(first[tap], second[tap]) for tap in STYLE_TAPS)


def test_a_flat_picture_looks_flat_up_to_the_border_with_replicate_padding() -> None:
    flat = torch.full((1, 3, 64, 64), 0.7)
    replicated, zeroed = (narrow(padding=padding)(flat, ("relu3_1",))["relu3_1"] for padding in ("replicate", "zeros"))
    assert torch.allclose(replicated, replicated[:, :, :1, :1].expand_as(replicated), atol=1e-6)
    assert not torch.allclose(zeroed, zeroed[:, :, 8:9, 8:9].expand_as(zeroed), atol=1e-3)


def test_a_metric_is_a_square_map_seen_only_at_its_tap() -> None:
    plain, seen = narrow(), narrow(metrics=("relu2_1",))
    seen.load_state_dict(plain.state_dict() | {"metrics.relu2_1.weight": 2 * torch.eye(5)[:, :, None, None]})
    x = torch.rand(1, 3, 32, 32)
    before, after = plain(x, TAPS), seen(x, TAPS)
    assert torch.allclose(after["relu2_1"], 2 * before["relu2_1"])
    assert torch.equal(after["relu2_2"], before["relu2_2"])


def test_normalising_makes_the_mean_square_of_every_tap_one() -> None:
    network, picture = narrow(), dead_leaves(64, leaves=100)
    normalise(network, picture)
    for f in network(picture, NORMALISED_TAPS).values():
        assert f.square().mean().item() == pytest.approx(1, rel=1e-3)


def test_normalising_changes_no_tap_but_for_its_scale() -> None:
    plain, scaled, picture = narrow(), narrow(), dead_leaves(64, leaves=100)
    normalise(scaled, picture)
    before, after = plain(picture, (*STYLE_TAPS, *CONTENT_TAPS)), scaled(picture, (*STYLE_TAPS, *CONTENT_TAPS))
    for tap, f in before.items():
        scale = after[tap].norm() / f.norm()
        assert torch.allclose(after[tap], scale * f, atol=1e-4 * after[tap].abs().max().item())


def test_dead_leaves_are_the_same_for_the_same_seed_and_within_range() -> None:
    first, again, other = dead_leaves(32, leaves=50), dead_leaves(32, leaves=50), dead_leaves(32, leaves=50, seed=1)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == (1, 3, 32, 32)
    assert 0 <= first.min() <= first.max() <= 1
