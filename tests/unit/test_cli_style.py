"""`stylesmith style`: the catalogue and the curator's reasons, for people and for scripts."""

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from bot.cli.style import app

LISTING = "".join(
    f'[[style]]\nslug = "{slug}"\ntitle = "{slug.title()}"\nfile = "{slug}.png"\n\n' for slug in ("warm", "cool")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, colour in (("warm", (210, 120, 40)), ("cool", (40, 90, 200)), ("photo", (30, 80, 190))):
        Image.effect_noise((64, 64), 60).convert("RGB").point(lambda v: v // 4).save(tmp_path / f"{name}.png")
        with Image.open(tmp_path / f"{name}.png") as noise:
            Image.blend(noise, Image.new("RGB", (64, 64), colour), 0.8).save(tmp_path / f"{name}.png")
    (tmp_path / "styles.toml").write_text(LISTING)
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    environment = {"STYLESMITH_STYLES_DIR": str(folder), "STYLESMITH_DATA_DIR": str(folder), "COLUMNS": "160"}
    return CliRunner().invoke(app, words, env=environment)


def test_the_catalogue_is_listed(folder: Path) -> None:
    assert [style["slug"] for style in json.loads(run(folder, "list", "--json").stdout)] == ["warm", "cool"]
    assert "Warm" in run(folder, "list").stdout


def test_the_curator_explains_its_choice(folder: Path) -> None:
    best, other = json.loads(run(folder, "choose", str(folder / "photo.png"), "--json").stdout)
    assert (best["style"], best["why"]) == ("cool", "palette")
    assert best["score"] > other["score"]
    assert best["palette"] > other["palette"]
    assert "stands out in" in run(folder, "choose", str(folder / "photo.png")).stdout


def test_what_is_no_photo_and_no_catalogue_is_said_so(folder: Path) -> None:
    shown = run(folder, "choose", str(folder / "styles.toml"))
    assert (shown.exit_code, "cannot be read" in shown.output) == (1, True)
    (folder / "styles.toml").write_text("[[style]]")
    shown = run(folder, "list")
    assert (shown.exit_code, "styles.toml" in shown.output) == (1, True)
