"""No device is mixed and no value is read on a GPU, tried without one: on tensors of torch's FakeTensorMode, whose
device is `cuda` and which hold nothing. In bfloat16, which mixes types most; in float32 other tests paint for real.
"""

from collections.abc import Iterator, Sequence

import pytest
import torch
from torch import Tensor

from tests.unit.worker.gatys.tiny import tiny_net
from worker.contract import DreamLayer, Init
from worker.gatys import descent, partners, stylize
from worker.gatys.descent import Trend
from worker.gatys.guide import Guide
from worker.gatys.recipe import Recipe
from worker.gatys.vgg import Vgg
from worker.render import deepdream

fake = pytest.importorskip("torch._subclasses.fake_tensor", reason="this torch has no FakeTensorMode")

SIZE, STEPS, CHECK_EVERY, ROUNDS = (96, 192), 3, 2, 2
ONE_PIECE, TILES = 2.0**40, 0.0
"""Budgets of memory, in bytes."""


class LooksOnly:
    """Stands in for the plateau checks, the one place where a value is read: counts them."""

    looks = 0

    def trend(self, loss: Tensor, *, look: bool) -> Trend:
        assert loss.device.type == "cuda"
        LooksOnly.looks += look
        return Trend.ON


def backward(
    outputs: Tensor | Sequence[Tensor], inputs: Tensor, grad_outputs: Sequence[Tensor] | None = None
) -> tuple[Tensor]:
    """Stands in for autograd, whose engine wants a thread on a real device."""
    outputs = [outputs] if isinstance(outputs, Tensor) else outputs
    for output, gradient in zip(outputs, grad_outputs or outputs, strict=True):
        assert (output.device, output.shape, output.dtype) == (gradient.device, gradient.shape, gradient.dtype)
        assert output.device == inputs.device
    return (torch.empty_like(inputs),)


@pytest.fixture(params=[torch.bfloat16], ids=["bfloat16"])
def net(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vgg]:
    """A network on a fake GPU, inside the mode."""
    network = tiny_net()
    monkeypatch.setattr(descent, "Watch", LooksOnly)
    monkeypatch.setattr(descent, "CHECK_EVERY", CHECK_EVERY)
    monkeypatch.setattr(partners, "ROUNDS", ROUNDS)
    monkeypatch.setattr(torch.autograd, "grad", backward)
    for module in (stylize, deepdream):
        monkeypatch.setattr(module, "in_fast_dtype", lambda same: same)
    # Drawn on the CPU, where reading costs nothing; here nothing holds a value.
    monkeypatch.setattr(deepdream, "_shift", lambda _: (3, -5))
    LooksOnly.looks = 0
    with fake.FakeTensorMode():
        for conv in network.convs.values():
            for name, values in list(conv.named_parameters()):
                empty = torch.empty(values.shape, dtype=request.param, device="cuda")
                setattr(conv, name, torch.nn.Parameter(empty, requires_grad=False))
        network.mean = torch.zeros(1, 3, 1, 1, device="cuda")
        yield network


def painted(net: Vgg, budget_bytes: float, guide: Guide | None = None, **recipe: object) -> list[stylize.Iterate]:
    """Two scales of a photo and two styles that lie on the CPU."""
    photo, style, other = torch.rand(1, 3, *SIZE), torch.rand(1, 3, *SIZE), torch.rand(1, 3, 64, 64)
    chosen = Recipe(edge_px=192, first_px=128, steps=STEPS, **recipe)  # type: ignore[arg-type]  # names and values of Recipe
    return list(stylize.stylize(photo, [style, other], chosen, net, seed=0, guide=guide, budget_bytes=budget_bytes))


@pytest.mark.parametrize(
    ("budget_bytes", "guided", "init"),
    [(ONE_PIECE, False, Init.NOISE), (TILES, True, Init.PHOTO)],
    ids=["in one piece, from noise", "a face, in tiles"],
)
def test_all_scales_of_a_painting_stay_on_the_device_and_read_no_value_but_at_the_checks(
    net: Vgg, budget_bytes: float, guided: bool, init: Init
) -> None:
    guide = Guide(torch.rand(1, 1, *SIZE, device="cuda")) if guided else None
    iterates = painted(net, budget_bytes, guide, init=init)
    assert iterates[-1].image.device.type == "cuda"
    scales = {iterate.edge_px: iterate.steps for iterate in iterates}
    assert len(scales) > 1
    assert LooksOnly.looks == sum(-(-steps // CHECK_EVERY) for steps in scales.values())


@pytest.mark.parametrize("net", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"], indirect=True)
@pytest.mark.parametrize("guided", [False, True], ids=["alone", "guided"])
@pytest.mark.parametrize("budget_bytes", [ONE_PIECE, TILES], ids=["in one piece", "in tiles"])
def test_a_dream_stays_on_the_device(net: Vgg, guided: bool, budget_bytes: float) -> None:
    guide = torch.rand(1, 3, *SIZE) if guided else None
    photo = torch.rand(1, 3, 96, 160)
    *_, last = deepdream.dream(
        photo, net, DreamLayer.SHAPES, seed=0, strength=0, guide=guide, budget_bytes=budget_bytes
    )
    assert last.image.device.type == "cuda"


def test_a_mask_left_on_the_cpu_is_noticed(net: Vgg) -> None:
    with pytest.raises(RuntimeError, match="device"):
        painted(net, ONE_PIECE, Guide(torch.rand(1, 1, *SIZE)))


def test_a_value_that_is_read_is_noticed(net: Vgg) -> None:
    with pytest.raises(Exception, match=r"_local_scalar_dense"):
        float(torch.rand(1, device="cuda"))
