"""Pictures in transit: the same promises in Redis, in a folder and in memory, and a worker that finds them there."""

import hashlib
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from bot.cli.checks import blobs
from bot.errors import TransportDown
from bot.queue.rq import RqQueue, connect
from bot.settings import Settings
from tests.integration.bot.test_service import BOT, environment
from tests.integration.worker.service.test_supervisor import PHOTO, STYLE, job, running, until
from worker.contract import Rendered, outcome_key
from worker.contract.blobs import RedisBlobs, Transit, UrlBlobs, blobs_at

Make = Callable[[float], Transit]


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        yield client


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """A small server that speaks S3, at a port of loopback."""
    if not all(map(find_spec, ("moto", "s3fs"))):
        pytest.skip("no S3 here: deploy/check tries it in a step of its own, or pip install stylesmith[s3,test-s3]")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        until(partial(_listens, port))
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The URL of a folder in a bucket that is not there yet; the rest is in the environment, as operators have it."""
    given = {"ENDPOINT_URL": s3_server, "ACCESS_KEY_ID": "id", "SECRET_ACCESS_KEY": "s", "DEFAULT_REGION": "us-east-1"}
    for name, value in given.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return f"s3://{re.sub('[^a-z0-9]', '-', tmp_path.name.lower())}/pictures"


@pytest.fixture(params=["redis", "file", "memory", "s3"])
def make(request: pytest.FixtureRequest, tmp_path: Path, connection: redis.Redis) -> Make:
    """A store whose pictures live for so many seconds."""
    if request.param == "redis":
        return lambda ttl_s: RedisBlobs(connection, max(1, int(ttl_s)))
    urls = {"file": f"file://{tmp_path}/transit", "memory": f"memory://{tmp_path.name}/pictures"}
    url = urls.get(request.param) or request.getfixturevalue("bucket")
    return lambda ttl_s: UrlBlobs(url, ttl_s)


def test_what_was_put_is_found_under_its_hash(make: Make) -> None:
    blobs = make(60)
    key = blobs.put(b"a picture")
    assert key == hashlib.sha256(b"a picture").hexdigest()
    assert blobs.get(key) == b"a picture"
    assert make(60).get(key) == b"a picture"


def test_what_was_never_there_is_missing(make: Make) -> None:
    assert make(60).get("0" * 64) is None


def test_what_is_forgotten_is_gone_and_may_be_forgotten_twice(make: Make) -> None:
    blobs = make(60)
    gone, stays = blobs.put(b"gone"), blobs.put(b"stays")
    blobs.forget([gone])
    blobs.forget([gone, "0" * 64])
    assert (blobs.get(gone), blobs.get(stays)) == (None, b"stays")


def test_pictures_go_after_their_time_and_putting_them_again_renews_it(make: Make) -> None:
    blobs = make(3)
    old, renewed = blobs.put(b"old"), blobs.put(b"renewed")
    time.sleep(1.6)
    blobs.put(b"renewed")
    time.sleep(1.6)  # S3 knows whole seconds
    blobs.sweep()
    assert (blobs.get(old), blobs.get(renewed)) == (None, b"renewed")


def test_a_file_cut_short_reads_as_missing_until_it_is_whole(tmp_path: Path) -> None:
    blobs = UrlBlobs(f"file://{tmp_path}")
    key = blobs.put(b"a whole picture")
    (tmp_path / key).write_bytes(b"a whole")
    assert blobs.get(key) is None
    blobs.put(b"a whole picture")
    assert blobs.get(key) == b"a whole picture"


def test_nothing_but_pictures_is_read_or_removed(tmp_path: Path) -> None:
    blobs = UrlBlobs(f"file://{tmp_path}/transit", ttl_s=0)
    (tmp_path / "secret").write_text("key")
    (tmp_path / "transit" / "notes.txt").write_text("of the operator")
    blobs.forget(["../secret", "notes.txt"])
    blobs.sweep()
    assert blobs.get("../secret") is None
    assert (tmp_path / "secret").exists()
    assert (tmp_path / "transit" / "notes.txt").exists()


def test_an_empty_address_means_redis(connection: redis.Redis) -> None:
    assert isinstance(blobs_at("", connection), RedisBlobs)


@pytest.mark.parametrize(
    ("url", "ok", "says"),
    [
        ("", True, "through Redis"),
        ("file://{folder}/transit", True, "where STYLESMITH_BLOBS_URL says"),
        ("nonsense://here", False, "is it an fsspec URL"),
        ("file://{folder}/a-file/below", False, "may this machine write there"),
    ],
)
def test_the_doctor_tries_the_place_where_pictures_travel(url: str, ok: bool, says: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    (found,) = blobs(Settings(blobs_url=SecretStr(url.format(folder=tmp_path))))
    assert (found.ok, says in found.says) == (ok, True), found


def test_a_bot_whose_pictures_cannot_travel_says_what_to_do(tmp_path: Path, redis_url: str) -> None:
    settings = environment(
        tmp_path, redis_url, MASTODON_URL="http://127.0.0.1:9", MASTODON_TOKEN="t", BLOBS_URL="nonsense://here"
    )
    bot = subprocess.run(BOT, env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (bot.returncode, "STYLESMITH_BLOBS_URL does not work" in bot.stderr) == (78, True), bot.stderr


@pytest.mark.parametrize("url", ["nonsense://here", "s3nosuch://bucket"])
def test_an_address_that_means_nothing_is_refused_at_once(url: str, connection: redis.Redis) -> None:
    with pytest.raises(ValueError, match="Protocol not known"):
        blobs_at(url, connection)


def test_a_store_that_is_away_is_the_transport_being_down(tmp_path: Path, connection: redis.Redis) -> None:
    renders = RqQueue(connection, UrlBlobs(f"file://{tmp_path}/transit"))
    (tmp_path / "transit").rename(tmp_path / "elsewhere")
    (tmp_path / "transit").write_text("a file where a folder should be")
    with pytest.raises(TransportDown):
        renders.submit(job("m-1"), [PHOTO, STYLE])
    assert renders.depth() == 0


def test_a_worker_finds_and_leaves_pictures_where_the_setting_says(tmp_path: Path, redis_url: str) -> None:
    url = f"file://{tmp_path}/transit"
    with running(redis_url, tmp_path, blobs_url=url) as worker:
        renders = RqQueue(worker.connection, UrlBlobs(url))
        renders.submit(job("m-1"), [PHOTO, STYLE])
        outcome = worker.outcome("m-1")
        assert isinstance(outcome, Rendered)
        assert renders.painting(outcome)
        assert list(worker.connection.scan_iter("stylesmith:blob:*")) == []
        inputs = [hashlib.sha256(data).hexdigest() for data in (PHOTO, STYLE)]
        renders.settle(["m-1"], [outcome.blob, *inputs])
        assert renders.painting(outcome) is None
        assert list((tmp_path / "transit").iterdir()) == []
        assert 0 < worker.connection.ttl(outcome_key("m-1")) <= 600
