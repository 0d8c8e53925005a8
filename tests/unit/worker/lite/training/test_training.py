"""Training lite: known answers for its losses, and runs that repeat, resume and learn; teachers here are random."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor

from worker.gatys.vgg import CONTENT_TAPS, STYLE_TAPS
from worker.lite.training import examination, loop, losses, pictures
from worker.lite.training.canvases import Batch, Canvases
from worker.lite.training.export import export, metric
from worker.lite.training.memory import Memory, known
from worker.lite.training.student import Student
from worker.lite.training.teachers import CHANNELS, Teachers
from worker.render.weights import read_lite

CPU = torch.device("cpu")
PLAN = loop.Plan(steps=10, batch=2, edge_px=32, canvases=4, lifetime_steps=3, warmup_steps=1, gradient_steps=(0, 1))


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def shelf() -> pictures.Shelf:
    photos, art = ([(noise(3, 40, 48, seed=s + k) * 255).byte() for s in range(3)] for k in (0, 10))
    return pictures.Shelf(tuple(photos), tuple(art))


def random_layer(name: str, out: int, into: int, edge: int = 3) -> dict[str, Tensor]:
    weight = torch.randn(out, into, edge, edge) * (2 / (into * edge * edge)) ** 0.5
    return {f"{name}.weight": weight, f"{name}.bias": torch.full((out,), 0.01)}


def teachers() -> Teachers:
    torch.manual_seed(7)
    true: dict[str, Tensor] = {}
    for index, out, into in (
        (0, 64, 3),
        (2, 64, 64),
        (5, 128, 64),
        (7, 128, 128),
        (10, 256, 128),
        *((n, 256, 256) for n in (12, 14, 16)),
    ):
        true |= random_layer(f"features.{index}", out, into)
    quarter = random_layer("conv0", 3, 3, 1)
    into = 3
    for block, (width, depth) in enumerate(zip((16, 32, 64, 128, 128), (2, 2, 4, 4, 1), strict=True), 1):
        for n in range(1, depth + 1):
            quarter |= random_layer(f"conv{block}{n}", width, into)
            into = width
    quarter |= random_layer("conv41_aux", 512, 128, 1) | random_layer("conv51_aux", 512, 128, 1)
    return Teachers(true, quarter, torch.float32)


def trainer(shelf: pictures.Shelf, plan: loop.Plan = PLAN) -> loop.Trainer:
    return loop.Trainer(plan, teachers(), shelf, CPU)


def weights_of(trained: loop.Trainer) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in trained.averaged.parameters()])


def test_the_gram_matrix_of_ones_is_ones() -> None:
    assert torch.equal(losses.gram(torch.ones(2, 3, 4, 5)), torch.ones(2, 3, 3))


@pytest.mark.parametrize("projected", [True, False])
def test_the_pulls_are_the_gradient_of_the_losses_they_belong_to(projected: bool) -> None:
    taps = {tap: noise(2, 3, 4, 4, seed=i).requires_grad_() for i, tap in enumerate((*STYLE_TAPS, *CONTENT_TAPS))}
    goal = {tap: noise(2, 3, 4, 4, seed=i + 10) for i, tap in enumerate(taps)}
    heads = {tap: noise(7, 3, seed=i + 20) for i, tap in enumerate(taps)} if projected else None
    weights = noise(2, 8, seed=30)

    def want(of: dict[str, Tensor]) -> losses.Want:
        grams, goals = losses.grams(of), losses.grams(goal)
        return losses.Want(
            {tap: grams[tap] - goals[tap] for tap in STYLE_TAPS}, {tap: of[tap] - goal[tap] for tap in CONTENT_TAPS}
        )

    pulls = want(taps).pulls(taps, weights, heads)
    seen = taps if heads is None else {tap: torch.einsum("tc,bchw->bthw", heads[tap], f) for tap, f in taps.items()}
    aim = goal if heads is None else {tap: torch.einsum("tc,bchw->bthw", heads[tap], f) for tap, f in goal.items()}
    distances = [(losses.gram(seen[tap]) - losses.gram(aim[tap])).square().sum((1, 2)) for tap in STYLE_TAPS]
    distances += [(seen[tap] - aim[tap]).square().mean((1, 2, 3)) for tap in CONTENT_TAPS]
    expected = torch.autograd.grad((weights * torch.stack(distances, 1)).sum(), list(taps.values()))
    for tap, gradient in zip(taps, expected, strict=True):
        assert torch.allclose(pulls[tap], gradient, rtol=1e-4, atol=1e-6)


def test_a_gradient_that_is_the_teachers_costs_nothing_and_its_opposite_most() -> None:
    gradient = noise(2, 3, 16, 16) - 0.5
    assert losses.gradient_loss(gradient, gradient).item() == pytest.approx(0, abs=1e-5)
    assert losses.gradient_loss(-gradient, gradient).item() == pytest.approx(4, abs=1e-5)


def test_every_canvas_aims_its_style_weights_at_a_sum_of_one() -> None:
    aims = losses.Aims.draw(50, torch.Generator().manual_seed(0))
    assert torch.allclose(aims.style.sum(1), torch.ones(50))
    assert (aims.content >= 0).all()


def test_calibrated_teachers_have_taps_of_mean_square_one() -> None:
    taught, x = teachers(), noise(4, 3, 32, 32)
    taught.calibrate(x)
    for tap, f in taught(x).items():
        assert f.shape[1] == CHANNELS[tap]
        assert f.square().mean().item() == pytest.approx(1, rel=1e-3)


def test_content_and_style_taps_alone_are_those_seen_among_all() -> None:
    taught, x = teachers(), noise(1, 3, 32, 32)
    every = taught(x)
    for some in (taught.content(x), taught.style(x)):
        for tap, f in some.items():
            assert torch.equal(f, every[tap]), tap


def test_what_is_known_of_a_canvas_is_asked_once_and_again_when_it_is_replaced() -> None:
    taught = teachers()
    memory, photo, style = Memory(taught), noise(2, 3, 32, 32), noise(2, 3, 32, 32, seed=1)

    def batch(photo: Tensor, born: int) -> Batch:
        return Batch(torch.arange(2), torch.full((2,), born), photo, photo, style)

    first, expected = memory.of(batch(photo, 1)), known(taught, photo, style)
    for tap, f in expected.content.items():
        assert torch.allclose(first.content[tap], f, rtol=1e-3, atol=1e-3), tap
    assert torch.equal(memory.of(batch(style, 1)).content["relu4_2"], first.content["relu4_2"])
    assert not torch.equal(memory.of(batch(style, 2)).content["relu4_2"], first.content["relu4_2"])


def test_the_metric_measures_what_the_head_measures() -> None:
    head, f, g = noise(20, 6), noise(6, 9, seed=1), noise(6, 9, seed=2)
    M = metric(head)
    assert torch.allclose(M, M.T, atol=1e-5)
    assert (M @ (f - g)).square().mean().item() == pytest.approx((head @ (f - g)).square().mean().item(), rel=1e-4)


def test_the_exported_network_sees_the_students_distances(tmp_path: Path) -> None:
    torch.manual_seed(0)
    student = Student()
    digest = export(student, tmp_path / "lite.safetensors", steps=0, seed=0)
    network = read_lite(tmp_path / "lite.safetensors", digest)
    x, y = noise(1, 3, 32, 32), noise(1, 3, 32, 32, seed=1)
    with torch.no_grad():
        for tap, head in student.heads.items():
            theirs = torch.einsum("tc,bchw->bthw", head, student(x)[tap] - student(y)[tap]).square().mean()
            ours = (network(x, (tap,))[tap] - network(y, (tap,))[tap]).square().mean()
            assert ours.item() == pytest.approx(theirs.item(), rel=0.02)  # half precision


def test_a_canvas_is_replaced_when_it_is_old_and_stays_a_picture(shelf: pictures.Shelf) -> None:
    canvases = Canvases(shelf, count=3, edge_px=16, lifetime_steps=2, seed=0)
    photos = canvases.pick(3)
    for _ in range(8):
        batch = canvases.pick(3)
        canvases.paint(batch.index, noise(3, 3, 16, 16) - 0.5)
    later = canvases.pick(3)
    assert 0 <= later.canvas.min() <= later.canvas.max() <= 1
    assert not torch.equal(later.photo[later.index.argsort()], photos.photo[photos.index.argsort()])


def test_a_canvas_moves_against_its_gradient(shelf: pictures.Shelf) -> None:
    canvases = Canvases(shelf, count=1, edge_px=16, lifetime_steps=1000, seed=1)
    before = canvases.pick(1)
    canvases.paint(before.index, torch.ones(1, 3, 16, 16))
    assert (canvases.pick(1).canvas <= before.canvas).all()


@pytest.fixture(scope="module")
def uninterrupted(shelf: pictures.Shelf) -> list[Tensor]:
    """The weights after each of three steps."""
    run = trainer(shelf)
    return [weights_of(run) for _ in run.run(3)]


def test_two_runs_with_one_seed_are_the_same_bit_for_bit_and_another_seed_is_not(
    shelf: pictures.Shelf, uninterrupted: list[Tensor]
) -> None:
    again, other = trainer(shelf), trainer(shelf, replace(PLAN, seed=1))
    for run in (again, other):
        list(run.run(2))
    assert torch.equal(weights_of(again), uninterrupted[1])
    assert not torch.equal(weights_of(other), uninterrupted[1])


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(
    shelf: pictures.Shelf, uninterrupted: list[Tensor], tmp_path: Path
) -> None:
    begun, resumed = trainer(shelf), trainer(shelf)
    list(begun.run(2))
    begun.save(tmp_path / "checkpoint.pt")
    resumed.resume(tmp_path / "checkpoint.pt")
    assert [progress.step for progress in resumed.run(3)] == [3]
    assert torch.equal(weights_of(resumed), uninterrupted[2])


def test_a_few_steps_lower_the_held_out_loss(shelf: pictures.Shelf) -> None:
    run = trainer(shelf, replace(PLAN, steps=100, gradient_steps=(98, 99)))
    before = examination.examine(run, shelf, pictures=2)
    list(run.run(10))
    after = examination.examine(run, shelf, pictures=2)
    assert after.features < 0.9 * before.features
    assert set(after.cosine) == set(STYLE_TAPS)


def test_every_tenth_picture_is_held_out(tmp_path: Path) -> None:
    for kind in ("photos", "art"):
        (tmp_path / kind).mkdir()
        for i in range(12):
            Image.new("RGB", (20 + i, 20)).save(tmp_path / kind / f"{i:02}.png")
    training, held_out = pictures.load(tmp_path)
    assert [picture.shape[2] for picture in held_out.photos] == [20, 30]
    assert [picture.shape[2] for picture in training.art] == [21, 22, 23, 24, 25, 26, 27, 28, 29, 31]
