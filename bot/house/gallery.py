"""Which paintings the house owns, and where they hang: drawn once, the same on every machine."""

import importlib
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from bot.styles import LISTING

EDGE_PX: Final = 768
EDITION: Final = 1
"""Raised when a drawing changes; the folder of an older edition is left alone."""

SCENE: Final = "dusk.png"


class Work(NamedTuple):
    """A painting and what people may call it."""

    slug: str
    module: str
    title: str
    tags: tuple[str, ...]
    names: tuple[str, ...]


WORKS: Final = (
    Work(
        "mosaic", "mosaic", "Noon in Tesserae", ("tiles", "warm"), ("mosaics", "byzantine", "马赛克", "镶嵌画", "镶嵌")
    ),
    Work(
        "impasto",
        "impasto",
        "Night in Thick Paint",
        ("swirls", "night"),
        (
            "starry night",
            "the starry night",
            "van gogh",
            "vincent van gogh",
            "swirl",
            "oil painting",
            "thick paint",
            "星夜",
            "星月夜",
            "星空",
            "梵高",
            "厚涂",
            "油画",
        ),
    ),
    Work(
        "stained-glass", "glass", "Rose Window", ("panes", "vivid"), ("church window", "彩色玻璃", "玻璃花窗", "花窗")
    ),
    Work(
        "woodcut",
        "woodcut",
        "The Cutter's Storm",
        ("lines", "print"),
        ("wood cut", "engraving", "linocut", "木刻", "木版画", "版画"),
    ),
    Work(
        "ink-wash",
        "ink",
        "Ink and Mist",
        ("quiet", "grey"),
        ("ink", "ink painting", "chinese painting", "sumi-e", "sumie", "水墨", "水墨画", "水墨风", "山水画", "国画"),
    ),
    Work("paper-cut", "paper", "Paper Hills", ("layers", "sunset"), ("papercut", "paper", "剪纸", "纸艺")),
    Work("gold-leaf", "gold", "Gilded Garden", ("ornament", "gold"), ("klimt", "gilded", "金箔", "克里姆特")),
    Work("rain-on-glass", "rain", "Rain on Glass", ("night", "blur"), ("rainy window", "rainy", "雨窗", "雨夜")),
)


def hang(folder: Path, edge_px: int = EDGE_PX) -> Path:
    """Draw what is missing into a subfolder of `folder` and return that; takes seconds once, then nothing.

    The listing is written last, so that a folder with one is complete.
    """
    room = folder / f"house-{EDITION}-{edge_px}"
    if not (room / LISTING).is_file():
        room.mkdir(parents=True, exist_ok=True)
        for seed, work in enumerate(WORKS):
            _draw(work.module, seed, edge_px, room / f"{work.slug}.png")
        _write(room / LISTING, _listing().encode())
    return room


def painting(folder: Path, slug: str, edge_px: int = EDGE_PX) -> Path:
    """One of WORKS alone, drawn if it is missing. Raises KeyError for a slug that is none."""
    seed = {work.slug: number for number, work in enumerate(WORKS)}[slug]
    path = folder / f"house-{EDITION}-{edge_px}" / f"{slug}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    _draw(WORKS[seed].module, seed, edge_px, path)
    return path


def scene(folder: Path, edge_px: int = EDGE_PX) -> Path:
    """The photo-like picture for a demo without one."""
    path = folder / f"house-{EDITION}-{edge_px}" / SCENE
    path.parent.mkdir(parents=True, exist_ok=True)
    _draw("scene", len(WORKS), edge_px, path)
    return path


def _draw(module: str, seed: int, edge_px: int, path: Path) -> None:
    if path.is_file():
        return
    canvas = importlib.import_module(f"bot.house.{module}").draw(edge_px, np.random.default_rng(seed + 7))
    image = Image.fromarray((np.clip(canvas, 0, 1) * 255).round().astype(np.uint8))
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".png", delete=False) as file:
        image.save(file, "PNG")
    Path(file.name).replace(path)


def _listing() -> str:
    entries = [
        f'[[style]]\nslug = "{work.slug}"\ntitle = "{work.title}"\nartist = "Stylesmith"\nyear = "2026"\n'
        f'licence = "CC0-1.0"\ntags = {_array(work.tags)}\nnames = {_array(work.names)}\nfile = "{work.slug}.png"\n'
        for work in WORKS
    ]
    return "# Drawn by bot/house; add styles of your own in another folder of this shape.\n\n" + "\n".join(entries)


def _array(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _write(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
