"""Paintings by lite, by the quarter-width VGG-19 and by random weights, measured by a network none of them is.

    python -m worker.bench.networks --images ../shared/images --judge ../shared/tools/judge.py \
        --quarter ../shared/weights/vgg19-sixteenth.safetensors --out artefacts/networks
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from worker.bench import published
from worker.bench.published import Judge, Pair, load_judge, opened
from worker.bench.sheet import sheet
from worker.bench.windows import Coverage, cells, coverage, mean
from worker.gatys.normalise import dead_leaves, normalise
from worker.gatys.recipe import Recipe
from worker.gatys.stylize import stylize
from worker.gatys.vgg import CONVS, Vgg
from worker.render import weights
from worker.render.pixels import to_pillow

PHOTOS = (
    "animal_pug.jpg", "city_tuebingen.jpg", "landscape_golden_gate_fog.jpg", "portrait_grace_hopper.jpg",
    "still_life_coffee.png", "wide_flowers.jpg",
)  # fmt: skip
STYLES = (
    "hokusai_great_wave.jpg", "kandinsky_composition_vii.jpg", "matisse_woman_with_a_hat.jpg",
    "mosaic_ducks_massimo.jpg", "munch_the_scream.jpg", "vangogh_starry_night.jpg",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """One painting: style left (1 is the photo, 0 the style's own statistics) and content lost (0 is the photo)."""

    network: str
    photo: str
    style: str
    style_left: float
    content_lost: float
    coverage: Coverage


def main() -> None:
    options = _options()
    every = _networks(options.quarter)
    judges = _Judges(load_judge(options.judge), options.judge_px, every["quarter"])
    networks = {name: network for name, network in every.items() if not options.only or name in options.only}
    references = published.pairs(options.images / "reference") if options.reference else []
    pairs = [(options.images / "content" / p, options.images / "styles" / s) for p in PHOTOS for s in STYLES]
    pairs = [(pair.photo, pair.style) for pair in references] or pairs
    options.out.mkdir(parents=True, exist_ok=True)
    scores = []
    for score in _scores(networks, pairs, judges, options):
        figures = f"{score.style_left:6.3f} {score.content_lost:6.3f}  {cells(score.coverage)}"
        print(f"{score.network:8} {score.photo:32} {score.style:34} {figures}")
        scores.append(score)
    scores += [judges.score("published", pair) for pair in references]
    print(table(scores))
    (options.out / "scores.json").write_text(json.dumps([asdict(score) for score in scores], indent=1))
    for name in networks:
        _sheet(options.out, name, pairs).save(options.out / f"sheet_{name}.jpg", quality=85)


def table(scores: Sequence[Score]) -> str:
    """Means by network, as a Markdown table."""
    lines = ["| network | paintings | style left | content lost | bare | busy | flat | missing |", "|" + 8 * "---|"]
    for name in dict.fromkeys(score.network for score in scores):
        own = [score for score in scores if score.network == name]
        left, lost = (float(np.mean([getattr(s, field) for s in own])) for field in ("style_left", "content_lost"))
        covered = cells(mean([score.coverage for score in own]))
        lines.append(f"| {name} | {len(own)} | {left:.3f} | {lost:.3f} | {covered} |")
    return "\n".join(lines)


def untrained(network: Vgg) -> Vgg:
    """The same with He's initialisation, its taps made even: its pictures are noise, its time is a real one's."""
    torch.manual_seed(0)
    for conv in CONVS:
        nn.init.kaiming_normal_(network.conv(conv).weight, nonlinearity="relu")
    normalise(network, dead_leaves())
    return network


def _networks(quarter: Path) -> dict[str, Vgg]:
    cpu = torch.device("cpu")
    lite, _ = weights.load("lite", device=cpu)
    random = Vgg(lite.widths, pool=lite.pool, padding=lite.padding)
    random.mean.copy_(lite.mean)
    return {"lite": lite, "quarter": weights.load("vgg19", path=quarter, device=cpu)[0], "random": untrained(random)}


@dataclass(frozen=True, slots=True)
class _Judges:
    """A program from outside, and a network that looks window by window."""

    outside: Judge
    judge_px: int
    looks: Vgg

    def score(self, network: str, pair: Pair) -> Score:
        found = self.outside(str(pair.photo), str(pair.style), str(pair.painting), self.judge_px)
        covered = coverage(opened(pair.photo), opened(pair.style), opened(pair.painting), self.looks)
        return Score(network, pair.photo.name, pair.style.name, found["style"], found["content"], covered)


def _scores(
    networks: Mapping[str, Vgg], pairs: Sequence[tuple[Path, Path]], judges: _Judges, options: argparse.Namespace
) -> Iterator[Score]:
    for photo, style in pairs:
        for name, network in networks.items():
            path = _painting(options.out, name, photo, style)
            if not path.exists():
                picture, manner, recipe = opened(photo), opened(style), Recipe(edge_px=options.edge_px)
                *_, last = stylize(picture, [manner], recipe, network, seed=0, budget_bytes=2**40)
                to_pillow(last.image).save(path)
            yield judges.score(name, Pair(photo, style, path))


def _painting(folder: Path, network: str, photo: Path, style: Path) -> Path:
    return folder / f"{network}__{photo.stem}__{style.stem}.png"


def _sheet(folder: Path, network: str, pairs: Sequence[tuple[Path, Path]]) -> Image.Image:
    photos, styles = (list(dict.fromkeys(pair[i] for pair in pairs)) for i in (0, 1))
    table = [[_painting(folder, network, p, s) if (p, s) in pairs else None for s in styles] for p in photos]
    return sheet(table, photos, styles, 192)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m worker.bench.networks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--judge", type=Path, required=True, help="program with judge(photo, style, painting, edge)")
    parser.add_argument("--quarter", type=Path, required=True, help="weights of the quarter-width VGG-19")
    parser.add_argument("--out", type=Path, required=True, help="folder for paintings, table and contact sheets")
    parser.add_argument("--edge-px", type=int, default=384)
    parser.add_argument("--judge-px", type=int, default=384, help="long side at which the judge looks")
    parser.add_argument("--reference", action="store_true", help="the published pairs instead of 6 x 6")
    parser.add_argument("--only", nargs="*", default=(), help="networks to paint with: lite, quarter, random")
    return parser.parse_args()


if __name__ == "__main__":
    main()
