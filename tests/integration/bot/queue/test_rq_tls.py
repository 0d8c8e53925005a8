"""A Redis elsewhere, as its provider gives it: rediss:// with a certificate that is checked."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import trustme

from bot.queue.rq import RqQueue, connect
from tests.integration.bot.queue.test_rq import PHOTO, STYLE, job

TRIES = 600


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def url(tmp_path: Path, authority: trustme.CA) -> Iterator[str]:
    """A redis-server that speaks TLS alone, and wants a password."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed here")

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    mine = authority.issue_cert("localhost", "127.0.0.1")
    mine.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    mine.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    options = {"port": "0", "tls-port": port, "tls-auth-clients": "no", "requirepass": "secret", "save": ""}
    options |= {"tls-cert-file": "cert.pem", "tls-key-file": "key.pem", "tls-ca-cert-file": "ca.pem"}
    command = ["redis-server", *(str(word) for name, value in options.items() for word in (f"--{name}", value))]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    try:
        yield f"rediss://:secret@localhost:{port}/0"
    finally:
        server.terminate()
        server.wait()


def answers(url: str) -> None:
    """Waits until the server is up."""
    with connect(url) as connection:
        for tried in range(TRIES):
            try:
                connection.ping()
            except redis.ConnectionError:
                assert tried < TRIES - 1
                time.sleep(0.05)
            else:
                return


def test_jobs_travel_to_a_redis_with_tls(tmp_path: Path, url: str) -> None:
    trusting = f"{url}?ssl_ca_certs={tmp_path / 'ca.pem'}"
    answers(trusting)
    with connect(trusting) as connection:
        RqQueue(connection).submit(job("one"), [PHOTO, STYLE])
        assert connection.llen("rq:queue:renders") == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, url: str) -> None:
    answers(f"{url}?ssl_ca_certs={tmp_path / 'ca.pem'}")
    with connect(url) as connection, pytest.raises(redis.ConnectionError, match="certificate"):
        connection.ping()
