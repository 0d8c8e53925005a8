"""The house's own paintings: the same every time, rich enough to be styles, and listed as a catalogue."""

import importlib
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.affinity import measure
from bot.house.gallery import SCENE, WORKS, Wall
from bot.house.meanwhile import hung_meanwhile
from bot.styles import load

EDGE_PX = 128


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Wall(tmp_path_factory.mktemp("house"), EDGE_PX).hang()


@pytest.mark.parametrize("module", [*(work.module for work in WORKS), "scene"])
def test_a_drawing_is_the_same_every_time(module: str) -> None:
    draw = importlib.import_module(f"bot.house.{module}").draw
    first, second = (draw(64, np.random.default_rng(3)) for _ in range(2))
    assert first.shape == (64, 64, 3)
    assert np.array_equal(first, second)
    assert np.isfinite(first).all()
    assert 0 <= first.min() <= first.max() <= 1


@pytest.mark.parametrize("slug", [work.slug for work in WORKS])
def test_a_house_style_has_contrast_and_detail(slug: str, room: Path) -> None:
    signature = measure(room / f"{slug}.png")
    assert signature.contrast > 0.08
    assert min(signature.detail) > 0.08


def test_the_paintings_hang_as_a_catalogue(room: Path) -> None:
    catalogue = load(room)
    assert [style.slug for style in catalogue.styles] == [work.slug for work in WORKS]
    for style in catalogue.styles:
        assert style.artist
        assert style.licence
        assert size_of(style.path) == (EDGE_PX, EDGE_PX)


def test_no_two_paintings_answer_to_the_same_name(room: Path) -> None:
    names = [name for work in WORKS for name in (work.slug, *work.names)]
    assert len(set(names)) == len(names)
    assert {load(room).names[name] for work in WORKS for name in work.names if name.isalpha()} <= {
        w.slug for w in WORKS
    }


def test_hanging_again_draws_nothing(room: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in room.iterdir()}
    assert Wall(room.parent, EDGE_PX).hang() == room
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_hanging_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    room = Wall(tmp_path, 64).hang()
    (room / "styles.toml").unlink()
    (room / "mosaic.png").unlink()
    assert len(load(Wall(tmp_path, 64).hang()).styles) == len(WORKS)


def test_one_painting_can_be_had_before_the_others(tmp_path: Path, room: Path) -> None:
    alone = Wall(tmp_path, EDGE_PX).painting("mosaic")
    assert [path.name for path in alone.parent.iterdir()] == ["mosaic.png"]
    assert alone.read_bytes() == (room / "mosaic.png").read_bytes()


def test_the_scene_is_drawn_beside_the_styles_and_is_none_of_them(tmp_path: Path) -> None:
    path = Wall(tmp_path, 64).scene()
    assert (path.name, size_of(path)) == (SCENE, (64, 64))
    assert SCENE not in (style.path.name for style in load(path.parent).styles)


def test_the_catalogue_is_there_before_anything_is_drawn(tmp_path: Path, room: Path) -> None:
    catalogue = Wall(tmp_path, EDGE_PX).catalogue()
    assert list(tmp_path.iterdir()) == []
    assert catalogue.names == load(room).names
    assert [style.credited(chosen=False) for style in catalogue.styles] == [
        style.credited(chosen=False) for style in load(room).styles
    ]
    assert catalogue.styles[0].file().read_bytes() == (room / catalogue.styles[0].path.name).read_bytes()


def test_a_process_beside_us_draws_meanwhile_and_ends_with_the_block(tmp_path: Path) -> None:
    wall = Wall(tmp_path)
    with hung_meanwhile(wall):
        assert wall.painting("woodcut").is_file()
        deadline = time.monotonic() + 60
        while not (wall.room / "mosaic.png").is_file() and time.monotonic() < deadline:
            time.sleep(0.05)
    assert (wall.room / "mosaic.png").is_file()
    assert not (wall.room / "styles.toml").exists()
