"""The bot as a process of its own: one a directory, gone when told to, nothing learnt by a second one's start."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests import ROOT

BOT = [sys.executable, "-c", "import sys; sys.argv = ['stylesmith', 'bot']; from bot.cli import main; main()"]
PATIENCE_S = 120


def environment(data_dir: Path, redis_url: str, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STYLESMITH_")}
    given = {"DATA_DIR": str(data_dir), "REDIS_URL": redis_url} | settings
    return kept | {"PYTHONPATH": str(ROOT)} | {f"STYLESMITH_{name}": value for name, value in given.items()}


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> dict[str, str]:
    """Of a bot whose server is unreachable: it keeps trying."""
    return environment(tmp_path, redis_url, MASTODON_URL="http://127.0.0.1:9", MASTODON_TOKEN="t")


@pytest.fixture
def running(settings: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(BOT, env=settings, cwd=tmp_path, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + PATIENCE_S
        while not (tmp_path / "ledger.sqlite").exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process
        process.kill()


def test_a_second_bot_on_the_same_data_exits_75(
    running: subprocess.Popen[bytes], settings: dict[str, str], tmp_path: Path
) -> None:
    second = subprocess.run(
        BOT, env=settings, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert second.returncode == 75
    assert "one directory, one bot" in second.stderr
    assert running.poll() is None


def test_a_running_bot_lives_whatever_its_server_does_and_counts_from_zero(
    settings: dict[str, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    environment_ = settings | {"STYLESMITH_METRICS_PORT": str(port)}
    with subprocess.Popen(BOT, env=environment_, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        live, metrics = (page(process, port, path) for path in ("live", "metrics"))
        process.kill()
    assert '"ok": true' in live
    for name, labels in (("cursor_rewound", ""), ("platform_errors", 'kind="Intercepted",')):
        assert f'stylesmith_{name}_total{{{labels}platform="mastodon"}} 0.0' in metrics


def page(process: "subprocess.Popen[bytes]", port: int, path: str) -> str:
    """A page of the bot's own, once it is served."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_bot_ends_well_when_told_to(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGTERM)
    assert running.wait(PATIENCE_S) == 0


def test_a_bot_that_is_told_again_and_again_ends_as_well(running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while running.poll() is None and time.monotonic() < until:
        running.send_signal(signal.SIGTERM)  # without a pause: within the handler of the one before, too
    assert running.returncode == 0


def test_a_bot_that_crashes_leaves_no_image_of_its_secrets(running: subprocess.Popen[bytes]) -> None:
    assert psutil.Process(running.pid).rlimit(psutil.RLIMIT_CORE) == (0, 0)


def test_a_killed_bot_keeps_nobody_out(
    running: subprocess.Popen[bytes], settings: dict[str, str], tmp_path: Path
) -> None:
    running.kill()
    running.wait()
    with subprocess.Popen(BOT, env=settings, cwd=tmp_path, stderr=subprocess.PIPE) as second:
        assert second.stderr
        assert any(b"listening" in line for line in second.stderr)
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE_S) == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "stylesmith login mastodon"),
        ({"MASTODON_URL": "http://127.0.0.1:9", "MASTODON_TOKEN": "t", "TRIES": "none"}, "STYLESMITH_TRIES"),
        (
            {"MASTODON_URL": "http://127.0.0.1:9", "MASTODON_TOKEN": "t", "REDIS_URL": "redis://192.0.2.1/0"},
            "without a password",
        ),
    ],
    ids=["no account", "a wrong number", "an open Redis"],
)
def test_what_cannot_run_says_what_to_do(given: dict[str, str], said: str, tmp_path: Path) -> None:
    settings = environment(tmp_path, given.pop("REDIS_URL", ""), **given)
    ended = subprocess.run(
        BOT, env=settings, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert ended.returncode == 78
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_bot_whose_data_cannot_be_written_says_so_and_may_be_started_again(tmp_path: Path, redis_url: str) -> None:
    (tmp_path / "file").touch()
    settings = environment(tmp_path / "file" / "data", redis_url, MASTODON_URL="http://127.0.0.1:9", MASTODON_TOKEN="t")
    bot = subprocess.run(
        BOT, env=settings, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert (bot.returncode, "cannot be written" in bot.stderr) == (74, True), bot.stderr
