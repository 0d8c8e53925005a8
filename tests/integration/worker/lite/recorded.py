"""How far apart VGG-19 finds some pictures, recorded: `python -m tests.integration.worker.lite.recorded FOLDER`.

FOLDER holds the teachers' weights that worker.lite.training wants; tests need only what was recorded.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from bot.styles.catalogue import HOUSE
from tests import PICTURES
from worker.gatys.vgg import STYLE_TAPS
from worker.lite.training import losses
from worker.lite.training.teachers import Teachers

FILE = PICTURES / "vgg19_distances.json"
EDGE_PX = 128
_DIGITS = 5


def paths() -> list[Path]:
    """The pictures: every other house style and two photos."""
    return [*sorted(HOUSE.glob("*.jpg"))[::2], PICTURES / "hopper.jpg", PICTURES / "collins.jpg"]


def squares() -> Tensor:
    """Their middles, Nx3x128x128 in [0, 1]."""
    return torch.stack([_square(path) for path in paths()])


def distances(grams: Tensor) -> Tensor:
    """Between every two pictures, in Frobenius norm."""
    rows, columns = torch.triu_indices(len(grams), len(grams), offset=1)
    norm: Tensor = torch.linalg.vector_norm((grams[rows] - grams[columns]).flatten(1), dim=1)
    return norm


def recorded() -> dict[str, list[float]]:
    """By tap, for every two of the pictures."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    assert kept["pictures"] == [path.name for path in paths()], "the pictures are others: record again"
    return {tap: kept["distances"][tap] for tap in STYLE_TAPS}


def record(weights: Path) -> None:
    with torch.no_grad():
        grams = losses.grams(Teachers.load(weights, dtype=torch.float32)(squares()))
    rounded = {tap: [float(f"{d:.{_DIGITS}g}") for d in distances(grams[tap])] for tap in STYLE_TAPS}
    text = json.dumps({"pictures": [path.name for path in paths()], "distances": rounded})
    FILE.write_text(f"{text}\n", encoding="utf-8")


def _square(path: Path) -> Tensor:
    with Image.open(path) as picture:
        edge, whole = min(picture.size), picture.convert("RGB")
        left, top = (whole.width - edge) // 2, (whole.height - edge) // 2
        square = whole.crop((left, top, left + edge, top + edge)).resize((EDGE_PX, EDGE_PX), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(square)).permute(2, 0, 1).float() / 255


if __name__ == "__main__":
    record(Path(sys.argv[1]))
