"""A scale that goes well, one that is done early, one that explodes, and one that cannot be saved."""

import pytest
import torch
from torch import Tensor

from worker.contract.errors import Diverged
from worker.gatys.descent import ATTEMPTS, CHECK_EVERY, Descended, Trend, Watch, descend

START = torch.full((1, 3, 4, 4), 0.9)


def bowl(x: Tensor) -> tuple[Tensor, Tensor]:
    return (x - 0.25).square().sum(), 2 * (x - 0.25)


def walk(evaluate: object, steps: int = 100, step_size: float = 0.02) -> list[Descended]:
    return list(descend(START, evaluate, steps=steps, step_size=step_size))  # type: ignore[arg-type]  # fakes below


def test_a_bowl_is_descended_to_its_bottom() -> None:
    last = walk(bowl, steps=200)[-1]
    torch.testing.assert_close(last.picture, torch.full_like(START, 0.25), atol=1e-3, rtol=0)


def test_only_the_last_step_says_so() -> None:
    steps = walk(bowl, steps=15)
    assert [at.last for at in steps] == [False] * 14 + [True]
    assert [at.step for at in steps] == list(range(1, 16))


def test_a_plateau_ends_a_scale_early() -> None:
    steps = walk(lambda x: (torch.tensor(1.0), torch.zeros_like(x)))
    assert len(steps) == 2 * CHECK_EVERY
    assert steps[-1].last


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e6])
def test_an_explosion_starts_the_scale_again_with_a_smaller_step(bad: float) -> None:
    explodes = iter([True] + [False] * 1000)
    calls = 0

    def evaluate(x: Tensor) -> tuple[Tensor, Tensor]:
        nonlocal calls
        calls += 1
        loss, g = bowl(x)
        return (torch.tensor(bad), g) if calls == CHECK_EVERY and next(explodes) else (loss, g)

    steps = walk(evaluate, steps=2 * CHECK_EVERY)
    assert [at.step for at in steps] == [*range(1, CHECK_EVERY), *range(1, 2 * CHECK_EVERY + 1)]
    assert torch.isfinite(steps[-1].picture).all()


def test_a_loss_that_is_never_finite_ends_in_an_error() -> None:
    calls = 0

    def evaluate(x: Tensor) -> tuple[Tensor, Tensor]:
        nonlocal calls
        calls += 1
        return torch.tensor(float("nan")), torch.zeros_like(x)

    with pytest.raises(Diverged):
        walk(evaluate, steps=CHECK_EVERY)
    assert calls == ATTEMPTS * CHECK_EVERY


def test_the_loss_is_looked_at_only_when_told() -> None:
    watch = Watch()
    assert watch.trend(torch.tensor(float("nan")), look=False) is Trend.ON
    assert watch.trend(torch.tensor(1.0), look=True) is Trend.EXPLODED
