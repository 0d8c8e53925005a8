"""Lite as it ships: small, cheap, there without a network, and seeing style as VGG-19 does."""

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tests import ROOT
from tests.integration.worker.lite.recorded import distances, recorded, squares
from worker.gatys.vgg import STYLE_TAPS, Vgg
from worker.lite.training import losses
from worker.render import weights

SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the training pictures and teachers in ../shared")

OFFLINE = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise PermissionError(f"the network is unplugged: {event}")
sys.addaudithook(refuse)
import torch
from worker.render import weights
from worker.gatys.recipe import Recipe
from worker.gatys.stylize import stylize
network, name = weights.load("lite", device=torch.device("cpu"))
x = torch.rand(1, 3, 48, 64, generator=torch.Generator().manual_seed(0))
*_, last = stylize(x, [x.flip(-1)], Recipe(edge_px=64, first_px=64, steps=2), network, seed=0, budget_bytes=2**40)
print(name, tuple(last.image.shape))
"""


@pytest.fixture(scope="module")
def lite() -> Vgg:
    return weights.load("lite", device=torch.device("cpu"))[0]


def test_lite_paints_with_the_network_unplugged_and_an_empty_cache(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "TORCH_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", OFFLINE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "lite (1, 3, 48, 64)", done.stderr


def test_lite_is_a_file_of_at_most_3_mb_in_half_precision() -> None:
    data = (resources.files("worker.lite") / "lite.safetensors").read_bytes()
    assert len(data) <= 3_000_000
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert header.pop("__metadata__")["name"] == "lite"
    assert {tensor["dtype"] for tensor in header.values()} == {"F16"}


def test_the_model_card_ships_beside_the_weights() -> None:
    card = (resources.files("worker.lite") / "MODEL_CARD.md").read_text(encoding="utf-8")
    for word in ("CC BY 4.0", "Simonyan", "Huan Wang", "manifest", weights.LITE_SHA256):
        assert word in card


def test_lite_does_at_most_an_eighth_of_vgg19s_arithmetic(lite: Vgg) -> None:
    assert flops(lite) <= flops(Vgg()) / 8


def flops(network: Vgg) -> int:
    x = torch.rand(1, 3, 64, 64, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        torch.stack([f.sum() for f in network(x, STYLE_TAPS).values()]).sum().backward()  # type: ignore[no-untyped-call]  # torch
    return int(counter.get_total_flops())


def test_pictures_that_vgg19_finds_far_apart_lite_finds_far_apart(lite: Vgg) -> None:
    with torch.no_grad():
        grams = losses.grams(lite(squares(), STYLE_TAPS))
    for tap, theirs in recorded().items():
        both = torch.stack([distances(grams[tap]), torch.tensor(theirs)])
        # relu5_1 of 128 px has 64 positions, and a teacher that itself guesses.
        assert torch.corrcoef(both)[0, 1] > (0.8 if tap == "relu5_1" else 0.95), tap


@pytest.mark.long
@pytest.mark.timeout(600)
@needs_shared
def test_the_documented_command_lowers_the_held_out_loss(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "worker.lite.training",
        "--data",
        SHARED / "train",
        "--teachers",
        SHARED / "weights",
    ]
    command += ["--out", tmp_path, "--run", tmp_path, "--steps", "60", "--every", "20"]
    subprocess.run([str(word) for word in command], check=True, timeout=600)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    first, *_, last = [line["held_out"] for line in lines if "held_out" in line]
    assert last["features"] < first["features"]
    assert last["grams"] < first["grams"]
