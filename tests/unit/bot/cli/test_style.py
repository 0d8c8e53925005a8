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
    for name, said in (
        ("styles.toml", "this is not a picture"),
        ("none.jpg", "there is no such file"),
        ("", "this is a folder"),
    ):
        shown = run(folder, "choose", str(folder / name))
        assert (shown.exit_code, said in shown.output, shown.output.count("\n")) == (2, True, 1)
    assert "is empty" in run(folder, "choose", "").output
    (folder / "styles.toml").write_text("[[style]]")
    shown = run(folder, "list")
    assert (shown.exit_code, "styles.toml" in shown.output) == (1, True)


def test_the_styles_that_come_with_us_are_listed_each_on_a_line() -> None:
    shown = CliRunner().invoke(app, ["list"], env={"STYLESMITH_STYLES_DIR": "", "COLUMNS": "40"})
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert ["starry-night", "The", "Starry", "Night", "Vincent", "van", "Gogh", "1889"] in lines
    assert len(lines) > 18


def test_the_list_is_json_for_scripts_whatever_folder_is_set() -> None:
    styles = json.loads(CliRunner().invoke(app, ["list", "--json"], env={"STYLESMITH_STYLES_DIR": ""}).stdout)
    assert {"slug", "title", "artist", "year", "licence", "path"} <= set(styles[0])
    assert all(style["licence"] for style in styles)


@pytest.mark.parametrize(("mode", "slugs"), [("replace", ["warm", "cool"]), ("add", ["warm", "cool", "starry-night"])])
def test_the_operators_folder_replaces_our_styles_or_adds_to_them(folder: Path, mode: str, slugs: list[str]) -> None:
    environment = {"STYLESMITH_STYLES_DIR": str(folder), "STYLESMITH_STYLES_MODE": mode}
    listed = json.loads(CliRunner().invoke(app, ["list", "--json"], env=environment).stdout)
    assert [style["slug"] for style in listed][:3] == slugs


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_sheet_shows_every_style(folder: Path, suffix: str) -> None:
    sheet = folder / f"sheet{suffix}"
    assert run(folder, "list", "--sheet", str(sheet)).exit_code == 0
    with Image.open(sheet) as drawn:
        assert drawn.width > 2 * 300
        assert len(set(drawn.convert("L").resize((64, 32)).tobytes())) > 20


def test_a_sheet_is_never_drawn_over_a_file_or_where_it_cannot_be(folder: Path) -> None:
    photo = folder / "photo.png"
    before = photo.read_bytes()
    for path, said in (
        (photo, "--force"),
        (folder / "sheet.gif", ".jpg"),
        (folder / "none" / "sheet.png", "no folder"),
    ):
        refused = run(folder, "list", "--sheet", str(path))
        assert (refused.exit_code, said in refused.output) == (2, True)
    assert photo.read_bytes() == before
    assert run(folder, "list", "--sheet", str(photo), "--force").exit_code == 0
    assert photo.read_bytes() != before


def test_one_style_is_shown_with_what_it_is_called() -> None:
    shown = CliRunner().invoke(app, ["show", "梵高"], env={"STYLESMITH_STYLES_DIR": ""}).stdout
    assert "starry-night" in shown
    assert "wheat-field-with-cypresses" in shown
    missed = CliRunner().invoke(app, ["show", "mosaik"], env={"STYLESMITH_STYLES_DIR": ""})
    assert (missed.exit_code, "Did you mean mosaic?" in missed.output) == (1, True)
