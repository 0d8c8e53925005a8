"""The two frozen networks that lite learns from, seen as one set of taps."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from worker.gatys.vgg import CONTENT_TAPS, STYLE_TAPS

TRUE_FILE, QUARTER_FILE = "vgg19-blocks1-3.safetensors", "vgg19-sixteenth.safetensors"
BGR_MEAN = (103.939, 116.779, 123.68)
CHANNELS = {
    "relu1_1": 64, "relu2_1": 128, "relu2_2": 128, "relu3_1": 256, "relu3_4": 256, "relu4_1": 129, "relu4_2": 128,
    "relu5_1": 129,
}  # fmt: skip
"""Teacher channels of each tap.

A head of the quarter-width network has 512 channels but only 128 directions and an offset: 129 hold its distances.
relu4_2 is that network's own, which has no head there.
"""

_TRUE = ("0", "2", "P", "5", "7", "P", "10", "12", "14", "16")
_TRUE_TAPS = {"0": "relu1_1", "5": "relu2_1", "7": "relu2_2", "10": "relu3_1", "16": "relu3_4"}
_FOLLOWING = {"true0": "true2", "true5": "true7", "true7": "true10", "true10": "true12", "quarter42": "quarter43"}
"""The layer that reads a tap, whose weights take the tap's scale back."""
_QUARTER = ("11", "12", "P", "21", "22", "P", "31", "32", "33", "34", "P", "41", "42", "43", "44", "P", "51")
_QUARTER_TAPS = {"41": "relu4_1", "42": "relu4_2", "51": "relu5_1"}
_TAPS = {f"true{n}": tap for n, tap in _TRUE_TAPS.items()} | {f"quarter{n}": tap for n, tap in _QUARTER_TAPS.items()}


class Teachers(nn.Module):
    """Blocks 1-3 of the true VGG-19, and relu4_1, relu4_2 and relu5_1 by the quarter-width network and its heads.

    Every tap is multiplied by a constant so that its mean square over pictures is 1; `calibrate` measures it.
    """

    def __init__(self, true: Mapping[str, Tensor], quarter: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        super().__init__()
        layers = {f"true{name.removeprefix('features.')}": weight for name, weight in true.items()}
        layers |= {f"quarter{name.removeprefix('conv')}": weight for name, weight in quarter.items()}
        for head in ("quarter41_aux", "quarter51_aux"):
            layers |= _without_spare_channels(head, layers.pop(f"{head}.weight"), layers.pop(f"{head}.bias"))
        self._exact = layers
        self.dtype = dtype
        self._store()

    @classmethod
    def load(cls, folder: Path, *, dtype: torch.dtype) -> "Teachers":
        return cls(load_file(folder / TRUE_FILE), load_file(folder / QUARTER_FILE), dtype)

    def _store(self) -> None:
        for name, weight in self._exact.items():
            stored = weight.to(torch.float32 if name.startswith("quarter0") else self.dtype)
            if stored.dim() == 4:
                stored = stored.contiguous(memory_format=torch.channels_last)
            self.register_buffer(name.replace(".", "_"), stored)
        self.register_buffer("bgr_mean", torch.tensor(BGR_MEAN).view(1, 3, 1, 1))

    @property
    def device(self) -> torch.device:
        return self.get_buffer("bgr_mean").device

    @torch.no_grad()
    def calibrate(self, pictures: Tensor) -> None:
        """Find the constants by pictures, Bx3xHxW in [0, 1], and put them into the weights."""
        scales = {tap: f.square().mean().rsqrt().item() for tap, f in self(pictures).items()}
        for layer in (*_FOLLOWING, "true16"):
            scale = scales[_TAPS[layer]]
            self._exact[f"{layer}.weight"] = self._exact[f"{layer}.weight"] * scale
            self._exact[f"{layer}.bias"] = self._exact[f"{layer}.bias"] * scale
            if layer in _FOLLOWING:
                self._exact[f"{_FOLLOWING[layer]}.weight"] = self._exact[f"{_FOLLOWING[layer]}.weight"] / scale
        for head in ("quarter41_aux", "quarter51_aux"):
            for part in ("weight", "bias"):
                self._exact[f"{head}.{part}"] = self._exact[f"{head}.{part}"] * scales[_TAPS[head.removesuffix("_aux")]]
        device = self.device
        self._store()
        self.to(device)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """All taps of x, float32, of `CHANNELS` channels. x: RGB, Bx3xHxW, in [0, 1]."""
        return self._true(x, _TRUE) | self._quarter(x, _QUARTER)

    def style(self, x: Tensor) -> dict[str, Tensor]:
        """The five style taps of x alone."""
        taps = self._true(x, _TRUE[: _TRUE.index("10") + 1]) | self._quarter(x, _QUARTER)
        return {tap: taps[tap] for tap in STYLE_TAPS}

    def content(self, x: Tensor) -> dict[str, Tensor]:
        """The content taps of x alone."""
        taps = self._true(x, _TRUE) | self._quarter(x, _QUARTER[: _QUARTER.index("42") + 1])
        return {tap: taps[tap] for tap in CONTENT_TAPS}

    def _true(self, x: Tensor, layers: tuple[str, ...]) -> dict[str, Tensor]:
        taps = {}
        h = (x.flip(1) * 255 - self.get_buffer("bgr_mean")).to(self.dtype)
        h = h.contiguous(memory_format=torch.channels_last)
        for n in layers:
            h = F.max_pool2d(h, 2) if n == "P" else self._convolve(f"true{n}", h)
            if n in _TRUE_TAPS:
                taps[_TRUE_TAPS[n]] = h.float()
        return taps

    def _quarter(self, x: Tensor, layers: tuple[str, ...]) -> dict[str, Tensor]:
        taps = {}
        # The first 1x1 map goes from [0, 1] to 0-255, too far for bfloat16's eight bits.
        h = F.conv2d(x, *self._weights("quarter0")).to(self.dtype).contiguous(memory_format=torch.channels_last)
        for n in layers:
            h = F.max_pool2d(h, 2) if n == "P" else self._convolve(f"quarter{n}", h)
            if n in _QUARTER_TAPS:
                tap = _QUARTER_TAPS[n]
                taps[tap] = (F.conv2d(h, *self._weights(f"quarter{n}_aux")) if tap in STYLE_TAPS else h).float()
        return taps

    def _convolve(self, layer: str, h: Tensor) -> Tensor:
        return F.relu(F.conv2d(F.pad(h, (1, 1, 1, 1), mode="replicate"), *self._weights(layer)))

    def _weights(self, layer: str) -> tuple[Tensor, Tensor]:
        return self.get_buffer(f"{layer}_weight"), self.get_buffer(f"{layer}_bias")


def _without_spare_channels(head: str, weight: Tensor, bias: Tensor) -> dict[str, Tensor]:
    """A head in as many channels as it has directions: with [W b] = Q R, R sees every distance that [W b] sees."""
    affine = torch.cat((weight.flatten(1), bias[:, None]), 1)
    R = torch.linalg.qr(affine.double()).R.float()
    return {f"{head}.weight": R[:, :-1, None, None].contiguous(), f"{head}.bias": R[:, -1].contiguous()}
