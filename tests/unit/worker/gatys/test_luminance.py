"""Luminance by the weights of ITU-R BT.601."""

import pytest
import torch

from worker.gatys.luminance import luminance


def test_luminance_of_pure_red_green_and_blue_is_that_of_rec601() -> None:
    primaries = torch.eye(3).reshape(1, 3, 1, 3)
    assert luminance(primaries).flatten().tolist() == pytest.approx([0.299, 0.587, 0.114])
