"""Files in the folder where somebody stands are never run, whatever their names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.queue.redis_server import redis_server

STYLESMITH = str(Path(sys.executable).with_name("stylesmith"))
TRAPS = ("worker", "bot", "redis", "rq", "torch", "numpy", "PIL", "pydantic", "typer", "json", "logging", "dataclasses")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of Python files with the names of what we import; each leaves a mark when it is run."""
    place = tmp_path / "somebody's own"
    place.mkdir()
    for name in TRAPS:
        (place / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r} + chr(10))\n")
    return place


def marks(folder: Path) -> str:
    ran = folder.parent / "ran"
    return ran.read_text() if ran.exists() else ""


def stylesmith(folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STYLESMITH_", "PYTHON"))}
    kept |= {"STYLESMITH_DATA_DIR": str(folder.parent / "data"), "STYLESMITH_BACKBONE": "lite"}
    return subprocess.run(
        [STYLESMITH, *words],
        cwd=folder,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.timeout(300)
def test_doctor_asks_the_worker_that_was_installed(folder: Path) -> None:
    said = stylesmith(folder, "doctor").stdout
    assert "lite is there" in said
    assert not marks(folder)


def test_the_private_redis_starts_beside_a_worker_of_ones_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with redis_server(folder.parent / "data") as url:
        assert url.startswith("unix://")
    assert not marks(folder)


@pytest.mark.timeout(300)
def test_the_bot_starts_its_own_programs(folder: Path) -> None:
    account = {"STYLESMITH_MASTODON_URL": "http://127.0.0.1:9", "STYLESMITH_MASTODON_TOKEN": "x" * 20}
    assert run_until(folder, "listening", "bot", **account) == 0
    assert not marks(folder)


@pytest.mark.timeout(300)
def test_the_demo_starts_its_own_programs(folder: Path) -> None:
    said = stylesmith(folder, "demo", "--once", "--wait-s", "1").stderr
    assert "no answer came within 1 s" in said
    assert not marks(folder)


@pytest.mark.timeout(300)
def test_a_worker_and_its_painter_are_the_ones_that_were_installed(folder: Path) -> None:
    with redis_server(folder.parent / "redis") as url:
        assert run_until(folder, "is ready", "worker", STYLESMITH_REDIS_URL=url) == 0
    assert not marks(folder)


def run_until(folder: Path, line: str, *words: str, **settings: str) -> int:
    """The status of a command that is told to end once its log has `line`."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "STYLESMITH_DATA_DIR": str(folder.parent)}
    process = subprocess.Popen(
        [STYLESMITH, *words], cwd=folder, env=environment | settings, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    with process.stderr:
        for said in process.stderr:
            if line in said:
                break
        process.terminate()
        process.stderr.read()
    return process.wait()
