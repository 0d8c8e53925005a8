"""The client of X: its windows, its signature, and what it makes of foreign answers."""

import base64
import json
import logging
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotSent, PlatformError, RateLimited, Unauthorized
from bot.platforms.x.adapter import X
from bot.platforms.x.client import XClient
from bot.platforms.x.spending import Spending
from bot.posts import Mention
from tests.fakes.x import FakeX
from tests.integration.bot.platforms.x.account import ANN, KEYS, PIXEL, asked, platform, reply, say


@pytest.mark.parametrize(
    ("route", "act"),
    [
        ("GET /2/users/9000/mentions", lambda x: list(x.pages("1"))),
        ("GET /2/users/9000/tweets", lambda x: x.find("1")),
        ("GET /2/tweets/", lambda x: x.parent(Mention("x", "1", ANN, "", in_reply_to="5"))),
        ("DELETE /2/tweets/", lambda x: x.delete("5")),
    ],
)
@pytest.mark.parametrize("kind", [401, 402, 429, 500, "html", "list", "reset"])
def test_nothing_foreign_crosses_the_border(fake: FakeX, x: X, route: str, act: Any, kind: int | str) -> None:
    fake.faults.append({"route": route, "kind": kind})
    with pytest.raises(PlatformError):
        act(x)


def test_a_closed_window_is_not_knocked_at_and_the_others_stay_open(fake: FakeX, x: X) -> None:
    fake.faults.append({"route": "GET /2/users/9000/mentions", "kind": 429, "reset_s": 600})
    for _ in range(3):
        with pytest.raises(RateLimited) as closed:
            list(x.pages("1"))
    assert closed.value.until > datetime.now(UTC) + timedelta(seconds=590)
    assert len(asked(fake, "GET /2/users/9000/mentions")) == 1
    assert x.post(reply(say(fake)))


@pytest.mark.parametrize("jump", [timedelta(0), timedelta(hours=-1)])
def test_a_window_opens_again_also_when_the_clock_was_set_back(fake: FakeX, jump: timedelta) -> None:
    now, steady = [datetime.now(UTC)], [1000.0]
    x = X(XClient(KEYS, fake.address, now=lambda: now[0], steady=lambda: steady[0]), Spending(1))
    fake.faults.append({"route": "GET /2/users/9000/mentions", "kind": 429, "reset_s": 600})
    with pytest.raises(RateLimited):
        x.newest()
    now[0] += jump
    with pytest.raises(RateLimited) as closed:
        x.newest()
    steady[0] += (closed.value.until - now[0]).total_seconds()
    assert steady[0] < 1700
    assert x.newest() == "1"


def test_requests_without_a_users_signature_are_refused_by_the_fake(fake: FakeX) -> None:
    with pytest.raises(Unauthorized):
        list(platform(fake, keys=replace(KEYS, access_token="revoked-1")).pages("1"))
    bare = urllib.request.Request(f"{fake.address}/2/users/9000/mentions")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(bare)
    refused.value.close()
    assert refused.value.code == 401


def test_nobody_there_means_not_sent() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        x = X(XClient(KEYS, f"http://127.0.0.1:{reserved.getsockname()[1]}"), Spending(1))
        with pytest.raises(NotSent):
            x.newest()
        with pytest.raises(NotSent):
            x.post(reply("5", paintings=0))


def test_no_secret_is_ever_logged(fake: FakeX, x: X, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        x.post(reply(say(fake)))
    assert logging.getLogger("tweepy").level == logging.INFO
    assert not any(secret in caplog.text + repr(KEYS) for secret in ("consumer-secret", "access-secret", "9000-token"))


def test_the_fake_runs_as_a_process_and_writes_what_it_saw(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "x.jsonl"
    command = [sys.executable, "-m", "tests.fakes.x", "--port", str(port), "--log", str(log)]
    with subprocess.Popen(command) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wish = {"text": "@stylesmith", "media": [{"data": base64.b64encode(PIXEL).decode()}]}
            to = _told(f"{address}/_control/mention", wish)["id"]
            posted = X(XClient(KEYS, address), Spending(1)).post(reply(to))
        finally:
            process.terminate()
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(e["id"], e["to"]) for e in events if e["event"] == "post"] == [(posted, to)]


def _told(url: str, body: Any) -> Any:
    """Tells the fake something, as soon as it listens."""
    request = urllib.request.Request(url, json.dumps(body).encode(), method="POST")
    for _ in range(200):
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError("the fake X did not come up")
