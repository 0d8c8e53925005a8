"""The benchmark runs at its smallest, and its tables hold what was measured."""

import io
import json
from functools import partial
from typing import cast

import pytest
import torch
from rich.console import Console
from torch import Tensor

from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.bench.floor import floors, interleaved
from worker.bench.machine import describe
from worker.bench.peers import ladder_of_adams, lbfgs
from worker.bench.renders import Race, Render, race
from worker.bench.report import Findings, show
from worker.gatys.objective import Objective

FINDINGS = Findings(
    {"device": "a machine"},
    {"vgg19 plain float32": 1.0, "lite plain": 0.1, "lite iteration": 0.12},
    512,
    [Render("lite", 512, 4.0, 5.0, 300, 2**30)],
    [Race("ours", 4.0, 300, 0.1, 4.0), Race("theirs", 40.0, 500, 0.2, None)],
)


def test_runs_are_taken_in_turns() -> None:
    order: list[str] = []
    interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2)
    assert order == ["a", "b"] * 3


def test_the_floor_is_measured_for_both_networks() -> None:
    seconds = floors(tiny_net(), tiny_net(), picture(32, 32, 1), picture(32, 32, 2), rounds=1)
    assert set(seconds) >= {"vgg19 plain float32", "lite plain", "lite iteration"}
    assert min(seconds.values()) > 0


def test_lbfgs_reaches_the_bottom_of_a_bowl_within_its_evaluations() -> None:
    marks = list(lbfgs(torch.zeros(4), lambda x: ((x - 0.3).square().sum(), 2 * (x - 0.3)), evaluations=11))
    assert marks[-1].evaluations <= 11
    assert marks[-1].loss < 1e-6 < marks[0].loss


def test_lbfgs_is_judged_by_the_picture_that_can_be_saved() -> None:
    *_, last = lbfgs(torch.zeros(4), lambda x: ((x - 3).square().sum(), 2 * (x - 3)), evaluations=11)
    assert last.unbounded == pytest.approx(0, abs=1e-6)
    assert last.loss == pytest.approx(4 * 2**2)


class Bowl:
    """Lowest at 0.3, whatever the size."""

    def loss_and_gradient(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return (x - 0.3).square().mean(), 2 * (x - 0.3) / x.numel()


def test_the_ladder_ends_with_the_average_of_its_iterates_corrected_for_its_start() -> None:
    there, above = torch.full((1, 3, 128, 128), 0.3), torch.full((1, 3, 128, 128), 0.7)
    climb = partial(ladder_of_adams, objective=lambda size: cast(Objective, Bowl()), edge_px=128, first=3, later=3)
    assert list(climb(there))[-1].loss == pytest.approx(0, abs=1e-12)
    averaged = list(climb(above))[-1]
    weights = [0.99**2, 0.99, 1]  # of iterates that moved by 0.02 each
    mean = 0.4 - 0.02 * sum(n * weight for n, weight in enumerate(weights, 1)) / sum(weights)
    assert averaged.loss == pytest.approx(mean**2, rel=1e-3)


def test_the_race_compares_every_recipe_at_the_same_size() -> None:
    found = race(tiny_net(), picture(48, 64, 1), picture(48, 64, 2), 64, evaluations=4)
    assert len(found) == 4
    assert all(entry.loss > 0 and entry.seconds > 0 for entry in found)


def test_the_tables_hold_the_ratios_and_name_the_machine() -> None:
    text = io.StringIO()
    show(FINDINGS, Console(file=text, width=160))
    for piece in ("a machine", "1/10.0", "1.20 plain passes", "4.0", "never", "1024 MiB"):
        assert piece in text.getvalue()


def test_the_machine_is_named() -> None:
    facts = describe(torch.device("cpu"))
    assert facts["device"]
    assert json.dumps(facts)


@pytest.mark.long
def test_the_quick_benchmark_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    from worker.bench.__main__ import main

    main(["--quick", "--json", "--evaluations", "3", "--edges", "64"])
    assert json.loads(capsys.readouterr().out)["floors_px"] == 256
