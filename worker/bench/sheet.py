"""A contact sheet: every photo in every style at the defaults, to look at."""

import argparse
import io
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image, ImageOps

from worker.bench import windows
from worker.bench.palette import show
from worker.contract import Options, RenderJob
from worker.contract.blobs import DictBlobs
from worker.render import weights
from worker.render.models import Models
from worker.render.paint import paint
from worker.render.pixels import decode

PAPER = (250, 249, 246)
GAP_PX = 6


def painted(photo: Path, style: Path, options: Options, models: Models) -> bytes:
    """The file of one painting, made as a worker makes it."""
    blobs = DictBlobs()
    keys = [blobs.put(path.read_bytes()) for path in (photo, style)]
    job = RenderJob(id="sheet", photo=keys[0], styles=(keys[1],), options=options)
    done = paint(job, blobs, models, lambda _progress: None, lambda: None)
    return blobs.get(done.blob) or b""


def paintings(photos: Sequence[Path], styles: Sequence[Path], options: Options, folder: Path) -> list[list[Path]]:
    """Paint what is not in `folder` yet; rows are photos, columns styles."""
    folder.mkdir(parents=True, exist_ok=True)
    models = Models()
    table = [[folder / f"{photo.stem}--{style.stem}.jpg" for style in styles] for photo in photos]
    for row, photo in zip(table, photos, strict=True):
        for path, style in zip(row, styles, strict=True):
            if not path.exists():
                path.write_bytes(painted(photo, style, options, models))
                print(path.name, flush=True)
    return table


def covered(table: list[list[Path]], photos: Sequence[Path], styles: Sequence[Path], file: Path | None) -> str:
    """A Markdown table of how evenly each is painted, as a network in a file sees it, or lite."""
    net, _ = weights.load("vgg19" if file else "lite", path=file, device=torch.device("cpu"))
    found = {}
    for photo, row in zip(photos, table, strict=True):
        for style, path in zip(styles, row, strict=True):
            first, second, third = (decode(name.read_bytes()) for name in (photo, style, path))
            found[path.stem] = windows.coverage(first, second, third, net)
    return windows.show(found)


def sheet(
    table: Sequence[Sequence[Path | None]], photos: Sequence[Path], styles: Sequence[Path], cell_px: int
) -> Image.Image:
    """The styles along the top, the photos down the left side, the paintings between them, each cropped to a square."""
    step = cell_px + GAP_PX
    canvas = Image.new("RGB", (step * (len(styles) + 1) + GAP_PX, step * (len(photos) + 1) + GAP_PX), PAPER)
    cells: list[list[Path | None]] = [[None, *styles]]
    cells += [[photo, *row] for photo, row in zip(photos, table, strict=True)]
    for y, row in enumerate(cells):
        for x, path in enumerate(row):
            if path is not None:
                square = ImageOps.fit(Image.open(path).convert("RGB"), (cell_px, cell_px), Image.Resampling.LANCZOS)
                canvas.paste(square, (GAP_PX + x * step, GAP_PX + y * step))
    return canvas


def within(picture: Image.Image, limit_bytes: int) -> bytes:
    """A JPEG of the highest quality that fits into `limit_bytes`."""
    for quality in range(92, 30, -3):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= limit_bytes:
            return buffer.getvalue()
    raise ValueError(f"does not fit into {limit_bytes} bytes; make the cells smaller")


def main() -> None:
    """`python -m worker.bench.sheet --photos ... --styles ... --out FILE`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    parser.add_argument("--styles", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for the whole paintings; what is there stays")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--backbone", choices=("auto", "lite", "vgg19"), default="lite")
    parser.add_argument(
        "--weights", type=Path, help="network that looks at the paintings: a file of VGG-19's; default lite"
    )
    parser.add_argument("--cell-px", type=int, default=150)
    parser.add_argument("--limit-kb", type=int, default=600)
    args = parser.parse_args()
    options = Options(edge_px=args.size, backbone=args.backbone)
    table = paintings(args.photos, args.styles, options, args.work)
    show(table, args.styles)
    print(covered(table, args.photos, args.styles, args.weights))
    args.out.write_bytes(within(sheet(table, args.photos, args.styles, args.cell_px), args.limit_kb * 1000))


if __name__ == "__main__":
    main()
