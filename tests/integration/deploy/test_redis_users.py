"""The shipped Redis settings and users: everything of ours runs under them, and nothing else does."""

import hashlib
import io
import os
import re
import shutil
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
from bot.queue.rq import RqQueue, connect
from tests import ROOT
from tests.faults.crashing_worker import COMMAND
from tests.redis_users import shipped_users
from worker.contract import Options, Rendered, RenderJob

DEPLOY = ROOT / "deploy" / "redis"
PASSWORDS = {"bot": "canary-b0t", "worker": "canary-w0rker", "admin": "canary-adm1n", "scaler": "canary-sc4ler"}
SUPERUSER = "user root on nopass ~* &* +@all\n"


@pytest.fixture(scope="module")
def socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server with the shipped users, and one more for looking on."""
    folder = tmp_path_factory.mktemp("acl")
    (folder / "users.acl").write_text(shipped_users(PASSWORDS, "users.acl") + SUPERUSER)
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
            renders = RqQueue(connection)
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
        "FUNCTION LIST",
        "FUNCTION FLUSH",
        "FUNCTION DUMP",
        "FUNCTION LOAD #!lua",
        "FCALL f 0",
        "SCRIPT FLUSH",
        "SELECT 1",
        "RANDOMKEY",
        "SWAPDB 0 1",
        "CLIENT TRACKING on",
        "CLIENT NO-EVICT on",
        "CLIENT PAUSE 1000",
        "DUMP stylesmith:blob:a",
        "RESTORE stylesmith:blob:a 0 x",
        "MEMORY USAGE stylesmith:blob:a",
        "OBJECT ENCODING stylesmith:blob:a",
        "SETRANGE stylesmith:blob:a 536870911 x",
        "APPEND stylesmith:blob:a x",
        "SETBIT stylesmith:blob:a 4294967295 1",
        "BITFIELD stylesmith:blob:a SET u8 0 1",
        "BITOP NOT stylesmith:blob:a stylesmith:blob:a",
        "PFADD stylesmith:blob:a x",
        "GEOADD stylesmith:blob:a 1 1 x",
        "SORT rq:queue:renders STORE rq:a",
        "COPY stylesmith:blob:a stylesmith:blob:b",
        "RENAME stylesmith:blob:a stylesmith:blob:b",
        "MSET stylesmith:blob:a x",
    ],
)
def test_everything_else_is_denied(socket: Path, name: str, command: str) -> None:
    with connect(url(socket, name)) as connection, pytest.raises(redis.exceptions.NoPermissionError):
        connection.execute_command(*command.split())


@pytest.mark.parametrize("name", PASSWORDS)
def test_a_script_may_do_no_more_than_its_user(socket: Path, root: redis.Redis, name: str) -> None:
    grow = "return redis.call('SETRANGE', KEYS[1], 536870911, 'x')"
    with (
        connect(url(socket, name)) as connection,
        pytest.raises(redis.exceptions.ResponseError, match="can't run this"),
    ):
        connection.eval(grow, 1, "rq:queue:renders")
    assert not root.exists("rq:queue:renders")


def test_keda_learns_the_length_of_the_queue_and_can_do_nothing_else(socket: Path, root: redis.Redis) -> None:
    root.rpush("rq:queue:renders", "m-1", "m-2")
    measure = "return redis.call(({list = 'llen', none = 'llen'})[redis.call('type', KEYS[1]).ok], KEYS[1])"
    with connect(url(socket, "scaler")) as connection:
        assert connection.llen("rq:queue:renders") == 2
        assert connection.eval(measure, 1, "rq:queue:renders") == 2
        root.delete("rq:queue:renders")
        assert connection.eval(measure, 1, "rq:queue:renders") == 0
        assert root.acl_log() == []
        for words in (
            ["LPUSH", "rq:queue:renders", "m-3"],
            ["LLEN", "rq:queue:other"],
            ["LRANGE", "rq:queue:renders", 0, -1],
            ["EVAL", "return redis.call('RPUSH', KEYS[1], 'm-3')", 1, "rq:queue:renders"],
            ["EVAL", "return redis.call('GET', 'stylesmith:blob:a')", 0],
            ["INFO"],
        ):
            with pytest.raises(redis.exceptions.ResponseError, match=r"(?i)permission|no ACL|can't"):
                connection.execute_command(*words)
    assert not root.exists("rq:queue:renders")


def test_make_secrets_draws_a_password_for_every_user(tmp_path: Path) -> None:
    for name in ("make-secrets", "redis/users.acl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(DEPLOY.parent / name, tmp_path / name)
    subprocess.run([tmp_path / "make-secrets"], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    users = (tmp_path / "secrets" / "redis_users").read_text()
    assert "SHA256" not in users
    assert (tmp_path / "secrets" / "redis_scaler_user").read_text() == "stylesmith-scaler"
    password = (tmp_path / "secrets" / "redis_scaler_password").read_text()
    assert f"user stylesmith-scaler on #{hashlib.sha256(password.encode()).hexdigest()} " in users
    (tmp_path / "secrets" / "redis_users").write_text("user default off\nuser stylesmith-admin on\n")
    again = subprocess.run([tmp_path / "make-secrets"], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    assert b"older release" in again.stdout


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
            assert {name: connection.config_get(name)[name] for name in expected} == expected
            with pytest.raises(redis.exceptions.ResponseError, match="maximum allowed size"):
                connection.setrange("grown", 2**29 - 2, "x")
    finally:
        server.kill()
        server.wait()
