"""Canaries for the secrets: a real bot at a server that throws its token back, and nowhere a trace of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import redis
from pydantic import SecretStr

from bot.settings import Settings
from tests import ROOT
from tests.fakes.hostile_server import Listener, Page
from worker.settings import WorkerSettings

CANARY = "canary-7d1e5b"
START = "import sys; sys.argv[0] = 'stylesmith'; from bot.cli import main; main()"


def throw_back(status: int) -> Page:
    """An answer with everything the request said, as a careless server or proxy gives it."""

    def serve(stream: socket.socket, path: str) -> None:
        body = f'{{"error": "bad token Bearer {CANARY} for {path}"}}'.encode()
        head = f"HTTP/1.1 {status} no {CANARY}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        stream.sendall(head.encode() + body)

    return serve


class Everything(dict[str, Page]):
    """The same page at every address."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def get(self, key: str, default: object = None) -> Page:
        return self._page


@pytest.fixture
def guarded_redis(tmp_path: Path) -> Iterator[str]:
    """A real Redis whose password is the canary; it gets it by its standard input."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = (
        f"port {port}\nbind 127.0.0.1\nrequirepass {CANARY}\nsave ''\nlogfile {tmp_path}/redis.log\ndir {tmp_path}\n"
    )
    server = subprocess.Popen(["redis-server", "-"], stdin=subprocess.PIPE)
    assert server.stdin
    server.stdin.write(settings.encode())
    server.stdin.close()
    url = f"redis://:{CANARY}@127.0.0.1:{port}/0"
    client = redis.Redis.from_url(url)
    for _ in range(100):
        try:
            client.ping()
        except redis.exceptions.ConnectionError:
            time.sleep(0.05)
        else:
            break
    yield url
    client.close()
    server.terminate()
    server.wait()


@pytest.mark.parametrize("status", [401, 500])
def test_a_bot_whose_server_throws_its_token_back_shows_it_nowhere(
    tmp_path: Path, guarded_redis: str, status: int
) -> None:
    data, token = tmp_path / "data", tmp_path / "token"
    token.write_text(CANARY)
    (tmp_path / "redis_url").write_text(guarded_redis)
    styles = tmp_path / "styles"
    styles.mkdir()
    (styles / "styles.toml").touch()  # none, so that the bot need not draw its own first
    with Listener(Everything(throw_back(status))) as server:
        settings = {
            "STYLESMITH_MASTODON_URL": f"http://127.0.0.1:{server.port}",
            "STYLESMITH_MASTODON_TOKEN_FILE": str(token),
            "STYLESMITH_REDIS_URL_FILE": str(tmp_path / "redis_url"),
            "STYLESMITH_DATA_DIR": str(data),
            "STYLESMITH_ALLOW_PRIVATE_HOSTS": "true",
            "STYLESMITH_STYLES_DIR": str(styles),
            "STYLESMITH_LOG_LEVEL": "debug",
            "STYLESMITH_MASTODON_POLL_S": "0.2",
        }
        with (tmp_path / "log").open("wb") as log:
            bot = subprocess.Popen(
                [sys.executable, "-c", START, "bot"],
                stdout=log,
                stderr=log,
                cwd=tmp_path,
                env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
            )
            try:
                seen = _family_until(bot, lambda: len(server.requests) >= 2)
                bot.send_signal(signal.SIGTERM)
                bot.wait(timeout=40)
            finally:
                bot.kill()
                bot.wait()
    assert any(f"Bearer {CANARY}" in request for request in server.requests)
    said = (tmp_path / "log").read_text()
    assert said
    assert CANARY not in said
    assert CANARY not in seen
    assert not [file for file in data.rglob("*") if file.is_file() and CANARY.encode() in file.read_bytes()]
    assert not _in_redis(guarded_redis)


def _family_until(bot: subprocess.Popen[bytes], done: Callable[[], bool]) -> str:
    """Command lines of the bot and all its children, and the children's environments, until it has been at work."""
    seen: set[str] = set()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and bot.poll() is None:
        try:
            process = psutil.Process(bot.pid)
            seen.update(process.cmdline())
            for child in process.children(recursive=True):
                seen.update((*child.cmdline(), *(f"{name}={value}" for name, value in child.environ().items())))
        except psutil.Error:
            continue
        if done():
            break
        time.sleep(0.05)
    return "\n".join(seen)


def _in_redis(url: str) -> list[bytes]:
    with redis.Redis.from_url(url) as client:
        dumps = {key: client.dump(key) or b"" for key in client.scan_iter()}
    return [key for key, dump in dumps.items() if CANARY.encode() in key + bytes(dump)]


def test_settings_show_no_secret_however_they_are_printed() -> None:
    secret = SecretStr(CANARY)
    bot = Settings(mastodon_token=secret, x_access_secret=secret, redis_url=SecretStr(f"redis://:{CANARY}@redis/0"))
    worker = WorkerSettings(redis_url=SecretStr(f"redis://:{CANARY}@redis/0"))
    for settings in (bot, worker):
        for shown in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.model_dump()}"):
            assert CANARY not in shown


def test_a_wrong_setting_is_refused_without_showing_the_others() -> None:
    program = "from bot.settings import Settings; Settings()"
    settings = {"STYLESMITH_MASTODON_TOKEN": CANARY, "STYLESMITH_X_POLL_S": f"not a number {CANARY}"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "x_poll_s" in done.stderr
    assert CANARY not in done.stderr


def test_no_file_of_the_project_holds_something_that_looks_like_a_credential() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    looks = ("BEGIN RSA PRIVATE", "BEGIN OPENSSH PRIVATE", "BEGIN EC PRIVATE", "xox" + "b-", "ghp" + "_", "AKI" + "A")
    texts = {
        name: ROOT / name for name in listed.split("\0") if name and Path(name) != Path(__file__).relative_to(ROOT)
    }
    held = [
        name
        for name, path in texts.items()
        if path.is_file() and path.suffix in {".py", ".yml", ".toml", ".md", ".sh", ".txt", ""}
        for look in looks
        if look in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert not held


def test_temporary_files_are_closed_to_others(tmp_path: Path) -> None:
    from bot.pictures.decode import SafeDecoder
    from bot.pictures.fetch import Fetcher
    from bot.pictures.store import StoredPictures

    with SafeDecoder() as decoder:
        key = StoredPictures(tmp_path / "pictures", Fetcher(frozenset()), decoder).keep(b"a painting")
    room = tmp_path / "pictures" / "paintings"
    assert (room.stat().st_mode & 0o077, (room / key).stat().st_mode & 0o077) == (0, 0)
