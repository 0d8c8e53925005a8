"""VGG-19's topology up to relu5_1 at any width: the network through which the engine sees."""

import copy
from collections.abc import Collection, Mapping
from typing import Literal, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Pool: TypeAlias = Literal["max", "average"]
Padding: TypeAlias = Literal["replicate", "zeros"]

DEPTHS = (2, 2, 4, 4, 1)
"""Convolutions in each block: configuration E of Simonyan & Zisserman (2015), cut after relu5_1."""

CONVS = tuple(f"conv{block}_{n}" for block, depth in enumerate(DEPTHS, 1) for n in range(1, depth + 1))
TAPS = tuple(conv.replace("conv", "relu") for conv in CONVS)
STYLE_TAPS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT_TAPS = ("relu2_2", "relu3_4", "relu4_2")
VGG19_WIDTHS = (64, 128, 256, 512, 512)


class Vgg(nn.Module):
    """The feature extractor; its weights are constants unless a trainer says otherwise.

    A tap named in `metrics` is seen through a square 1x1 map: `lite`'s make distances between features and between
    Gram matrices those that a wider network would measure.
    """

    mean: Tensor

    def __init__(
        self,
        widths: tuple[int, int, int, int, int] = VGG19_WIDTHS,
        *,
        pool: Pool = "max",
        padding: Padding = "replicate",
        metrics: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.widths = widths
        self.pool: Pool = pool
        self.padding: Padding = padding
        self.register_buffer("mean", torch.zeros(1, 3, 1, 1))
        self.convs = nn.ModuleDict()
        channels = 3
        for conv in CONVS:
            width = widths[block_of(conv) - 1]
            self.convs[conv] = nn.Conv2d(channels, width, 3)
            channels = width
        self.metrics = nn.ModuleDict(
            {tap: nn.Conv2d(w, w, 1, bias=False) for tap in metrics for w in (self.width(tap),)}
        )
        self.maps: Mapping[str, Tensor] = {}
        self.requires_grad_(False).to(memory_format=torch.channels_last)

    def conv(self, name: str) -> nn.Conv2d:
        """The convolution called `conv1_1` ... `conv5_1`."""
        layer = self.convs[name]
        assert isinstance(layer, nn.Conv2d)  # noqa: S101  # nn.ModuleDict has no element type
        return layer

    def seen_through(self, maps: Mapping[str, Tensor]) -> "Vgg":
        """The same network, sharing its weights, whose taps are seen through these maps, KxC, after its own."""
        twin, weight = copy.copy(self), self.conv("conv1_1").weight
        for tap, M in maps.items():
            own = self.metrics[tap].get_parameter("weight")[..., 0, 0] if tap in self.metrics else None
            both = M if own is None else M @ own.to(M)
            twin.maps = {**twin.maps, tap: both.to(weight)[..., None, None]}
        return twin

    def width(self, tap: str) -> int:
        """Channels of a tap."""
        return self.widths[block_of(tap) - 1]

    def forward(self, x: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """Taps of x by name, `relu1_1` ... `relu5_1`; runs only as deep as the deepest asked for.

        x: RGB, Bx3xHxW, sRGB in [0, 1], H and W at least 16. A tap of block b is BxCxH/2^(b-1)xW/2^(b-1), in the
        type of the weights.
        """
        wanted = set(layers)
        if unknown := wanted.difference(TAPS):
            raise ValueError(f"VGG-19 has no layer {sorted(unknown)}; choose from {', '.join(TAPS)}")
        taps: dict[str, Tensor] = {}
        h = (x - self.mean).to(self.conv("conv1_1").weight.dtype).contiguous(memory_format=torch.channels_last)
        for conv, tap in zip(CONVS, TAPS, strict=True):
            if len(taps) == len(wanted):
                break
            if tap.endswith("_1") and tap != "relu1_1":
                h = F.max_pool2d(h, 2) if self.pool == "max" else F.avg_pool2d(h, 2)
            h = F.relu(self._convolve(conv, h))
            if tap in wanted:
                taps[tap] = self._seen(tap, h)
        return taps

    def _seen(self, tap: str, h: Tensor) -> Tensor:
        if (M := self.maps.get(tap)) is not None:
            return F.conv2d(h, M)
        return self.metrics[tap](h) if tap in self.metrics else h

    def _convolve(self, conv: str, h: Tensor) -> Tensor:
        layer = self.conv(conv)
        if self.padding == "zeros":
            return F.conv2d(h, layer.weight, layer.bias, padding=1)
        return F.conv2d(F.pad(h, (1, 1, 1, 1), mode="replicate"), layer.weight, layer.bias)


def block_of(layer: str) -> int:
    """The block, 1-5, of a layer such as `relu3_1`."""
    return int(layer[4])


def stride_of(layer: str) -> int:
    """Pixels of the picture from one position of a layer to the next."""
    return 1 << (block_of(layer) - 1)


def layer_size(layer: str, size: tuple[int, int]) -> tuple[int, int]:
    """(height, width) of a layer of a picture of this (height, width)."""
    return size[0] // stride_of(layer), size[1] // stride_of(layer)
