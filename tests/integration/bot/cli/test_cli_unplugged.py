"""The first painting needs no network: both commands in a network namespace of their own, with nothing cached."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests import ROOT
from worker.gatys.normalise import dead_leaves
from worker.render.pixels import to_pillow

UNPLUGGED = [sys.executable, "-m", "tests.integration.bot.cli.unplugged"]
STYLESMITH = [*UNPLUGGED, sys.executable, "-c", "from bot.cli import main; main()"]


def run(tmp_path: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STYLESMITH_")}
    empty = {name: str(tmp_path / "home") for name in ("HOME", "TORCH_HOME", "XDG_CACHE_HOME", "HF_HOME")}
    return subprocess.run(
        command,
        cwd=tmp_path,
        env=kept | empty | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture(autouse=True)
def no_network(tmp_path: Path) -> None:
    """Skips where namespaces are not allowed; fails where one still reaches the host it came from."""
    if run(tmp_path, *UNPLUGGED, "true").returncode != 0:
        pytest.skip("needs the right to make a network namespace (root, or unprivileged user namespaces)")
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        call = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        assert run(tmp_path, *UNPLUGGED, sys.executable, "-c", call).returncode != 0


@pytest.mark.timeout(600)
def test_render_paints_with_the_network_unplugged(tmp_path: Path) -> None:
    for name, seed in (("photo.png", 1), ("style.png", 2)):
        to_pillow(dead_leaves(96, leaves=200, seed=seed)).save(tmp_path / name)
    words = ("render", "photo.png", "style.png", "--size", "96", "--out", "painting.jpg")
    ended = run(tmp_path, *STYLESMITH, *words)
    assert ended.returncode == 0, ended.stderr
    with Image.open(tmp_path / "painting.jpg") as painting:
        assert painting.size == (96, 96)


@pytest.mark.timeout(600)
def test_the_demo_goes_from_a_mention_to_a_painting_with_the_network_unplugged(tmp_path: Path) -> None:
    ended = run(tmp_path, *STYLESMITH, "demo", "--once", "--text", "256 px", "--out", "painting.jpg")
    assert ended.returncode == 0, ended.stderr
    with Image.open(tmp_path / "painting.jpg") as painting:
        assert max(painting.size) == 256
