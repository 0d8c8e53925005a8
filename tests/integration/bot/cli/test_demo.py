"""The main job on a bare machine: real Redis, sandbox, bot and worker, and a person who gets a painting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests import ROOT

STYLESMITH = [sys.executable, "-c", "from bot.cli import main; main()"]


def demo(tmp_path: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STYLESMITH_")}
    return subprocess.run(
        [*STYLESMITH, "demo", "--once", *words],
        cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(ROOT), "STYLESMITH_BACKBONE": "lite"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


@pytest.mark.timeout(900)
def test_somebody_mentions_the_bot_and_gets_a_painting(tmp_path: Path) -> None:
    out = tmp_path / "painting.jpg"
    ended = demo(tmp_path, "--text", "256 px", "--out", str(out), "--keep", str(tmp_path / "kept"))
    assert ended.returncode == 0, ended.stderr
    with Image.open(out) as painting:
        assert max(painting.size) == 256
        assert set(painting.getexif()) <= {0x0131, 0x8769}, "what made it and in which colours, nothing else"
    assert "@stylesmith:" in ended.stderr


@pytest.mark.timeout(900)
def test_a_picture_that_is_none_ends_in_a_sentence_and_a_status(tmp_path: Path) -> None:
    fake = tmp_path / "photo.png"
    fake.write_bytes(b"no picture at all")
    ended = demo(tmp_path, "--photo", str(fake), "--out", str(tmp_path / "none.jpg"))
    assert ended.returncode != 0
    assert "did not end with a painting" in ended.stderr
    assert "Traceback" not in ended.stderr
