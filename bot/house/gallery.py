"""Which paintings the house owns, and where they hang: drawn once, the same on every machine."""

import importlib
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from bot.styles import LISTING, Catalogue, Style

EDGE_PX: Final = 768
EDITION: Final = 1
"""Raised when a drawing changes; the folder of an older edition is left alone."""

SCENE: Final = "dusk.png"
ARTIST: Final = "Stylesmith"
YEAR: Final = "2026"
LICENCE: Final = "CC0-1.0"


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


class Wall:
    """The house's own paintings below `folder`, each drawn when it is first looked at. Safe to use from threads."""

    def __init__(self, folder: Path, edge_px: int = EDGE_PX) -> None:
        self.folder = folder
        self._edge_px = edge_px
        self._brush = threading.Lock()

    @property
    def room(self) -> Path:
        """The subfolder of this edition and size."""
        return self.folder / f"house-{EDITION}-{self._edge_px}"

    def catalogue(self) -> Catalogue:
        """All of them, nothing drawn yet."""
        return Catalogue(tuple(map(self._style, WORKS)))

    def painting(self, slug: str) -> Path:
        """One of WORKS, drawn if it is missing. Raises KeyError for a slug that is none."""
        seed = {work.slug: number for number, work in enumerate(WORKS)}[slug]
        return self._drawn(WORKS[seed].module, seed, f"{slug}.png")

    def scene(self) -> Path:
        """The photo-like picture for a demo without one."""
        return self._drawn("scene", len(WORKS), SCENE)

    def hang(self) -> Path:
        """Draw what is missing and return the room; takes seconds once, then nothing.

        The listing is written last, so that a folder with one is complete, and an example to operators.
        """
        if not (self.room / LISTING).is_file():
            for work in WORKS:
                self.painting(work.slug)
            _write(self.room / LISTING, _listing().encode())
        return self.room

    def _drawn(self, module: str, seed: int, name: str) -> Path:
        path = self.room / name
        with self._brush:
            path.parent.mkdir(parents=True, exist_ok=True)
            _draw(module, seed, self._edge_px, path)
        return path

    def _style(self, work: Work) -> Style:
        path = self.room / f"{work.slug}.png"
        paint = partial(self.painting, work.slug)
        return Style(work.slug, work.title, path, ARTIST, YEAR, LICENCE, work.tags, work.names, paint)


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
        f'[[style]]\nslug = "{work.slug}"\ntitle = "{work.title}"\nartist = "{ARTIST}"\nyear = "{YEAR}"\n'
        f'licence = "{LICENCE}"\ntags = {_array(work.tags)}\nnames = {_array(work.names)}\nfile = "{work.slug}.png"\n'
        for work in WORKS
    ]
    return "# Drawn by bot/house; add styles of your own in another folder of this shape.\n\n" + "\n".join(entries)


def _array(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _write(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
