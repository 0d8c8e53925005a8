"""X as the harness sees it: the fake in a process of its own, a crowd, what it took."""

import base64
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import httpx

from tests.faults.actors import Actor
from tests.faults.evidence import HANDLE, PEOPLE, Seen, Weather, pictures, until


class X:
    """The fake of X: no idempotency key, one reply a mention, duplicates of text refused."""

    name = "x"

    def __init__(self, folder: Path) -> None:
        self._port = 20_000 + os.getpid() % 20_000
        self.log = folder / "x.jsonl"
        command = [sys.executable, "-m", "tests.fakes.x", "--port", str(self._port), "--log", str(self.log)]
        self.actor = Actor("x", command, {}, folder / "x.log")
        self._sent = 0
        self._mentions: list[str] = []

    def open(self) -> None:
        self.actor.start()
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=30)
        until(self._answers)

    def close(self) -> None:
        """End its process, and hang up."""
        self.actor.kill()
        self._http.close()

    def _answers(self) -> bool:
        try:
            return self._http.get("/_control/posts").status_code == 200
        except httpx.HTTPError:
            return False

    def settings(self) -> dict[str, str]:
        return {
            "STYLESMITH_X_URL": f"http://127.0.0.1:{self._port}",
            "STYLESMITH_X_CONSUMER_KEY": "key",
            "STYLESMITH_X_CONSUMER_SECRET": "consumer-secret",
            "STYLESMITH_X_ACCESS_TOKEN": "9000-token",
            "STYLESMITH_X_ACCESS_SECRET": "access-secret",
            "STYLESMITH_X_POLL_S": "0.5",
            "STYLESMITH_X_DAILY_BUDGET_USD": "100000",
        }

    def weather(self, weather: Weather) -> None:
        self._http.post("/_control/weather", json=asdict(weather)).raise_for_status()
        if weather.failing:
            wish = {"route": "POST /2/tweets", "kind": 503, "times": weather.failing}
            self._http.post("/_control/faults", json=wish).raise_for_status()

    def mention(self, count: int, words: str = "", shown: Callable[[int], list[bytes]] = pictures) -> None:
        for _ in range(count):
            self._sent += 1
            media = [{"data": base64.b64encode(data).decode()} for data in shown(self._sent)]
            wish = {"text": f"{HANDLE} {words}".strip(), "author": str(100 + self._sent % PEOPLE), "media": media}
            self._mentions.append(self._http.post("/_control/mention", json=wish).raise_for_status().json()["id"])

    def seen(self) -> Seen:
        seen = Seen(mentions=list(self._mentions))
        for post in self._http.get("/_control/posts").json()["posts"]:
            name = str(post["in_reply_to"])
            seen.replies[name] += 1
            seen.paintings[name] += bool(post["media"])
        return seen
