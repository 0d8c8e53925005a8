"""`stylesmith render` with real files, the real gate and a network of random weights."""

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

from bot.cli.orders import Order
from bot.cli.render import _job, render
from bot.pictures.decode import Gate
from bot.pictures.limits import Limits
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
        ("photo.jpg style.png", "Say where the painting goes"),
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
    assert not Path("photo.png").exists()
    assert len(list(Path().glob("*.jpg"))) == 2


def test_a_dream_is_not_estimated(run: Command) -> None:
    result = run("photo.jpg --dream eyes --estimate --size 64")
    assert result.exit_code == 0
    assert "it is not estimated" in result.output
    assert not Path("dream.jpg").exists()


def test_a_photo_larger_than_2048_px_reaches_the_painter_with_all_the_pixels_asked_for(
    tmp_path: Path,
) -> None:
    noise = torch.randint(0, 255, (60, 3000, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    Image.fromarray(noise.numpy()).crop((0, 0, 3000, 200)).save(tmp_path / "strip.png")
    order = Order(tmp_path / "strip.png", (tmp_path / "strip.png",), tmp_path / "out.png")
    with Gate(Limits.own_files(3000, 2**32)) as gate:
        job, blobs = _job(order, Options(edge_px=3000), gate)
    assert decode(blobs.get(job.photo or "") or b"").shape == (1, 3, 200, 3000)
    assert decode(blobs.get(job.styles[0]) or b"").shape == (1, 3, 200, 3000)
