"""`stylesmith render` with real files, the real decoder and a network of random weights."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import typer
from PIL import Image
from safetensors.torch import save_file
from typer.testing import CliRunner, Result

from bot.cli.pictures import open_inputs
from bot.cli.render import render
from bot.cli.render.orders import Order, StyleFile
from bot.cli.render.painter import job_of
from worker.contract import Options
from worker.render.pixels import decode

WIDTHS = {"1": (3, 16), "2": (16, 32), "3": (32, 64), "4": (64, 128), "5": (128, 128)}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter-width VGG-19 that has seen nothing."""
    torch.manual_seed(0)
    tensors = {"conv0.weight": 255 * torch.eye(3).flip(0)[:, :, None, None].contiguous(), "conv0.bias": -torch.ones(3)}
    for block, depth in zip("12345", (2, 2, 4, 4, 1), strict=True):
        channels, width = WIDTHS[block]
        for n in range(1, depth + 1):
            tensors[f"conv{block}{n}.weight"] = torch.randn(width, channels, 3, 3) * (2 / (9 * channels)) ** 0.5
            tensors[f"conv{block}{n}.bias"] = torch.zeros(width)
            channels = width
    path = tmp_path_factory.mktemp("weights") / "random.safetensors"
    save_file(tensors, path)
    return path


@pytest.fixture
def run(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Command":
    monkeypatch.setenv("STYLESMITH_WEIGHTS", str(weights))
    monkeypatch.setenv("STYLESMITH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for name, seed in (("photo.jpg", 1), ("other.png", 2), ("style.png", 3)):
        small = torch.randint(0, 255, (5, 7, 3), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)
        Image.fromarray(small.numpy()).resize((84, 60), Image.Resampling.BICUBIC).save(tmp_path / name)
    (tmp_path / "broken.jpg").write_bytes((tmp_path / "photo.jpg").read_bytes()[:700])
    return Command()


class Command:
    """The command as typed."""

    def __init__(self) -> None:
        self._app = typer.Typer()
        self._app.command()(render)

    def __call__(self, words: str) -> Result:
        return CliRunner().invoke(self._app, words.split())


def test_without_the_device_that_the_settings_name_nothing_is_begun(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STYLESMITH_DEVICE", "cuda:99")
    before = sorted(tmp_path.iterdir())
    result = run("photo.jpg style.png")
    assert result.exit_code == 78
    assert "STYLESMITH_DEVICE is cuda:99, but PyTorch sees" in result.stderr.splitlines()[-1]
    assert sorted(tmp_path.iterdir()) == before


def test_a_photo_and_a_style_make_a_painting(run: Command) -> None:
    result = run("photo.jpg style.png --out new/painting.png --size 64 --seed 5 --strength 30 --colours luminance")
    assert result.exit_code == 0, result.output
    with Image.open("new/painting.png") as painting:
        assert (painting.format, painting.size) == ("PNG", (64, 46))
    assert "photo.jpg: painted as new/painting.png, 64 x 46" in result.output


def test_one_bad_file_gets_one_sentence_and_the_others_are_painted(run: Command) -> None:
    result = run("photo.jpg broken.jpg nowhere.jpg other.png --style style.png --dream strokes --out-dir out --size 64")
    assert result.exit_code == 1
    assert sorted(path.name for path in Path("out").iterdir()) == ["other.jpg", "photo.jpg"]
    assert "broken.jpg: the picture is damaged or cut short." in result.output
    assert "nowhere.jpg: there is no such file." in result.output
    assert "Traceback" not in result.output


def test_a_dream_needs_no_style(run: Command) -> None:
    assert run("photo.jpg --dream shapes --out dream.jpg --size 64").exit_code == 0
    with Image.open("dream.jpg") as painting:
        assert painting.size == (64, 46)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("photo.jpg --out o.jpg", "A style is missing"),
        ("photo.jpg style.png --out o.jpg --strength 200", "--strength"),
        ("photo.jpg style.png --out o.jpg --size 9", "--size"),
        ("photo.jpg style.png --out o.jpg --weights 1,2", "--weights needs one number for each style"),
        ("photo.jpg style.png --out o.jpg --weights one", "--weights"),
        ("photo.jpg --style style.png --out o.jpg --texture", "leave the photo out"),
        ("photo.jpg --out o.jpg --texture --dream eyes", "not both"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_painted(run: Command, words: str, told: str) -> None:
    result = run(words)
    assert result.exit_code == 2
    assert told in result.output
    assert not Path("o.jpg").exists()
    assert "Traceback" not in result.output


def test_the_command_loads_without_torch() -> None:
    code = "import bot.cli.render, sys; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_estimate_says_what_it_will_take_and_paints_nothing(run: Command) -> None:
    result = run("photo.jpg other.png broken.jpg --style style.png --estimate --size 128")
    assert result.exit_code == 1
    assert re.search(r"photo\.jpg: about \d+ s and \d+ MB of memory \(quarter, \w+; \d+ iterations\)", result.output)
    assert "other.png: about" in result.output
    assert "broken.jpg: the picture is damaged or cut short." in result.output
    assert "All 2: about" in result.output
    assert not Path("photo.png").exists()
    assert len(list(Path().glob("*.jpg"))) == 2


def test_a_dream_is_not_estimated(run: Command) -> None:
    result = run("photo.jpg --dream eyes --estimate --size 64")
    assert result.exit_code == 0
    assert "it is not estimated" in result.output
    assert not Path("dream.jpg").exists()


def test_without_a_place_the_painting_lies_beside_its_photo_under_a_new_name(run: Command) -> None:
    for _ in range(2):
        result = run("photo.jpg style.png --size 64")
        assert result.exit_code == 0, result.output
    assert result.stdout == "photo-style-2.jpg\n"
    assert sorted(path.name for path in Path().glob("photo*")) == ["photo-style-2.jpg", "photo-style.jpg", "photo.jpg"]


def test_the_photos_own_folder_is_a_place_like_any_other(run: Command) -> None:
    before = Path("photo.jpg").read_bytes()
    assert run("photo.jpg style.png --out-dir . --size 64").exit_code == 0
    assert Path("photo.jpg").read_bytes() == before
    assert Path("photo-2.jpg").exists()


@pytest.mark.parametrize(("name", "kind"), [("o.jpeg", "JPEG"), ("o.PNG", "PNG"), ("o.webp", "WEBP")])
def test_the_suffix_says_the_kind_of_file(run: Command, name: str, kind: str) -> None:
    assert run(f"photo.jpg style.png --out {name} --size 64").exit_code == 0
    with Image.open(name) as painting:
        assert painting.format == kind


def test_a_painting_goes_to_standard_output_and_nothing_else_does(run: Command) -> None:
    result = run("photo.jpg style.png -o - --format png --size 64")
    assert result.exit_code == 0, result.stderr
    with Image.open(io.BytesIO(result.stdout_bytes)) as painting:
        assert (painting.format, painting.size) == ("PNG", (64, 46))
    assert "photo.jpg: painted, 64 x 46" in result.stderr
    assert not Path("-").exists()


def test_scripts_get_json(run: Command) -> None:
    told = json.loads(run("photo.jpg broken.jpg --style style.png --out-dir out --size 64 --seed 5 --json").stdout)
    by_photo = {one["photo"]: one for one in told["paintings"]}
    assert by_photo["photo.jpg"]["painting"] == "out/photo.jpg"
    assert by_photo["photo.jpg"]["seed"] == 5
    assert "damaged" in by_photo["broken.jpg"]["error"]
    expected = json.loads(run("photo.jpg other.png --style style.png --size 64 --estimate --json").stdout)
    assert [one["backbone"] for one in expected["estimates"]] == ["quarter", "quarter"]
    assert expected["total"]["photos"] == 2
    assert expected["total"]["memory_bytes"] > 0


def test_an_artists_name_takes_the_first_painting_and_says_so_and_the_painting_is_credited(run: Command) -> None:
    result = run("photo.jpg vangogh --size 64 --seed 5")
    assert result.exit_code == 0, result.output
    told = " ".join(result.stderr.split())
    assert "vangogh: The Starry Night by Vincent van Gogh (1889). The house also has wheat-field-with-cypresses" in told
    assert "painted as photo-starry-night.jpg" in told
    assert "after The Starry Night by Vincent van Gogh (1889)" in told
    facts = json.loads(run("photo.jpg vangogh --size 64 --seed 5 --json").stdout)
    assert facts["paintings"][0]["credits"] == ["The Starry Night by Vincent van Gogh (1889)"]


NOT_TO_BE_BEGUN = {
    "a folder as --out": ("photo.jpg style.png --out folder.jpg", "is a folder"),
    "a place that takes no files": ("photo.jpg style.png --out /proc/x.jpg", "/proc"),
    "a suffix that is no picture's we write": ("photo.jpg style.png --out x.gif", ".jpg, .png or .webp"),
    "a painting over its photo": ("photo.jpg style.png --out photo.jpg --force", "pictures to paint from"),
    "a painting over another file": ("photo.jpg style.png --out other.png", "--force"),
    "a missing photo": ("nowhere.jpg style.png", "nowhere.jpg: there is no such file."),
    "a folder as photo": ("folder.jpg style.png", "folder.jpg: this is a folder"),
    "a damaged photo": ("broken.jpg style.png", "damaged or cut short"),
    "a text as photo": ("text.jpg style.png", "this is not a picture"),
    "a missing style": ("photo.jpg nowhere.png", "no such file"),
    "a damaged style": ("photo.jpg broken.jpg", "damaged or cut short"),
    "a misspelt style": ("photo.jpg mosaik", "Did you mean mosaic?"),
    "an address as photo": ("https://example.org/x.jpg style.png", "https://example.org/x.jpg: this is an address"),
    "an address as style": ("photo.jpg https://example.org/x.jpg", "this is an address"),
    "a wrong number": ("photo.jpg style.png --strength much", "--strength"),
    "wrong weights": ("photo.jpg style.png --weights one", "numbers with commas between them"),
    "standard output twice": ("photo.jpg style.png -o - --json", "both want standard output"),
    "a film over a file": (
        "photo.jpg style.png --timelapse film.mp4",
        "film.mp4 is there already. --force writes over",
    ),
    "a film over the photo": ("film.mp4 style.png --timelapse film.mp4 --force", "film.mp4: this is not a picture"),
    "a film that is none": ("photo.jpg style.png --timelapse film.mov", "must end in .mp4 or .gif"),
    "a film of two photos": ("photo.jpg other.png --style style.png --timelapse new.mp4", "name one photo"),
    "a film where no files go": ("photo.jpg style.png --timelapse /proc/x.mp4", "/proc"),
    "two photos in one file": ("photo.jpg other.png --style style.png -o x.jpg", "--out-dir"),
}
"""What is asked -> what is said, at once."""


@pytest.mark.parametrize(("words", "told"), NOT_TO_BE_BEGUN.values(), ids=NOT_TO_BE_BEGUN)
def test_what_cannot_be_painted_is_said_before_the_engine_is_loaded(
    run: Command, monkeypatch: pytest.MonkeyPatch, words: str, told: str
) -> None:
    Path("folder.jpg").mkdir()
    Path("text.jpg").write_text("no picture")
    Path("film.mp4").write_text("a film")
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    monkeypatch.setattr("bot.cli.render.command.load_models", _too_late)
    result = run(f"{words} --size 64")
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def _too_late(*_: object) -> None:
    raise AssertionError("the engine was loaded")


def test_a_photo_of_45_megapixels_is_painted(run: Command) -> None:
    Image.effect_noise((8192, 5464), 30).save("phone.jpg", quality=50)
    result = run("phone.jpg style.png --size 64")
    assert result.exit_code == 0, result.output


def test_a_photo_larger_than_2048_px_reaches_the_painter_with_all_the_pixels_asked_for(
    tmp_path: Path,
) -> None:
    noise = torch.randint(0, 255, (60, 3000, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    Image.fromarray(noise.numpy()).crop((0, 0, 3000, 200)).save(tmp_path / "strip.png")
    order = Order(tmp_path / "strip.png", (StyleFile("strip", tmp_path / "strip.png"),))
    options = Options(edge_px=3000)
    with open_inputs(options) as opened:
        job, blobs = job_of(order, options, opened)
    assert decode(blobs.get(job.photo or "") or b"").shape == (1, 3, 200, 3000)
    assert decode(blobs.get(job.styles[0]) or b"").shape == (1, 3, 200, 3000)
