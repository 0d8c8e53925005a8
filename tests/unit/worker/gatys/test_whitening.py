"""The map through which a style's statistics are seen."""

import pytest
import torch

from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.gatys import whitening
from worker.gatys.losses import gram_sum
from worker.gatys.objective import Objective
from worker.gatys.recipe import Recipe
from worker.gatys.vgg import Vgg
from worker.gatys.whitening import LEAST, POWER, whitened


def gram(net: Vgg, tap: str, x: torch.Tensor) -> torch.Tensor:
    return gram_sum(net(x, [tap])[tap])


def test_eigenvalues_that_were_far_apart_are_nearer() -> None:
    net, style = tiny_net(torch.float64), picture(64, 80, 2, torch.float64)
    A = gram(net, "relu2_1", style)
    seen = gram(whitened(net, {"relu2_1": A}), "relu2_1", style)
    before, after = torch.linalg.eigvalsh(A.double()), torch.linalg.eigvalsh(seen.double())
    shares = before / before[-1]
    expected = shares * shares.clamp_min(LEAST) ** -POWER
    assert after / after[-1] == pytest.approx(expected / expected.max(), abs=1e-4)


def test_other_taps_and_the_network_itself_stay_as_they_are() -> None:
    net, x = tiny_net(), picture(48, 48, 1)
    taps = ("relu1_1", "relu3_1")
    before = net(x, taps)
    seen = whitened(net, {"relu3_1": gram(net, "relu3_1", x)})(x, taps)
    after = net(x, taps)
    assert torch.equal(seen["relu1_1"], before["relu1_1"])
    assert not torch.equal(seen["relu3_1"], before["relu3_1"])
    assert all(torch.equal(after[tap], before[tap]) for tap in taps)


def test_a_wide_layer_is_seen_along_the_directions_that_have_most_of_the_style(monkeypatch: pytest.MonkeyPatch) -> None:
    net, style = tiny_net(torch.float64), picture(64, 80, 2, torch.float64)
    A = gram(net, "relu3_1", style)
    whole = torch.linalg.eigvalsh(gram(whitened(net, {"relu3_1": A}), "relu3_1", style).double())
    monkeypatch.setattr(whitening, "NARROW", 3)
    seen = torch.linalg.eigvalsh(gram(whitened(net, {"relu3_1": A}), "relu3_1", style).double())
    assert len(seen) == max(3, len(A) // 2)
    assert torch.allclose(seen, whole[-len(seen) :], rtol=1e-6)


def test_a_map_comes_after_the_networks_own() -> None:
    torch.manual_seed(3)
    net, x = Vgg((4, 4, 8, 8, 8), metrics=["relu1_1"]), picture(32, 32, 1)
    M = torch.randn(3, 4, generator=torch.Generator().manual_seed(1))
    expected = torch.einsum("kc,bchw->bkhw", M, net(x, ["relu1_1"])["relu1_1"])
    assert torch.allclose(net.seen_through({"relu1_1": M})(x, ["relu1_1"])["relu1_1"], expected, atol=1e-5)


@pytest.mark.parametrize("directions", [0, 1], ids=["none", "one"])
def test_a_style_with_hardly_a_direction_is_seen_nearly_as_it_is(directions: int) -> None:
    torch.manual_seed(2)
    net, x = Vgg((64, 4, 8, 8, 8)), picture(32, 32, 1)
    A = torch.diag(torch.tensor([1.0] * directions + [0.0] * (64 - directions)))
    plain, seen = (gram(n, "relu1_1", x) for n in (net, whitened(net, {"relu1_1": A})))
    plain, seen = torch.linalg.eigvalsh(plain), torch.linalg.eigvalsh(seen)
    assert (seen - plain).norm() <= 0.2 * plain.norm()


def test_one_poor_layer_lowers_the_power_of_all() -> None:
    net, style = tiny_net(torch.float64), picture(64, 80, 2, torch.float64)
    A = gram(net, "relu3_1", style)
    alone = gram(whitened(net, {"relu3_1": A}), "relu3_1", style)
    beside = gram(whitened(net, {"relu3_1": A, "relu1_1": torch.zeros(4, 4)}), "relu3_1", style)
    spectrum = torch.linalg.eigvalsh(A)
    assert torch.allclose(torch.linalg.eigvalsh(beside), spectrum, atol=1e-5 * spectrum[-1])
    assert torch.linalg.eigvalsh(alone)[-2] > 1.1 * spectrum[-2]


def test_the_objective_of_a_style_is_lowest_at_the_style_and_its_gradient_is_that_of_finite_differences() -> None:
    net, style = tiny_net(torch.float64), picture(48, 64, 2, torch.float64)
    recipe = Recipe(edge_px=64, tv_weight=0.0, window_weights={}, content_weights={})
    objective = Objective(None, [style], recipe, net, size=(48, 64))
    assert objective.loss_and_gradient(style)[0] == pytest.approx(0, abs=1e-6)
    x = picture(48, 64, 3, torch.float64)
    _, g = objective.loss_and_gradient(x)
    way = torch.randn(x.shape, generator=torch.Generator().manual_seed(4), dtype=x.dtype)
    up, down = (objective.loss_and_gradient(x + step * way)[0].item() for step in (1e-4, -1e-4))
    assert (g * way).sum().item() == pytest.approx((up - down) / 2e-4, rel=1e-2)
