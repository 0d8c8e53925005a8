"""Known answers for the losses, and their gradients against finite differences."""

import math
from collections.abc import Callable

import pytest
import torch

from worker.gatys.losses import (
    EVEN,
    content_loss,
    content_sums,
    gram_gradient,
    gram_sum,
    positions,
    resized_mask,
    style_loss,
    total_variation,
)


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(5), dtype=torch.float64)


def gram(F: torch.Tensor, T: torch.Tensor | None = None) -> torch.Tensor:
    return gram_sum(F, T) / (F.shape[2] * F.shape[3] if T is None else positions(T))


def test_the_gram_matrix_of_ones_is_ones_at_any_size() -> None:
    for size in ((3, 4), (7, 2)):
        assert torch.equal(gram(torch.ones(1, 2, *size)), torch.ones(2, 2))


def test_the_gram_matrix_is_what_equation_3_says() -> None:
    F = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    assert torch.equal(gram_sum(F), torch.tensor([[5.0, 11.0], [11.0, 25.0]]))
    assert torch.equal(gram(F), torch.tensor([[2.5, 5.5], [5.5, 12.5]]))


def test_a_guided_gram_matrix_sees_only_what_the_mask_shows() -> None:
    F = noise(1, 3, 4, 6).float()
    T = torch.zeros(1, 1, 4, 6)
    T[..., :2] = 1
    torch.testing.assert_close(gram(F, T), gram(F[..., :2]))


def test_an_even_mask_changes_no_gram_matrix() -> None:
    F = noise(1, 3, 4, 6).float()
    torch.testing.assert_close(gram(F, torch.full((1, 1, 4, 6), 0.5)), gram(F))


def test_the_style_loss_is_0_at_the_target_and_1_at_black() -> None:
    A = gram(noise(1, 3, 4, 6))
    assert style_loss(A, A)[0] == pytest.approx(0, abs=1e-7)
    assert style_loss(torch.zeros_like(A), A)[0] == pytest.approx(1, abs=2e-4)
    assert style_loss(3 * A, A)[0] == pytest.approx(2, abs=2e-4)


def test_the_content_sums_are_products_where_the_mask_says() -> None:
    F, P = torch.full((1, 2, 2, 2), 3.0), torch.full((1, 2, 2, 2), 5.0)
    weight = torch.tensor([[[[1.0, 0.0], [0.5, 0.0]]]])
    assert content_sums(F, P).tolist() == [8 * 15, 8 * 9]
    assert content_sums(F, P, weight).tolist() == [1.5 * 2 * 15, 1.5 * 2 * 9]


def test_the_content_loss_is_0_for_the_photo_at_any_contrast_1_at_a_right_angle_and_2_for_the_opposite() -> None:
    P = noise(1, 3, 4, 6)
    PP = P.square().sum()
    for contrast, expected in ((1, 0), (3, 0), (-0.5, 2)):
        assert content_loss(content_sums(contrast * P, P), PP)[0] == pytest.approx(expected, abs=1e-6)
    across = torch.tensor([[[[1.0, 0.0]]]]), torch.tensor([[[[0.0, 1.0]]]])
    assert content_loss(content_sums(*across), torch.tensor(1.0))[0] == 1


def test_the_content_loss_of_black_is_finite() -> None:
    black = torch.zeros(1, 2, 3, 3)
    loss, a, b = content_loss(content_sums(black, black), torch.tensor(1e-6))
    assert torch.isfinite(torch.stack([loss, a, b])).all()


def test_the_total_variation_of_a_ramp_is_its_slope() -> None:
    ramp = 0.1 * torch.arange(5.0, dtype=torch.float64).expand(1, 3, 4, 5)
    expected = 0.8 * ((0.1**2 + EVEN**2) ** 0.5 - EVEN)  # the last column has no neighbour
    assert total_variation(ramp)[0] == pytest.approx(expected)
    assert total_variation(ramp.mT)[0] == pytest.approx(expected)
    assert total_variation(torch.full((1, 3, 4, 5), 0.3))[0] == pytest.approx(0, abs=1e-7)


def test_a_step_costs_no_more_than_a_ramp_to_the_same_height() -> None:
    ramp = torch.linspace(0, 1, 9).expand(1, 3, 4, 9)
    step = (torch.arange(9) >= 4).float().expand(1, 3, 4, 9)
    assert total_variation(step)[0] == pytest.approx(total_variation(ramp)[0].item(), rel=0.1)


def test_the_total_variation_is_the_same_in_every_direction() -> None:
    y, x = torch.meshgrid(torch.arange(60.0), torch.arange(60.0), indexing="ij")
    found = [
        total_variation((0.5 + 0.01 * (x * math.cos(a) + y * math.sin(a)))[:-1, :-1].expand(1, 3, -1, -1))[0].item()
        for a in (0.0, 0.4, math.pi / 4)
    ]
    assert max(found) < 1.05 * min(found)


def test_the_total_variation_of_one_pixel_is_0() -> None:
    assert total_variation(torch.rand(1, 3, 1, 1))[0] == pytest.approx(0, abs=1e-7)


def numerical(value: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, step: float = 1e-5) -> torch.Tensor:
    """Central differences, in float64."""
    g = torch.zeros_like(x)
    for n in range(x.numel()):
        up, down = x.clone(), x.clone()
        up.view(-1)[n] += step
        down.view(-1)[n] -= step
        g.view(-1)[n] = (value(up) - value(down)) / (2 * step)
    return g


def test_the_gradient_of_the_total_variation_is_that_of_finite_differences() -> None:
    x = noise(1, 3, 4, 5)
    torch.testing.assert_close(total_variation(x)[1], numerical(lambda y: total_variation(y)[0], x))


def test_the_weight_of_the_style_loss_is_that_of_its_gradient_alone() -> None:
    G, A = (torch.rand(3, 4, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) for seed in (1, 2))
    weight = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)
    (value, gradient), (weighted, pulled) = style_loss(G, A), style_loss(G, A, weight=weight)
    assert torch.equal(weighted, value)
    assert torch.allclose(pulled, gradient * weight[:, None, None])


def test_the_gradient_of_the_style_loss_is_that_of_finite_differences() -> None:
    G, A = noise(3, 3), noise(4, 4)[:3, :3]
    torch.testing.assert_close(style_loss(G, A)[1], numerical(lambda y: style_loss(y, A)[0], G), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("masked", [False, True], ids=["plain", "masked"])
def test_the_gradient_of_the_content_loss_is_that_of_finite_differences(masked: bool) -> None:
    F, P, weight = noise(1, 2, 3, 4), noise(1, 2, 4, 3).mT, noise(1, 1, 3, 4).abs() if masked else None
    PP = content_sums(P, P, weight)[1]
    _, a, b = content_loss(content_sums(F, P, weight), PP)
    found = (a * F - b * P) * (1 if weight is None else weight)
    by_hand = numerical(lambda y: content_loss(content_sums(y, P, weight), PP)[0], F)
    torch.testing.assert_close(found, by_hand, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("masked", [False, True], ids=["plain", "masked"])
def test_the_gradient_through_a_gram_matrix_is_that_of_finite_differences(masked: bool) -> None:
    F, D, T = noise(1, 3, 3, 4), noise(3, 3), noise(1, 1, 3, 4).abs() if masked else None
    D = D + D.T

    def value(features: torch.Tensor) -> torch.Tensor:
        f = (features if T is None else features * T).flatten(2)[0]
        return (D * (f @ f.T)).sum()

    torch.testing.assert_close(gram_gradient(F, D, T), numerical(value, F), rtol=1e-4, atol=1e-6)


def test_a_mask_is_averaged_over_what_a_position_covers() -> None:
    T = torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]])
    assert resized_mask(T, (1, 1)).item() == 0.25
    assert resized_mask(T, (2, 2)) is T
