"""One step of training, and the state from which it goes on: the student paints, the teachers say what they see."""

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from worker.gatys.vgg import CONTENT_TAPS, STYLE_TAPS
from worker.lite.training import losses, pictures
from worker.lite.training.canvases import Batch, Canvases
from worker.lite.training.memory import Known, Memory, known
from worker.lite.training.muon import Muon
from worker.lite.training.pictures import Shelf
from worker.lite.training.student import Student
from worker.lite.training.teachers import Teachers


@dataclass(frozen=True, slots=True)
class Plan:
    steps: int = 3000
    batch: int = 6
    edge_px: int = 128
    canvases: int = 96
    lifetime_steps: int = 60
    """Mean age at which a painting is replaced."""
    learning_rate: float = 7e-4
    """Of the weights, by Muon; the first layer, whose weights are largest, learns four times as fast."""
    warmup_steps: int = 20
    decay_share: float = 0.4
    """The last share of the steps, over which the learning rate falls to a fiftieth."""
    average: float = 0.995
    """Decay of the running mean of the weights, which is what is kept."""
    feature_weight: float = 4.0
    gradient_weight: float = 0.2
    gradient_steps: tuple[int, int] = (400, 1300)
    """Between these steps the gradient's weight rises from nothing: before features are right it is mere noise."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    step: int
    features: float
    grams: float
    gradient: float


class Trainer:
    def __init__(self, plan: Plan, teachers: Teachers, training: Shelf, device: torch.device) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.step = 0
        self._teachers = teachers.to(device)
        self.student = Student().to(device)
        self.averaged = copy.deepcopy(self.student).requires_grad_(False)
        self._optimisers = _optimisers(self.student, plan.learning_rate)
        self._canvases = Canvases(training, plan.canvases, plan.edge_px, plan.lifetime_steps, plan.seed)
        self._random = torch.Generator().manual_seed(plan.seed)
        self._teachers.calibrate(pictures.sample(training, 32, plan.edge_px, plan.seed).to(device))
        self._memory = Memory(self._teachers)

    def run(self, until_step: int) -> Iterator[Progress]:
        while self.step < until_step:
            yield self._advance()

    def _advance(self) -> Progress:
        batch = self._canvases.pick(self.plan.batch)
        aims = losses.Aims.draw(self.plan.batch, self._random)
        weight = _gradient_weight(self.plan, self.step)
        told = self._memory.of(batch)
        lesson = study(self.student, self._teachers, batch, told, aims, twice=weight > 0)
        total = self.plan.feature_weight * lesson.features + lesson.grams
        if weight > 0:
            total = total + weight * lesson.gradient
        self.student.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]  # torch's own
        self._learn(_schedule(self.plan, self.step))
        self._average()
        self._canvases.paint(batch.index, lesson.direction)
        self.step += 1
        return Progress(self.step, lesson.features.item(), lesson.grams.item(), lesson.gradient.item())

    def _learn(self, pace: float) -> None:
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = pace * group["full_lr"]
            optimiser.step()

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.plan.average, (1 + self.step) / (10 + self.step))
        for mean, weight in zip(self.averaged.parameters(), self.student.parameters(), strict=True):
            mean.lerp_(weight, 1 - decay)

    def study(self, batch: Batch, aims: losses.Aims) -> "Lesson":
        """What the averaged weights would learn from a batch; changes nothing."""
        told = known(self._teachers, batch.photo, batch.style)
        return study(self.averaged, self._teachers, batch, told, aims)

    def save(self, path: Path) -> None:
        """Write all of it, whole or not at all."""
        state = {
            "step": self.step,
            "student": self.student.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
            "canvases": self._canvases.state_dict(),
            "random": self._random.get_state(),
        }
        unfinished = path.with_suffix(".part")
        torch.save(state, unfinished)
        unfinished.replace(path)

    def resume(self, path: Path) -> None:
        """Go on from a saved file as if the run had never stopped."""
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        self.step = state["step"]
        self.student.load_state_dict(state["student"])
        self.averaged.load_state_dict(state["averaged"])
        for optimiser, saved in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        self._canvases.load_state_dict(state["canvases"])
        self._random.set_state(state["random"])


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one batch taught: three losses, and the student's own gradient for its canvases, Bx3xExE."""

    features: Tensor
    grams: Tensor
    gradient: Tensor
    direction: Tensor
    cosine: float


def study(
    student: Student, teachers: Teachers, batch: Batch, told: Known, aims: losses.Aims, *, twice: bool = True
) -> Lesson:
    """Compare student and teachers on a batch of canvases, their photos and their styles.

    told: what the teachers see in the photos and styles.
    twice: whether the loss of the gradient can itself be differentiated.
    """
    canvas, photo, style = (some.to(teachers.device) for some in (batch.canvas, batch.photo, batch.style))
    canvas.requires_grad_()
    shown = teachers(canvas)
    with torch.no_grad():
        shown_grams = losses.grams(shown)
        want = losses.Want(_less(shown_grams, told.grams), _less(_only(shown, CONTENT_TAPS), told.content))
        weights = _weights(aims, want.losses())
        pulls = want.pulls(shown, weights)
    (teacher_gradient,) = torch.autograd.grad(_in_order(shown, pulls), canvas, _in_order(pulls, pulls))

    heads = dict(student.heads.items())
    with torch.autocast(teachers.device.type, torch.bfloat16):
        seen, seen_style, seen_photo = student(canvas), student(style, STYLE_TAPS), student(photo, CONTENT_TAPS)
    seen_grams, seen_style_grams = losses.grams(seen), losses.grams(seen_style)
    want = losses.Want(_less(seen_grams, seen_style_grams), _less(_only(seen, CONTENT_TAPS), seen_photo))
    pulls = want.pulls(seen, weights, heads)
    (gradient,) = torch.autograd.grad(
        _in_order(seen, pulls), canvas, _in_order(pulls, pulls), create_graph=twice, retain_graph=True
    )

    features = (
        (losses.sparse(seen), losses.sparse({tap: f.detach() for tap, f in shown.items()})),
        (losses.sparse(seen_style), told.style),
    )
    grams = (seen_grams, shown_grams), (seen_style_grams, told.grams)
    return Lesson(
        torch.stack([losses.feature_loss(s, t, heads) for s, t in features]).mean(),
        torch.stack([losses.gram_loss(s, t, heads) for s, t in grams]).mean(),
        losses.gradient_loss(gradient, teacher_gradient),
        gradient.detach(),
        F.cosine_similarity(gradient.detach().flatten(1), teacher_gradient.flatten(1), dim=1).mean().item(),
    )


def _less(left: losses.Taps, right: losses.Taps) -> losses.Taps:
    return {tap: left[tap] - right[tap] for tap in left}


def _only(taps: losses.Taps, names: Sequence[str]) -> losses.Taps:
    return {tap: taps[tap] for tap in names}


def _in_order(taps: losses.Taps, names: losses.Taps) -> list[Tensor]:
    return [taps[tap] for tap in names]


def _weights(aims: losses.Aims, teacher_losses: Tensor) -> Tensor:
    """Weights of the losses: aims over the size of each loss, so that every tap pulls as strongly as it should."""
    aimed = torch.cat((aims.style, aims.content), 1).to(teacher_losses.device)
    return aimed / (teacher_losses + 0.05)


def _optimisers(student: Student, rate: float) -> tuple[torch.optim.Optimizer, ...]:
    first = student.body.conv("conv1_1").weight
    weights = [p for p in student.parameters() if p.dim() > 1 and p is not first]
    biases = [p for p in student.parameters() if p.dim() == 1]
    return (
        Muon([{"params": weights, "full_lr": rate}, {"params": [first], "full_lr": 4 * rate}]),
        torch.optim.Adam([{"params": biases, "full_lr": 3 * rate}], betas=(0.9, 0.99)),
    )


def _gradient_weight(plan: Plan, step: int) -> float:
    first, last = plan.gradient_steps
    return plan.gradient_weight * min(1.0, max(0.0, (step - first) / (last - first)))


def _schedule(plan: Plan, step: int) -> float:
    rise = min(1.0, (step + 1) / plan.warmup_steps)
    left = (plan.steps - step) / (plan.steps * plan.decay_share)
    return rise * (0.02 + 0.98 * min(1.0, max(0.0, left)))


def finite(progress: Progress) -> bool:
    return math.isfinite(progress.features + progress.grams + progress.gradient)
