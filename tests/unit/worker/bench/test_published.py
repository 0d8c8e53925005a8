"""The table of published pairs."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.unit.worker.gatys.tiny import tiny_net
from worker.bench.published import measured, pairs
from worker.gatys.normalise import dead_leaves, normalise
from worker.gatys.vgg import Vgg
from worker.render import pixels


@pytest.fixture(scope="module")
def net() -> Vgg:
    network = tiny_net()
    normalise(network, dead_leaves(64))
    return network


def style() -> Tensor:
    """Stripes of two colours, alike everywhere."""
    y, x = torch.meshgrid(torch.arange(288), torch.arange(384), indexing="ij")
    wave = 0.5 + 0.4 * torch.sin((x + 2 * y) / 2.5)
    grain = 0.05 * torch.randn(288, 384, generator=torch.Generator().manual_seed(0))
    return (torch.stack([wave, 0.6 * wave + 0.2, 1 - wave])[None] + grain).clamp(0, 1)


def photo() -> Tensor:
    return dead_leaves(384, seed=5)[..., :288, :]


def test_pairs_are_read_from_a_folders_readme_and_measured_beside_ours(tmp_path: Path, net: Vgg) -> None:
    folder, beside = tmp_path / "reference", tmp_path / "styles"
    folder.mkdir()
    beside.mkdir()
    for path, picture in (
        (folder / "town.png", photo()),
        (beside / "stripes.png", style()),
        (folder / "theirs.png", photo()),
        (tmp_path / "ours.png", style()),
    ):
        pixels.to_pillow(picture).save(path)
    (folder / "README.md").write_text(
        "| painting | photo, style | bare |\n|---|---|---|\n| theirs.png | town, stripes | 1 |\n"
    )
    (pair,) = pairs(folder)
    assert (pair.photo.name, pair.style.parent, pair.painting.name) == ("town.png", beside, "theirs.png")
    lines = list(measured([pair], {pair.painting: tmp_path / "ours.png"}, net, None))
    assert lines[0] == "| painting | whose | bare | busy | flat | missing |"
    assert lines[2].startswith("| theirs | published | 1.0") or lines[2].startswith("| theirs | published | 0.9")
    assert lines[3].startswith("| theirs | ours | 0.0")


def test_a_pair_whose_picture_is_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("| gone.png | town, stripes |\n")
    with pytest.raises(FileNotFoundError, match="town"):
        pairs(tmp_path)
