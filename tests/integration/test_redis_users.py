"""The shipped Redis settings and users: everything of ours runs under them, and nothing else does."""

import hashlib
import io
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from PIL import Image
from typer.testing import CliRunner

from bot.cli import queue
from bot.ports import Waiting
from bot.queue.redis_server import executable, start
from bot.queue.rq import RqRenders, connect
from tests.faults.easel import COMMAND
from worker.contract import Options, Rendered, RenderJob

DEPLOY = Path(__file__).parents[2] / "deploy" / "redis"
PASSWORDS = {"bot": "canary-b0t", "worker": "canary-w0rker", "admin": "canary-adm1n"}
SUPERUSER = "user root on nopass ~* &* +@all\n"


@pytest.fixture(scope="module")
def socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server with the shipped users, and one more for looking on."""
    folder = tmp_path_factory.mktemp("acl")
    users = (DEPLOY / "users.acl").read_text()
    for name, password in PASSWORDS.items():
        users = users.replace(f"{name.upper()}_SHA256", hashlib.sha256(password.encode()).hexdigest())
    (folder / "users.acl").write_text(users + SUPERUSER)
    server = start(folder, folder / "r.sock", "--aclfile", str(folder / "users.acl"))
    yield folder / "r.sock"
    server.kill()
    server.wait()


def url(socket: Path, name: str) -> str:
    return f"unix://stylesmith-{name}@{socket}?db=0&password={PASSWORDS[name]}"


@pytest.fixture
def root(socket: Path) -> Iterator[redis.Redis]:
    with redis.Redis(unix_socket_path=str(socket), username="root", password="any") as connection:
        connection.flushall()
        connection.acl_log_reset()
        yield connection


def picture(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


def test_bot_worker_and_admin_do_all_their_work(socket: Path, root: redis.Redis, tmp_path: Path) -> None:
    pictures = [picture("navy"), picture("gold")]
    photo, style = (hashlib.sha256(data).hexdigest() for data in pictures)
    environment = os.environ | {"STYLESMITH_REDIS_URL": url(socket, "worker")}
    worker = subprocess.Popen(COMMAND, env=environment, stderr=subprocess.DEVNULL)
    try:
        with connect(url(socket, "bot")) as connection:
            renders = RqRenders(connection)
            for number in range(3):
                renders.submit(RenderJob(id=f"m-{number}", photo=photo, styles=(style,), options=Options()), pictures)
            end_s = time.monotonic() + 30
            while not renders.outcome("m-2"):
                assert time.monotonic() < end_s
                renders.wait(1)
            outcome = renders.outcome("m-2")
            assert isinstance(outcome, Rendered)
            assert renders.painting(outcome)
            assert renders.waiting("m-none") == Waiting(known=False)
            assert renders.progress("m-2") is None
            renders.cancel("m-2")
            renders.discard("m-2")
    finally:
        worker.terminate()
        assert worker.wait(20) == 0
    environment = {"STYLESMITH_REDIS_URL": url(socket, "admin"), "STYLESMITH_DATA_DIR": str(tmp_path)}
    verbs = (["list", "--all"], ["show", "m-1"], ["retry", "m-1", "--yes"], ["cancel", "m-1", "--yes"], ["pause"])
    for words in (*verbs, ["resume"], ["purge", "--yes"]):
        assert CliRunner().invoke(queue.app, words, env=environment).exit_code == 0, words
    assert root.acl_log() == []


@pytest.mark.parametrize("name", PASSWORDS)
@pytest.mark.parametrize(
    "command",
    [
        "CONFIG GET dir",
        "FLUSHALL",
        "FLUSHDB",
        "KEYS *",
        "MODULE LIST",
        "SHUTDOWN NOSAVE",
        "CLIENT LIST",
        "CLIENT KILL 127.0.0.1:1",
        "ACL LIST",
        "REPLICAOF 127.0.0.1 1",
        "SAVE",
        "MONITOR",
        "PUBLISH rq:pubsub:x shutdown",
        "SUBSCRIBE rq:pubsub:x",
        "GET elsewhere",
        "SET elsewhere 1",
    ],
)
def test_everything_else_is_denied(socket: Path, name: str, command: str) -> None:
    with connect(url(socket, name)) as connection, pytest.raises(redis.exceptions.NoPermissionError):
        connection.execute_command(*command.split())


def test_the_admin_cannot_write_pictures_away(socket: Path) -> None:
    with connect(url(socket, "admin")) as connection, pytest.raises(redis.exceptions.NoPermissionError):
        connection.rename("stylesmith:blob:a", "stylesmith:blob:b")


def test_nobody_gets_in_without_a_password(socket: Path) -> None:
    with redis.Redis(unix_socket_path=str(socket)) as connection, pytest.raises(redis.exceptions.AuthenticationError):
        connection.ping()


def test_the_shipped_settings_are_accepted_and_mean_what_they_say(tmp_path: Path) -> None:
    settings = (DEPLOY / "redis.conf").read_text()
    assert re.search(r"^bind \* -::\*$", settings, re.MULTILINE)
    places = {"port": "0", "unixsocket": str(tmp_path / "r.sock"), "dir": str(tmp_path), "logfile": "redis.log"}
    options = [word for name, value in places.items() for word in (f"--{name}", value)]
    server = subprocess.Popen([executable(), str(DEPLOY / "redis.conf"), *options])
    expected = {"appendonly": "yes", "appendfsync": "always", "save": "", "maxmemory-policy": "noeviction"}
    try:
        with redis.Redis(unix_socket_path=str(tmp_path / "r.sock")) as connection:
            assert connection.config_get(*expected) == expected
    finally:
        server.kill()
        server.wait()
