"""Our paintings beside those that others published of the same photo and style, by the measure of worker.bench.windows.

    python -m worker.bench.published ../shared/images/reference --out artefacts/published

The folder's README.md names the pairs in a table: a painting's file name, then `photo, style`, by file name or stem.
What is not in the folder is looked for in folders beside it.
"""

import argparse
import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from worker.bench import windows
from worker.bench.sheet import painted
from worker.bench.windows import Coverage, coverage
from worker.contract import Options
from worker.gatys.vgg import Vgg
from worker.render import weights
from worker.render.models import Models
from worker.render.pixels import decode

Judge = Callable[[str, str, str, int], Mapping[str, float]]
"""From outside: of a photo, a style, a painting and a size, how much `style` is left and `content` lost."""
SUFFIXES = (".jpg", ".jpeg", ".png")
_ROW = re.compile(r"\|\s*`?([^|`]+\.(?:jpe?g|png))`?\s*\|\s*([^|]+?),\s*([^|]+?)\s*\|", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A photo, a style, and the painting that somebody published of them."""

    photo: Path
    style: Path
    painting: Path


def pairs(folder: Path) -> list[Pair]:
    """Those that the folder's README.md names. Raises FileNotFoundError."""
    rows = _ROW.findall((folder / "README.md").read_text(encoding="utf-8"))
    return [Pair(*(_file(folder, name) for name in (photo, style, painting))) for painting, photo, style in rows]


def _file(folder: Path, name: str) -> Path:
    for place in (folder, *sorted(path for path in folder.parent.iterdir() if path.is_dir())):
        for suffix in ("", *SUFFIXES):
            if (path := place / f"{name}{suffix}").is_file():
                return path
    raise FileNotFoundError(f"{name} is neither in {folder} nor in a folder beside it")


def load_judge(path: Path) -> Judge:
    """The function `judge` of a program. Raises FileNotFoundError."""
    spec = importlib.util.spec_from_file_location("judge", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    judge: Judge = module.judge
    return judge


def measured(found: Sequence[Pair], ours: Mapping[Path, Path], net: Vgg, judge: Judge | None) -> Iterator[str]:
    """Lines of a Markdown table: each pair as published and as we paint it, then both means."""
    yield "| painting | whose | bare | busy | flat | missing |" + (" style left | content lost |" if judge else "")
    yield "|---|---|---|---|---|---|" + ("---|---|" if judge else "")
    rows: dict[str, list[Coverage]] = {"published": [], "ours": []}
    for pair in found:
        photo, style = opened(pair.photo), opened(pair.style)
        for whose, path in (("published", pair.painting), ("ours", ours[pair.painting])):
            row = coverage(photo, style, opened(path), net)
            rows[whose].append(row)
            yield f"| {pair.painting.stem} | {whose} | {windows.cells(row)} |" + _judged(judge, pair, path)
    for whose, of_all in rows.items():
        yield f"| mean | {whose} | {windows.cells(windows.mean(of_all))} |"


def _judged(judge: Judge | None, pair: Pair, path: Path) -> str:
    if judge is None:
        return ""
    by_judge = judge(str(pair.photo), str(pair.style), str(path), windows.LOOK_PX)
    return f" {by_judge['style']:.3f} | {by_judge['content']:.3f} |"


def opened(path: Path) -> torch.Tensor:
    return decode(path.read_bytes())


def main(arguments: Sequence[str] | None = None) -> None:
    """Paint what is not painted yet, at the published painting's size and our defaults, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m worker.bench.published", description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument("folder", type=Path, help="folder with the pictures and a README.md that names the pairs")
    parser.add_argument("--out", type=Path, required=True, help="folder for our paintings; what is there stays")
    parser.add_argument("--weights", type=Path, help="network that looks: a file of VGG-19's weights; default lite")
    parser.add_argument("--judge", type=Path, help="program with judge(photo, style, painting, edge), to print as well")
    parser.add_argument("--size", type=int, help="long side to paint at; default: the published painting's")
    parser.add_argument("--backbone", choices=("auto", "lite", "vgg19"), default="lite")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    models, found, ours = Models(), pairs(asked.folder), dict[Path, Path]()
    net, _ = weights.load("vgg19" if asked.weights else "lite", path=asked.weights, device=torch.device("cpu"))
    for pair in found:
        ours[pair.painting] = path = asked.out / f"{pair.painting.stem}.jpg"
        if not path.exists():
            options = Options(edge_px=asked.size or max(opened(pair.painting).shape[-2:]), backbone=asked.backbone)
            path.write_bytes(painted(pair.photo, pair.style, options, models))
    for line in measured(found, ours, net, load_judge(asked.judge) if asked.judge else None):
        print(line, flush=True)


if __name__ == "__main__":
    main()
