"""L-BFGS against a bowl whose answer is known, against the usual recursion, and at its bounds."""

import pytest
import torch
from torch import Tensor

from worker.gatys.lbfgs import PAIRS, REMEMBERED_BYTES, Lbfgs, pairs_for
from worker.gatys.smoothing import Smoothing

SIZE = (6, 7)


def noise(seed: int) -> Tensor:
    return torch.randn(1, 3, *SIZE, generator=torch.Generator().manual_seed(seed))


def valley(x: Tensor) -> tuple[Tensor, Tensor]:
    """A bowl a hundred times steeper along some pixels than along others; its lowest point is 0.4 everywhere."""
    steep = torch.logspace(0, 2, x.numel()).view_as(x)
    return (steep * (x - 0.4).square()).sum() / 2, steep * (x - 0.4)


def test_a_narrow_valley_is_walked_to_its_lowest_point() -> None:
    x = (0.4 + 0.1 * noise(1)).clamp(0, 1)
    lbfgs = Lbfgs(x, step_size=0.01)
    for _ in range(150):
        lbfgs.step(x, valley(x)[1])
    torch.testing.assert_close(x, torch.full_like(x, 0.4), atol=1e-3, rtol=0)


def test_a_step_is_that_of_the_usual_recursion() -> None:
    x = 0.5 + 0.01 * noise(2)
    lbfgs, smoothing = Lbfgs(x, step_size=0.01), Smoothing(SIZE, x.device)
    pairs: list[tuple[Tensor, Tensor]] = []
    before: tuple[Tensor, Tensor] | None = None
    for _ in range(PAIRS + 3):
        start, g = x.clone(), valley(x)[1]
        if before is not None:
            pairs = [*pairs[-PAIRS + 1 :], (start - before[0], g - before[1])]
            expected = two_loops(g, pairs, smoothing)
        lbfgs.step(x, g)
        if before is not None:
            torch.testing.assert_close(start - x, expected, rtol=2e-3, atol=2e-6)
        before = start, g


def two_loops(g: Tensor, pairs: list[tuple[Tensor, Tensor]], smoothing: Smoothing) -> Tensor:
    """Nocedal (1980), with the smoothing as the initial matrix."""
    q, alphas = g.clone(), []
    for s, y in reversed(pairs):
        alphas.append((s * q).sum() / (s * y).sum())
        q = q - alphas[-1] * y
    s, y = pairs[-1]
    r = smoothing(q) * (s * y).sum() / (y * smoothing(y)).sum()
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        r = r + s * (alpha - (y * r).sum() / (s * y).sum())
    return r


def test_nothing_leaves_the_range_of_a_pixel_and_what_a_bound_holds_does_not_hinder_the_rest() -> None:
    goal = torch.where(noise(3) > 0, 1.4, 0.3)
    x = torch.full((1, 3, *SIZE), 0.6)
    lbfgs = Lbfgs(x, step_size=0.01)
    for _ in range(60):
        lbfgs.step(x, x - goal)
        assert 0 <= x.min() <= x.max() <= 1
    torch.testing.assert_close(x, goal.clamp(0, 1), atol=1e-3, rtol=0)


def test_a_pair_without_curvature_is_not_believed() -> None:
    x = torch.full((1, 3, *SIZE), 0.5)
    lbfgs = Lbfgs(x, step_size=0.001)
    for n in range(20):
        lbfgs.step(x, -noise(4) * (1 + n))  # the gradient grows along the step: a hill
        assert torch.isfinite(x).all()


def test_a_flat_loss_moves_nothing() -> None:
    x = torch.full((1, 3, *SIZE), 0.5)
    lbfgs = Lbfgs(x, step_size=0.01)
    for _ in range(3):
        lbfgs.step(x, torch.zeros_like(x))
    assert torch.equal(x, torch.full_like(x, 0.5))


def test_a_large_picture_remembers_less() -> None:
    assert pairs_for(512 * 512 * 3) == PAIRS
    assert 2 * 4 * 3 * 3000 * 3000 * pairs_for(3 * 3000 * 3000) <= REMEMBERED_BYTES
    assert pairs_for(10**9) == 2


@pytest.mark.parametrize("size", [(8, 10), (7, 9), (1, 6)])
def test_the_smoothing_is_symmetric_and_positive(size: tuple[int, int]) -> None:
    smoothing = Smoothing(size, torch.device("cpu"))
    n = 3 * size[0] * size[1]
    matrix = torch.stack([smoothing(e.view(1, 3, *size)).flatten() for e in torch.eye(n)])
    torch.testing.assert_close(matrix, matrix.T, atol=1e-5, rtol=0)
    assert torch.linalg.eigvalsh(matrix).min() > 0.99


def test_the_smoothing_raises_broad_changes_and_leaves_fine_ones() -> None:
    smoothing = Smoothing((64, 64), torch.device("cpu"))
    fine = ((torch.arange(64) % 2) * 2.0 - 1).expand(1, 3, 64, 64)
    even = torch.ones(1, 3, 64, 64)
    torch.testing.assert_close(smoothing(fine), fine)
    torch.testing.assert_close(smoothing(even), even * 16**0.6)
