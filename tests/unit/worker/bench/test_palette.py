"""What tells a muddy or a saturated painting from its style."""

from pathlib import Path

import pytest
from PIL import Image

from worker.bench.palette import Palette, show


def _file(folder: Path, name: str, *colours: tuple[int, int, int]) -> Path:
    picture = Image.new("RGB", (20, 10 * len(colours)))
    for row, colour in enumerate(colours):
        picture.paste(colour, (0, 10 * row, 20, 10 * row + 10))
    picture.save(folder / f"{name}.png")
    return folder / f"{name}.png"


def test_grey_has_no_chroma_and_black_and_white_have_the_most_contrast(tmp_path: Path) -> None:
    grey = Palette.of(_file(tmp_path, "grey", (51, 51, 51)))
    assert grey.lightness == pytest.approx(0.2)
    assert (grey.contrast, grey.chroma, grey.clipped) == pytest.approx((0, 0, 0))
    assert Palette.of(_file(tmp_path, "ends", (0, 0, 0), (255, 255, 255))).contrast == pytest.approx(0.5)


def test_a_channel_at_its_end_is_clipped_and_a_pure_colour_has_all_chroma(tmp_path: Path) -> None:
    half = Palette.of(_file(tmp_path, "half", (255, 0, 0), (102, 102, 102)))
    assert (half.clipped, half.chroma) == pytest.approx((0.5, 0.5))
    assert half.lightness == pytest.approx((0.299 + 0.4) / 2)


def test_each_style_is_shown_beside_the_mean_of_its_paintings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    style = _file(tmp_path, "style", (51, 51, 51))
    show([[style], [_file(tmp_path, "light", (153, 153, 153))]], [style])
    assert "0.20 -> 0.40" in capsys.readouterr().out
