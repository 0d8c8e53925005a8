"""How evenly a painting is painted, by known answers; and the table of published pairs."""

import pytest
import torch
from torch import Tensor

from tests.unit.worker.gatys.tiny import tiny_net
from worker.bench import windows
from worker.bench.windows import Coverage, coverage
from worker.gatys.normalise import dead_leaves, normalise
from worker.gatys.vgg import Vgg


@pytest.fixture(scope="module")
def net() -> Vgg:
    network = tiny_net()
    normalise(network, dead_leaves(64))
    return network


def style() -> Tensor:
    """Stripes of two colours, alike everywhere."""
    y, x = torch.meshgrid(torch.arange(288), torch.arange(384), indexing="ij")
    wave = 0.5 + 0.4 * torch.sin((x + 2 * y) / 2.5)
    grain = 0.05 * torch.randn(288, 384, generator=torch.Generator().manual_seed(0))
    return (torch.stack([wave, 0.6 * wave + 0.2, 1 - wave])[None] + grain).clamp(0, 1)


def photo() -> Tensor:
    return dead_leaves(384, seed=5)[..., :288, :]


def test_a_painting_that_is_the_style_is_painted_everywhere_and_misses_nothing(net: Vgg) -> None:
    found = coverage(photo(), style(), style(), net)
    assert (found.bare, found.flat, found.missing) == pytest.approx((0, 0, 0), abs=0.02)


def test_a_painting_that_is_the_photo_is_bare_everywhere_and_misses_all(net: Vgg) -> None:
    found = coverage(photo(), style(), photo(), net)
    assert (found.bare, found.busy, found.flat, found.missing) == pytest.approx((1, 1, 1, 1), abs=0.03)


def test_half_a_painting_is_half_bare_and_misses_nothing(net: Vgg) -> None:
    half = photo()
    half[..., 192:] = style()[..., 192:]
    found = coverage(photo(), style(), half, net)
    assert 0.35 < found.bare < 0.65
    assert 0.35 < found.flat < 0.65
    assert found.missing < 0.1


def test_a_photographed_subject_on_a_painted_ground_is_busy(net: Vgg) -> None:
    plain = torch.full((1, 3, 288, 384), 0.6)
    plain[..., 64:224, 96:288] = photo()[..., 64:224, 96:288]
    cut_out = style()
    cut_out[..., 64:224, 96:288] = plain[..., 64:224, 96:288]
    found = coverage(plain, style(), cut_out, net)
    assert found.busy > 1.5 * found.bare


def test_pictures_of_any_size_can_be_measured(net: Vgg) -> None:
    tall = torch.rand(1, 3, 400, 40, generator=torch.Generator().manual_seed(1))
    found = coverage(tall, style()[..., :100], tall[..., :200, :20], net)
    assert all(0 <= value <= windows.FAR for value in (found.bare, found.busy, found.flat, found.missing))


def test_the_table_ends_with_the_mean() -> None:
    shown = windows.show({"a": Coverage(0.2, 0.4, 0.0, 0.1), "b": Coverage(0.4, 0.6, 0.5, 0.3)})
    assert shown.splitlines()[0] == "| | bare | busy | flat | missing |"
    assert shown.splitlines()[-1] == "| mean | 0.300 | 0.500 | 0.25 | 0.200 |"
