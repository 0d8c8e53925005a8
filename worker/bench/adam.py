"""Adam and an average of its iterates, as a peer uses them."""

import torch
from torch import Tensor


class Adam:
    """Adam of Kingma & Ba (2015), algorithm 1, for one picture."""

    def __init__(self, x: Tensor, *, step_size: float, betas: tuple[float, float] = (0.9, 0.99)) -> None:
        self.step_size = step_size
        self._betas = betas
        self._t = 0
        self._m = torch.zeros_like(x)
        self._v = torch.zeros_like(x)

    @torch.no_grad()
    def step(self, x: Tensor, g: Tensor) -> None:
        """Move x, in place, against its gradient g, and keep it in [0, 1]."""
        self._t += 1
        beta1, beta2 = self._betas
        self._m.lerp_(g, 1 - beta1)
        self._v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
        size = self.step_size / (1 - beta1**self._t)
        spread = (self._v / (1 - beta2**self._t)).sqrt_().add_(1e-12)
        x.addcdiv_(self._m, spread, value=-size).clamp_(0, 1)


class Average:
    """Exponential moving average of the iterates, corrected for its start like Adam's moments."""

    def __init__(self, like: Tensor, decay: float) -> None:
        self._decay = decay
        self._sum = torch.zeros_like(like)
        self._weight = 0.0

    def add(self, x: Tensor) -> None:
        """Count one more iterate."""
        self._sum.lerp_(x, 1 - self._decay)
        self._weight = self._decay * self._weight + 1 - self._decay

    def picture(self) -> Tensor:
        """The average so far, in [0, 1]."""
        return (self._sum / self._weight).clamp(0, 1)
