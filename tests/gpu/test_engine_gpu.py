"""The engine on an accelerator: run with `pytest -m gpu tests/gpu` where there is one."""

import pytest
import torch

from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.gatys import memory
from worker.gatys.objective import Objective
from worker.gatys.precision import in_fast_dtype
from worker.gatys.recipe import Recipe
from worker.gatys.stylize import stylize

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, and torch sees none here"),
]
SIZE = (96, 128)


def test_the_gradient_on_the_gpu_is_that_of_the_cpu_in_float32() -> None:
    photo, style, x = (picture(*SIZE, seed) for seed in (1, 2, 3))
    gradients = []
    for device in ("cpu", "cuda"):
        net = tiny_net().to(device)
        objective = Objective(photo.to(device), [style.to(device)], Recipe(), net, size=SIZE)
        gradients.append(objective.loss_and_gradient(x.to(device))[1].cpu())
    on_cpu, on_gpu = gradients
    assert (on_gpu - on_cpu).norm() < 0.01 * on_cpu.norm()


def test_an_iteration_in_half_precision_points_where_float32_does() -> None:
    photo, style, x = (picture(*SIZE, seed).cuda() for seed in (1, 2, 3))
    net = tiny_net().cuda()
    g, g_fast = (
        Objective(photo, [style], Recipe(), each, size=SIZE).loss_and_gradient(x)[1].flatten()
        for each in (net, in_fast_dtype(net))
    )
    assert torch.cosine_similarity(g, g_fast, dim=0) > 0.97


def test_a_painting_comes_out_and_frees_its_memory() -> None:
    net = tiny_net().cuda()
    *_, last = stylize(
        picture(*SIZE, 1), [picture(*SIZE, 2)], Recipe(edge_px=128, steps=21), net, seed=0, budget_bytes=2.0**40
    )
    assert last.image.is_cuda
    assert torch.isfinite(last.image).all()


def test_a_tiled_painting_stays_within_its_budget() -> None:
    net, size = tiny_net().cuda(), (768, 1024)
    fast = in_fast_dtype(net)
    budget = memory.picture_bytes(size[0] * size[1]) + 600 * 600 * memory.bytes_per_px(fast)
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    recipe = Recipe(edge_px=1024, steps=2, first_px=1000)
    list(stylize(picture(*size, 1), [picture(200, 200, 2)], recipe, net, seed=0, budget_bytes=budget))
    assert torch.cuda.max_memory_allocated() - before < 1.5 * budget
