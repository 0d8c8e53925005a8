"""Portraits with and without face protection: is the face found again, and how alike is it?

`python -m worker.bench.portraits --photos A B C --styles S T [--edge 256] [--json FILE] [--sheet FILE]`
"""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image
from torch import Tensor
from torch.nn import functional as nnf

from worker.contract import Faces, Options
from worker.gatys.guide import Guide
from worker.gatys.luminance import luminance
from worker.gatys.scales import resized
from worker.render import pixels
from worker.render.faces import POSSIBLE, Detector, Face, mask, worth_protecting
from worker.render.paint import Models, iterates
from worker.render.prepared import prepare

FOUND_AGAIN = 0.4
"""Overlap with the photo's face from which the painting's face is the same."""

LOOK_PX = 64
"""Side of the square that a face is scaled to before it is compared."""


@dataclass(frozen=True, slots=True)
class Verdict:
    photo: str
    style: str
    protected: bool
    found: bool
    """The detector finds the face again, at its ordinary threshold."""
    score: float
    """The detector's, 0 when it finds none."""
    astray: float
    """Mean distance of eyes, nose and mouth from where they were, in distances between the eyes; 1 when not found."""
    likeness: float
    """Correlation of the face's light and shade with the photo's, blur and large shadows taken away; 1 is the same."""


def likeness(photo: Tensor, painting: Tensor, face: Face) -> float:
    """Correlation of band-passed luminance inside the face's box. Pictures: RGB, 1x3xHxW, sRGB in [0, 1], one size."""
    a, b = (_shading(picture, face) for picture in (photo, painting))
    return float((a * b).sum() / (a.norm() * b.norm()).clamp_min(1e-12))


def astray(before: Face, after: Face | None) -> float:
    """How far the landmarks moved, in distances between the eyes; 1 when there is no face any more."""
    if after is None:
        return 1.0
    eyes = math.dist(*before.landmarks[:2])
    moved = [math.dist(a, b) for a, b in zip(before.landmarks, after.landmarks, strict=True)]
    return sum(moved) / len(moved) / eyes


def judge(photo: Tensor, painting: Tensor, face: Face, detector: Detector) -> tuple[float, float, float]:
    """The score of the face found again (0 for none), how far it went astray, and the likeness."""
    again = [found for found in detector.find(painting, POSSIBLE) if found.overlap(face) >= FOUND_AGAIN]
    same = max(again, key=lambda found: found.score, default=None)
    return (same.score if same else 0.0), astray(face, same), likeness(photo, painting, face)


def _shading(picture: Tensor, face: Face) -> Tensor:
    top, left = max(0, round(face.top)), max(0, round(face.left))
    box = luminance(picture)[..., top : round(face.top + face.height), left : round(face.left + face.width)]
    small = nnf.interpolate(box, size=(LOOK_PX, LOOK_PX), mode="bicubic", antialias=True, align_corners=False)
    fine, coarse = (nnf.avg_pool2d(small, side, 1, side // 2, count_include_pad=False) for side in (3, 25))
    return fine - coarse


def compare(photo: Tensor, style: Tensor, options: Options, models: Models) -> list[tuple[bool, Tensor, Tensor, Face]]:
    """The painting without and with protection; each with the photo at its size and the photo's face there."""
    net, _ = models.network(options.backbone)
    prepared = prepare(photo, (style,), options)
    size = pixels.painting_size(photo.shape[-2], photo.shape[-1], options.edge_px)
    shown = resized(photo, size)
    found = worth_protecting(Detector.required().find(shown), Faces.AUTO, size)
    results = []
    for protected in (False, True):
        guide = Guide(mask(found, size).to(models.device)) if protected else None
        *_, last = iterates(prepared, options, net, guide)
        results.append((protected, last.image.float().cpu(), shown, found[0]))
    return results


def sheet(rows: Sequence[Sequence[Tensor]], height_px: int = 256) -> Image.Image:
    """Rows of pictures at one height."""
    lines = []
    for row in rows:
        pictures = [
            pixels.to_pillow(resized(p, (height_px, round(p.shape[-1] * height_px / p.shape[-2])))) for p in row
        ]
        line = Image.new("RGB", (sum(p.width for p in pictures), height_px))
        for n, picture in enumerate(pictures):
            line.paste(picture, (sum(p.width for p in pictures[:n]), 0))
        lines.append(line)
    whole = Image.new("RGB", (max(line.width for line in lines), height_px * len(lines)), "white")
    for n, line in enumerate(lines):
        whole.paste(line, (0, n * height_px))
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", nargs="+", type=Path, required=True)
    parser.add_argument("--styles", nargs="+", type=Path, required=True)
    parser.add_argument("--edge", type=int, default=256)
    parser.add_argument("--backbone", default="lite")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    models, detector = Models(), Detector.required()
    options = Options(edge_px=asked.edge, backbone=asked.backbone)
    verdicts, rows = list[Verdict](), list[list[Tensor]]()
    for photo in asked.photos:
        for style in asked.styles:
            pictures = compare(pixels.decode(photo.read_bytes()), pixels.decode(style.read_bytes()), options, models)
            rows.append([pictures[0][2], *(painting for _, painting, _, _ in pictures)])
            for protected, painting, at_size, face in pictures:
                score, moved, alike = judge(at_size, painting, face, detector)
                verdicts.append(Verdict(photo.stem, style.stem, protected, score > 0, score, moved, alike))
                print(verdicts[-1], flush=True)
            if asked.sheet:
                sheet(rows).save(asked.sheet, quality=88)
    for protected in (False, True):
        chosen = [verdict for verdict in verdicts if verdict.protected is protected]
        means = {
            name: sum(getattr(verdict, name) for verdict in chosen) / len(chosen)
            for name in ("found", "score", "astray", "likeness")
        }
        print("protected  " if protected else "unprotected", {name: round(mean, 3) for name, mean in means.items()})
    if asked.json:
        asked.json.write_text(json.dumps([asdict(verdict) for verdict in verdicts], indent=1))


if __name__ == "__main__":
    main()
