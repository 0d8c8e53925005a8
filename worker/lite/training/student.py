"""The network in training: lite's layers, and the heads through which it answers its teachers."""

from collections.abc import Collection

import torch
from torch import Tensor, nn

from worker.gatys.vgg import CONVS, Vgg
from worker.lite.training.teachers import CHANNELS

WIDTHS = (16, 32, 96, 128, 128)
MEAN = (0.485, 0.456, 0.406)
DEVIATION = 0.25


class Student(nn.Module):
    """A narrow VGG, one linear 1x1 head for each tap that a teacher speaks of."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Vgg(WIDTHS, pool="average")
        self.body.mean.copy_(torch.tensor(MEAN).view(1, 3, 1, 1))
        self.body.requires_grad_(True)
        self.heads = nn.ParameterDict(
            {
                tap: nn.Parameter(nn.init.orthogonal_(torch.empty(c, self.body.width(tap))))
                for tap, c in CHANNELS.items()
            }
        )
        for conv in CONVS:
            layer = self.body.conv(conv)
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, taps: Collection[str] = CHANNELS.keys()) -> dict[str, Tensor]:
        """Taps of x (RGB, Bx3xHxW, sRGB in [0, 1]) by name, float32, in the student's own channels."""
        # Its deviation from the mean made about 1, as weights in training like it; `export` folds it away.
        spread = self.body.mean + (x - self.body.mean) / DEVIATION
        return {tap: f.float() for tap, f in self.body(spread, taps).items()}
