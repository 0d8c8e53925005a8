"""How well the averaged student does on pictures that nobody trained on."""

from dataclasses import dataclass

import torch
from torch.nn import functional as F

from worker.gatys.vgg import CONTENT_TAPS, STYLE_TAPS
from worker.lite.training import losses
from worker.lite.training.canvases import Batch
from worker.lite.training.loop import Trainer
from worker.lite.training.pictures import Shelf, crop, draw


@dataclass(frozen=True, slots=True)
class Report:
    """The averaged student on held-out pictures: mean losses, and the gradient's cosine by tap (1 is the teacher's)."""

    features: float
    grams: float
    gradient: float
    cosine: dict[str, float]


def examine(trainer: Trainer, held_out: Shelf, *, pictures: int = 12) -> Report:
    """Measure on held-out pictures, always the same ones: photos, noisy and mixed, on the way to a painting."""
    batch = _examination(held_out, pictures, trainer.plan.edge_px)
    layers = len(STYLE_TAPS)
    even = losses.Aims(torch.full((pictures, layers), 1 / layers), torch.zeros(pictures, len(CONTENT_TAPS)))
    lesson = trainer.study(batch, even)
    cosine = {}
    for i, tap in enumerate(STYLE_TAPS):
        one = F.one_hot(torch.full((pictures,), i), layers).float()
        cosine[tap] = trainer.study(batch, losses.Aims(one, torch.zeros(pictures, len(CONTENT_TAPS)))).cosine
    return Report(lesson.features.item(), lesson.grams.item(), lesson.gradient.item(), cosine)


def _examination(shelf: Shelf, count: int, edge_px: int) -> Batch:
    random = torch.Generator().manual_seed(count)
    photo = torch.stack([crop(draw(shelf.photos, random), edge_px, random) for _ in range(count)])
    style = torch.stack([crop(draw(shelf.art, random), edge_px, random) for _ in range(count)])
    share = torch.linspace(0, 0.6, count).view(-1, 1, 1, 1)
    noise = torch.randn(photo.shape, generator=random) * 0.2
    index = torch.arange(count)
    return Batch(index, index, ((1 - share) * photo + share * style + share * noise).clamp(0, 1), photo, style)
