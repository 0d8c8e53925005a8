"""Scales a network so that every layer speaks equally loud, and a loss weight means the same on all of them."""

import torch
from torch import Tensor

from worker.gatys.vgg import CONTENT_TAPS, CONVS, STYLE_TAPS, TAPS, Vgg

NORMALISED_TAPS = (*STYLE_TAPS, *CONTENT_TAPS)


@torch.no_grad()
def normalise(network: Vgg, picture: Tensor) -> None:
    """Rescale weights in place until the mean square of each tap that the engine uses is 1 on a picture.

    As Gatys, Ecker & Bethge (2016), section 2, but one scale a layer instead of one a filter, which keeps the
    filters' relative strength. ReLU and pooling let positive scales through, so nothing else changes.
    picture: RGB, 1x3xHxW, sRGB in [0, 1].
    """
    loudness = {tap: f.float().square().mean().sqrt().item() for tap, f in network(picture, NORMALISED_TAPS).items()}
    before = 1.0
    for conv, tap in zip(CONVS, TAPS, strict=True):
        scale = 1 / max(loudness[tap], 1e-12) if tap in loudness else before
        layer = network.conv(conv)
        layer.weight.mul_(scale / before)
        if layer.bias is not None:
            layer.bias.mul_(scale)
        before = scale


def dead_leaves(edge_px: int = 256, *, leaves: int = 1500, seed: int = 0) -> Tensor:
    """A picture of discs that hide one another, with the edges and spectrum of natural ones; RGB, 1x3xExE in [0, 1].

    The dead leaves model of Lee, Mumford & Huang (2001): radii fall off as r^-3, so no size is preferred.
    """
    random = torch.Generator().manual_seed(seed)
    axis = torch.arange(edge_px, dtype=torch.float32)
    picture = torch.zeros(3, edge_px, edge_px)
    bare = torch.ones(edge_px, edge_px, dtype=torch.bool)
    smallest, largest = 2.0, edge_px / 3
    for x, y, u, grey, *tint in torch.rand(leaves, 7, generator=random).tolist():
        radius = (smallest**-2 + u * (largest**-2 - smallest**-2)) ** -0.5
        rows, columns = (slice(max(0, int(c * edge_px - radius)), int(c * edge_px + radius) + 2) for c in (y, x))
        still = bare[rows, columns]
        disc = ((axis[rows, None] - y * edge_px) ** 2 + (axis[columns] - x * edge_px) ** 2 <= radius**2) & still
        picture[:, rows, columns][:, disc] = torch.tensor([0.1 + 0.7 * grey + 0.1 * t for t in tint])[:, None]
        still &= ~disc
    picture[:, bare] = 0.5
    return picture[None]
