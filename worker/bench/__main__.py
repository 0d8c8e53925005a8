"""`python -m worker.bench`: the floor, our iteration, whole renders, and a race against the reference recipes."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from rich.console import Console
from torch import Tensor

from worker.bench.floor import floors
from worker.bench.machine import describe
from worker.bench.networks import untrained
from worker.bench.renders import Render, race, render
from worker.bench.report import Findings, show
from worker.gatys.normalise import dead_leaves
from worker.gatys.scales import resized
from worker.gatys.vgg import VGG19_WIDTHS, Vgg
from worker.process.limits import keep_freed_memory
from worker.render import weights
from worker.render.eta import measured_rate
from worker.render.pixels import decode


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    keep_freed_memory()
    if options.threads:
        torch.set_num_threads(options.threads)
    findings = measure(options)
    show(findings, Console(stderr=options.json))
    if options.json:
        print(json.dumps(asdict(findings), indent=1))


def measure(options: argparse.Namespace) -> Findings:
    """Everything, on the device that there is, with pictures that are drawn on the spot."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    lite, _ = weights.load("lite", device=device)
    vgg19 = untrained(Vgg(VGG19_WIDTHS)).to(device)
    photo, style = pictures(options.floor_px, device)
    floors_s = floors(lite, vgg19, photo, style, rounds=options.rounds)
    nets = {"lite": lite, "vgg19": vgg19}
    made: list[Render] = []
    for name in options.networks:
        rate = measured_rate(nets[name])
        made += [render(name, nets[name], photo, style, edge_px=edge_px, rate=rate)[0] for edge_px in options.edges]
    motif, manner = (photo, style) if options.photo is None else _read(options, device)
    races = race(lite, motif, manner, options.race_px, options.evaluations) if options.evaluations else []
    return Findings(describe(device), floors_s, options.floor_px, made, races)


def pictures(edge_px: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """A photo of 4:3 and a style, both dead leaves of different seeds."""
    photo, style = (dead_leaves(256, seed=seed) for seed in (1, 2))
    height = edge_px * 3 // 4
    return resized(photo[:, :, :192], (height, edge_px)).to(device), resized(style, (edge_px, edge_px)).to(device)


def _read(options: argparse.Namespace, device: torch.device) -> tuple[Tensor, Tensor]:
    photo, style = (decode(path.read_bytes()).to(device) for path in (options.photo, options.style))
    return photo, style


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m worker.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes and a short race: about a minute")
    parser.add_argument("--json", action="store_true", help="the findings as JSON on stdout, the tables on stderr")
    parser.add_argument("--threads", type=int, help="threads of torch; default: its own choice")
    parser.add_argument("--networks", nargs="+", choices=("lite", "vgg19"), default=["lite"])
    parser.add_argument("--edges", nargs="*", type=int, help="long sides of the whole renders; default 256 512 1024")
    parser.add_argument("--evaluations", type=int, help="of the reference recipes; 0 skips the race; default 500")
    parser.add_argument("--photo", type=Path, help="race on this photo and --style; default: drawn on the spot")
    parser.add_argument("--style", type=Path)
    parser.add_argument("--race-px", type=int, help="long side of the race; default 512, 128 with --quick")
    options = parser.parse_args(arguments)
    if (options.photo is None) != (options.style is None):
        parser.error("--photo and --style go together")
    options.floor_px = 256 if options.quick else 512
    options.race_px = options.race_px or (128 if options.quick else 512)
    options.rounds = 3 if options.quick else 5
    if options.edges is None:
        options.edges = [256] if options.quick else [256, 512, 1024]
    if options.evaluations is None:
        options.evaluations = 30 if options.quick else 500
    return options


if __name__ == "__main__":
    main()
