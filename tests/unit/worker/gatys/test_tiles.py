"""Tiles own everything once, and a tiled gradient is the whole picture's."""

import pytest
import torch

from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.gatys.guide import Guide
from worker.gatys.objective import Objective
from worker.gatys.recipe import Recipe
from worker.gatys.tiles import tiled


@pytest.mark.parametrize("size", [(64, 64), (197, 331), (50, 1000), (161, 160)])
@pytest.mark.parametrize("stride", [1, 4, 16])
def test_every_position_is_owned_by_exactly_one_tile(size: tuple[int, int], stride: int) -> None:
    owned = torch.zeros(1, 1, size[0] // stride, size[1] // stride)
    for tile in tiled(size, 80):
        part = tile.own_of_whole(owned, stride)
        read = tile.read(torch.empty(1, 1, *size))
        features = torch.empty(1, 1, read.shape[-2] // stride, read.shape[-1] // stride)
        assert tile.own(features, stride).shape == part.shape
        part += 1
    assert torch.all(owned == 1)


@pytest.mark.parametrize("guided", [False, True], ids=["plain", "guided"])
def test_the_gradient_over_tiles_is_that_of_the_whole_to_rounding(guided: bool) -> None:
    size = (230, 345)
    net, photo, style = tiny_net(), picture(*size, 1), picture(200, 200, 2)
    keep = torch.zeros(1, 1, 23, 34)
    keep[..., 8:14, 10:20] = 1
    guide = Guide(keep) if guided else None
    whole, tiles = (
        Objective(photo, [style], Recipe(), net, size=size, guide=guide, tile_px=tile_px) for tile_px in (None, 96)
    )
    x = (photo + 0.1 * picture(*size, 3)).clamp(0, 1)
    (loss, g), (tiled_loss, tiled_g) = whole.loss_and_gradient(x), tiles.loss_and_gradient(x)
    assert len(tiled(size, 96)) > 6
    torch.testing.assert_close(tiled_loss, loss, rtol=1e-4, atol=1e-6)
    assert (tiled_g - g).norm() < 2e-3 * g.norm()
