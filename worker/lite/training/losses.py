"""What the student is asked to get right: features, Gram matrices, and the gradient that a painter would follow."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from worker.gatys.vgg import CONTENT_TAPS, STYLE_TAPS

Taps = dict[str, Tensor]

_STRIDES = {"relu1_1": 4, "relu2_1": 2, "relu2_2": 2}
"""Features are compared at every fourth and every second position where positions abound."""

_SHARES = {
    "relu1_1": 0.5, "relu2_1": 1.0, "relu2_2": 0.5, "relu3_4": 1.0, "relu4_1": 1.5, "relu4_2": 1.0, "relu5_1": 2.0,
}  # fmt: skip
"""How much the features of a tap count, 1 where nothing is said; deep ones are the hardest to learn."""


def sparse(taps: Taps) -> Taps:
    """The positions at which features are compared."""
    return {tap: f[:, :, :: _STRIDES.get(tap, 1), :: _STRIDES.get(tap, 1)] for tap, f in taps.items()}


def gram(features: Tensor) -> Tensor:
    """G of Gatys, Ecker & Bethge (2016), eq. 3, over positions: BxCxHxW -> BxCxC, divided by H W."""
    f = features.flatten(2)
    return f @ f.mT / f.shape[2]


def grams(taps: Taps) -> Taps:
    return {tap: gram(taps[tap]) for tap in STYLE_TAPS}


def feature_loss(student: Taps, teacher: Taps, heads: Taps) -> Tensor:
    """log(1 + e) for the squared error e of each picture's projected features, relative to their size; mean over taps.

    The logarithm keeps a single odd canvas from outvoting the rest. Both are `sparse`; taps are those of the teacher.
    """
    errors = [_SHARES.get(tap, 1.0) * _feature_error(student[tap], teacher[tap], heads[tap]) for tap in teacher]
    return torch.stack(errors).sum() / sum(_SHARES.get(tap, 1.0) for tap in teacher)


def _feature_error(f: Tensor, t: Tensor, head: Tensor) -> Tensor:
    f, t = f.flatten(2), t.flatten(2)
    error = (head @ f - t).square().mean((1, 2))
    return (error / (t.square().mean((1, 2)) + 0.1)).log1p().mean()


def gram_loss(student: Taps, teacher: Taps, heads: Taps) -> Tensor:
    """log(1 + e) for the squared distance e of each picture's projected Gram matrices; mean over style taps."""
    return torch.stack([_gram_error(student[tap], teacher[tap], heads[tap]) for tap in STYLE_TAPS]).mean()


def _gram_error(G_student: Tensor, G: Tensor, head: Tensor) -> Tensor:
    return ((head @ G_student @ head.T - G).square().sum((1, 2)) / G.square().sum((1, 2))).log1p().mean()


@dataclass(frozen=True, slots=True)
class Aims:
    """What each canvas of a batch is painted after: weights, one row a canvas, of the style taps and of content."""

    style: Tensor
    content: Tensor

    @classmethod
    def draw(cls, count: int, generator: torch.Generator) -> "Aims":
        """A third of the canvases aim at all style taps alike, a third at one, the rest at a random mixture."""
        layers = len(STYLE_TAPS)
        even = torch.full((count, layers), 1 / layers)
        one = F.one_hot(torch.randint(0, layers, (count,), generator=generator), layers).float()
        mixed = torch.rand(count, layers, generator=generator).pow(2)
        choice = torch.randint(0, 3, (count, 1), generator=generator)
        style = torch.where(choice == 0, even, torch.where(choice == 1, one, mixed / mixed.sum(1, keepdim=True)))
        shares = torch.rand(count, len(CONTENT_TAPS), generator=generator)
        return cls(style, shares * (torch.rand(count, 1, generator=generator) < 0.5))


@dataclass(frozen=True, slots=True)
class Want:
    """What is left to paint: G - G* at each style tap, and F - P at each content tap."""

    style: Taps
    shift: Taps

    def losses(self) -> Tensor:
        """The losses of a painting, one row a canvas: squared Gram distance at each style tap, then content."""
        style = [self.style[tap].square().sum((1, 2)) for tap in STYLE_TAPS]
        return torch.stack([*style, *(self.shift[tap].square().mean((1, 2, 3)) for tap in CONTENT_TAPS)], 1)

    def pulls(self, taps: Taps, weights: Tensor, heads: Taps | None = None) -> Taps:
        """Gradients of the weighted losses with respect to the taps: eq. 6 of Gatys et al. (2016), without its sign.

        With heads, the losses are those of projected features: P G P^T for a Gram matrix.
        """
        pulls = {}
        for column, tap in enumerate(STYLE_TAPS):
            D, f = self.style[tap], taps[tap].flatten(2)
            if heads is not None:
                M = heads[tap].T @ heads[tap]
                D = M @ D @ M
            w = weights[:, column].view(-1, 1, 1)
            pulls[tap] = ((4 / f.shape[2] * w * D) @ f).view_as(taps[tap])
        for column, tap in enumerate(CONTENT_TAPS, len(STYLE_TAPS)):
            w = weights[:, column].view(-1, 1, 1, 1)
            pulls[tap] = w * _content_pull(self.shift[tap], None if heads is None else heads[tap])
        return pulls


def _content_pull(shift: Tensor, head: Tensor | None) -> Tensor:
    channels, positions = shift.shape[1], shift.shape[2] * shift.shape[3]
    if head is not None:
        shift, channels = torch.einsum("cd,bdhw->bchw", head.T @ head, shift), len(head)
    return 2 / (channels * positions) * shift


def gradient_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """How far the student's input gradient, Bx3xHxW, points away from the teacher's, and how unlike in length.

    1 - cosine at full resolution and on means over 4x4 pixels, where broad strokes are decided.
    """
    s, t = student / _length(teacher), teacher / _length(teacher)
    coarse = _unlike(F.avg_pool2d(s, 4), F.avg_pool2d(t, 4))
    ratio = (_length(s) + 1e-3).log().square().mean()
    return _unlike(s, t) + coarse + 0.1 * ratio


def _length(gradient: Tensor) -> Tensor:
    return gradient.square().sum((1, 2, 3), keepdim=True).add(1e-30).sqrt()


def _unlike(s: Tensor, t: Tensor) -> Tensor:
    return (1 - F.cosine_similarity(s.flatten(1), t.flatten(1), dim=1, eps=1e-8)).mean()
