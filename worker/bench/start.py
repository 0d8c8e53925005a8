"""How long a worker takes from its start to the first iteration of its first painting.

python -m worker.bench.start --backbone lite
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

FIRST = """
import sys
import torch
from worker.contract import Options
from worker.gatys.recipe import Recipe
from worker.gatys.stylize import stylize
from worker.render.models import Models
options = Options(backbone=sys.argv[1])
recipe, models = Recipe.of(options), Models()
net, backbone = models.network(options.backbone)
photo, style = torch.rand(2, 1, 3, 512, 512)
models.forecast.of((512, 512), recipe, net, backbone)
next(stylize(photo, [style], recipe, net, seed=0, budget_bytes=2**40)).loss.item()
"""


def started_s(backbone: str) -> float:
    """Seconds from the start of a fresh Python to the first loss: imports, weights, a forecast, targets and a step."""
    began_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST, backbone], check=True)  # noqa: S603  # our own program
    return time.perf_counter() - began_s


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m worker.bench.start", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--backbone", choices=("auto", "lite", "vgg19"), default="lite")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args(arguments)
    seconds = [started_s(asked.backbone) for _ in range(asked.times)]
    print(" ".join(f"{s:.1f}" for s in seconds), f"s; median {statistics.median(seconds):.1f} s")


if __name__ == "__main__":
    main()
