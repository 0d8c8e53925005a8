"""The benchmark's findings as tables in a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from worker.bench.renders import Race, Render


@dataclass(frozen=True, slots=True)
class Findings:
    machine: Mapping[str, str]
    floors_s: Mapping[str, float]
    floors_px: int
    renders: Sequence[Render]
    races: Sequence[Race]


def show(findings: Findings, console: Console) -> None:
    console.print(" · ".join(f"{key}: {value}" for key, value in findings.machine.items()))
    console.print(_floors(findings), _renders(findings), _races(findings.races))


def _floors(findings: Findings) -> Table:
    table = Table("pass", "seconds", "of vgg19's", title=f"One evaluation at {findings.floors_px} px")
    whole = findings.floors_s["vgg19 plain float32"]
    for name, seconds in findings.floors_s.items():
        table.add_row(name, f"{seconds:.4f}", f"1/{whole / seconds:.1f}")
    ratio = findings.floors_s["lite iteration"] / findings.floors_s["lite plain"]
    table.caption = f"an iteration is {ratio:.2f} plain passes of the same network"
    return table


def _renders(findings: Findings) -> Table:
    table = Table("network", "px", "seconds", "estimated", "iterations", "peak", "vgg19 passes", title="Whole renders")
    for made in findings.renders:
        scale = (made.edge_px / findings.floors_px) ** 2
        passes = made.seconds / (findings.floors_s["vgg19 plain float32"] * scale)
        table.add_row(
            made.network,
            str(made.edge_px),
            f"{made.seconds:.1f}",
            f"{made.estimated_s:.1f}",
            str(made.iterations),
            f"{made.peak_bytes / 2**20:.0f} MiB",
            f"{passes:.1f}",
        )
    return table


def _races(races: Sequence[Race]) -> Table:
    title = "Same network, same loss, of the picture as it is saved"
    table = Table("recipe", "seconds", "evaluations", "loss", "before it is cut to [0, 1]", "ours after", title=title)
    for race in races:
        uncut = "" if race.unbounded is None else f"{race.unbounded:.4f}"
        reached = "never" if race.reached_ours_s is None else f"{race.reached_ours_s:.1f} s"
        table.add_row(race.recipe, f"{race.seconds:.1f}", str(race.evaluations), f"{race.loss:.4f}", uncut, reached)
    return table
