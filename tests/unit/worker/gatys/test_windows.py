"""Windows: their weights sum to 1, their Gram matrices are those of their places, and their gradient is exact."""

from dataclasses import replace

import pytest
import torch

from tests.unit.worker.gatys.test_losses import noise, numerical
from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.gatys.losses import gram_sum, style_loss
from worker.gatys.objective import Objective
from worker.gatys.recipe import Recipe
from worker.gatys.tiles import tiled
from worker.gatys.windows import FEWEST_POSITIONS, Windows, window_gradient, window_means, window_positions, window_sums

ONE = torch.ones((), dtype=torch.float64)


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (24, 32), (97, 31)])
@pytest.mark.parametrize("spacing", [0.5, 4, 7.3, 100])
def test_the_weights_of_all_windows_sum_to_1_everywhere(size: tuple[int, int], spacing: float) -> None:
    total = sum(weights(size, spacing))
    torch.testing.assert_close(total, torch.ones(size, dtype=torch.float64))


def weights(size: tuple[int, int], spacing: float) -> list[torch.Tensor]:
    """Of all positions in each window, by definition: 1 at its centre and outside the outmost, 0 at its neighbours'."""
    sides = []
    for side in size:
        count = max(1, round(side / max(FEWEST_POSITIONS, spacing)))
        apart, at = side / count, torch.arange(side, dtype=torch.float64)
        centres = [(n + 0.5) * apart - 0.5 for n in range(count)]
        at = at.clamp(centres[0], centres[-1])
        sides.append([(1 - (at - centre).abs() / apart).clamp_min(0) for centre in centres])
    return [row[:, None] * column for row in sides[0] for column in sides[1]]


@pytest.mark.parametrize(("size", "spacing"), [((9, 14), 3.3), ((24, 32), 4), ((5, 31), 100)])
def test_each_windows_sum_is_that_of_its_weights(size: tuple[int, int], spacing: float) -> None:
    F = noise(1, 3, *size)
    expected = [torch.einsum("chw,dhw,hw->cd", F[0], F[0], own) for own in weights(size, spacing)]
    sums = window_sums(F, Windows.over(size, spacing, ONE))
    torch.testing.assert_close(sums, torch.stack(expected).float(), rtol=1e-5, atol=1e-5)


def test_the_windows_sums_add_up_to_the_whole_pictures() -> None:
    F = noise(1, 3, 12, 17)
    windows = Windows.over((12, 17), 4, ONE)
    torch.testing.assert_close(window_sums(F, windows).sum(0), gram_sum(F), rtol=1e-5, atol=1e-5)


def test_a_window_sees_its_own_place_only() -> None:
    F = torch.zeros(1, 2, 8, 16, dtype=torch.float64)
    F[..., :2] = 1
    sums = window_sums(F, Windows.over((8, 16), 4, ONE)).sum((1, 2)).view(2, 4)
    assert torch.all(sums[:, 0] > 0)
    assert torch.all(sums[:, 2:] == 0)


def test_an_even_layer_has_the_same_mean_in_every_window() -> None:
    windows = Windows.over((9, 14), 3, ONE)
    sums = window_sums(torch.ones(1, 2, 9, 14, dtype=torch.float64), windows)
    means = sums / window_positions(windows, torch.ones(1, 1, 9, 14))[:, None, None]
    torch.testing.assert_close(means, torch.ones_like(means))


@pytest.mark.parametrize("guided", [False, True], ids=["plain", "guided"])
def test_the_gradient_through_the_windows_is_that_of_finite_differences(guided: bool) -> None:
    F, T = noise(1, 2, 5, 7), noise(1, 1, 5, 7).abs() if guided else None
    windows = Windows.over((5, 7), 2, ONE)
    D = noise(len(windows), 2, 2)
    D = D + D.mT

    def value(features: torch.Tensor) -> torch.Tensor:
        f = (features if T is None else features * T)[0]
        each = [torch.einsum("chw,dhw,hw->cd", f, f, own) for own in weights((5, 7), 2)]
        return (D * torch.stack(each)).sum()

    torch.testing.assert_close(window_gradient(F, D, windows, T), numerical(value, F), rtol=1e-4, atol=1e-6)


def test_the_parts_of_the_windows_in_tiles_add_up_to_the_windows() -> None:
    size, stride = (200, 330), 4
    F = noise(1, 3, 50, 82)
    windows = Windows.over((50, 82), 9, ONE)
    parts = [
        window_sums(tile.own_of_whole(F, stride), windows.within(tile, (50, 82), stride)) for tile in tiled(size, 80)
    ]
    torch.testing.assert_close(torch.stack(parts).sum(0), window_sums(F, windows), rtol=1e-5, atol=1e-4)


def test_the_mean_of_a_map_is_that_of_its_weights() -> None:
    size, m = (9, 14), noise(1, 1, 9, 14)
    expected = [(m[0, 0] * own).sum() / own.sum() for own in weights(size, 3.3)]
    torch.testing.assert_close(window_means(m, Windows.over(size, 3.3, ONE)), torch.stack(expected))


def test_the_distances_of_several_matrices_are_those_of_each() -> None:
    G, A = noise(3, 2, 2), noise(3, 2, 2).flip(0)
    values, gradients = style_loss(G, A, 0.1)
    for n in range(3):
        value, gradient = style_loss(G[n], A[n], 0.1)
        torch.testing.assert_close(values[n], value)
        torch.testing.assert_close(gradients[n], gradient)


def test_a_painting_made_of_the_style_has_no_distance_to_it() -> None:
    net, style = tiny_net(), picture(96, 128, 2)
    recipe = Recipe(edge_px=128, tv_weight=0, style_weights={}, window_weights={"relu2_1": 1.0})
    there, elsewhere = (
        Objective(None, [style], recipe, net, size=(96, 128)).loss_and_gradient(x)[0].item()
        for x in (style, picture(96, 128, 3))
    )
    assert there == pytest.approx(0, abs=1e-3)
    assert elsewhere > 10 * abs(there)


@pytest.mark.parametrize("style_weights", [{}, {"relu2_1": 0.7, "relu1_1": 0.3}], ids=["alone", "with the whole's"])
def test_the_windows_gradient_is_that_of_finite_differences_through_the_network(
    style_weights: dict[str, float],
) -> None:
    net, photo, style = tiny_net(torch.float64), picture(32, 48, 1, torch.float64), picture(40, 40, 2, torch.float64)
    recipe = replace(Recipe(), tv_weight=0, content_weights={}, window_weights={"relu2_1": 1.0})
    recipe = replace(recipe, style_weights=style_weights)
    objective = Objective(photo, [style], recipe, net, size=(32, 48))
    x = picture(32, 48, 4, torch.float64)
    loss, g = objective.loss_and_gradient(x)
    towards = g.sign()  # as steep as can be: the loss is summed in float32
    step = 1e-5  # within which no ReLU and no pool changes its mind
    up, down = (objective.loss_and_gradient(x + sign * step * towards)[0] for sign in (1, -1))
    assert torch.isfinite(loss)
    assert (up - down).item() / (2 * step) == pytest.approx((g * towards).sum().item(), rel=0.02)


def test_windows_worked_on_in_parts_are_those_of_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    F, windows = noise(1, 3, 24, 32), Windows.over((24, 32), 4, ONE)
    D = noise(len(windows), 3, 3)
    D = D + D.mT
    whole = window_sums(F, windows), window_gradient(F, D, windows)
    monkeypatch.setattr("worker.gatys.windows.AT_ONCE", 200)
    assert len(list(windows.strips())) > 3
    torch.testing.assert_close((window_sums(F, windows), window_gradient(F, D, windows)), whole)


def test_the_statistics_of_the_whole_are_the_same_with_windows_that_weigh_nothing() -> None:
    net, style, x = tiny_net(), picture(40, 40, 2), picture(64, 80, 3)
    recipe = Recipe(tv_weight=0, style_weights={"relu2_1": 1.0}, window_weights={"relu2_1": 1e-9})
    loss, g = Objective(None, [style], recipe, net, size=(64, 80)).loss_and_gradient(x)
    plain = Objective(None, [style], replace(recipe, window_weights={}), net, size=(64, 80)).loss_and_gradient(x)
    torch.testing.assert_close((loss, g), plain, rtol=1e-3, atol=1e-5)
