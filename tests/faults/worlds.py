"""The two platforms as the harness sees them: a program at a port, a crowd that mentions us, a log that cannot lie."""

import base64
import io
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from PIL import Image

from bot.sandbox.serve import ACCESS, Access, read_access
from tests.faults.actors import Actor

PEOPLE = 20
HANDLE = "@stylesmith"


@dataclass(frozen=True)
class Weather:
    """How the platform misbehaves; chances a request."""

    seed: int = 0
    before: float = 0.0
    """A post fails before it is done."""
    after: float = 0.0
    """A post is done and the answer is lost: reset, 5xx or a page of HTML."""
    reads: float = 0.0
    lag_s: float = 0.0
    """A post of ours is listed only after this."""
    answer_s: float = 0.0
    """Seconds between a post being done and its answer: time to die in."""
    failing: int = 0
    """So many posts are not done and answered with 503, so that nobody can know."""


@dataclass
class Seen:
    """What the platform saw: the oracle's only evidence."""

    mentions: list[str] = field(default_factory=list)
    replies: "Counter[str]" = field(default_factory=Counter)
    paintings: "Counter[str]" = field(default_factory=Counter)
    """Replies with a picture."""

    @property
    def lost(self) -> list[str]:
        return [name for name in self.mentions if not self.replies[name]]

    @property
    def doubled(self) -> list[str]:
        return [name for name in self.mentions if self.replies[name] > 1]


class World(Protocol):
    """A platform."""

    name: str
    actor: Actor

    def open(self) -> None: ...
    def settings(self) -> dict[str, str]: ...
    def weather(self, weather: Weather) -> None: ...
    def mention(self, count: int, words: str = "") -> None: ...
    def seen(self) -> Seen: ...


def pictures(seed: int) -> list[bytes]:
    """A photo and a painting, small and different each time."""
    dice = random.Random(seed)
    return [_png(Image.new("RGB", (64, 48), tuple(dice.randbytes(3)))) for _ in range(2)]


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


class Mastodon:
    """The sandbox, with its fault layer."""

    name = "mastodon"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "sandbox"
        self._folder.mkdir()
        command = [sys.executable, "-m", "bot.sandbox", str(self._folder), "0", "--faults"]
        self.actor = Actor("sandbox", command, {}, folder / "sandbox.log")
        self._sent = 0
        self._tokens: list[str] = []

    def open(self) -> None:
        self.actor.start()
        until((self._folder / ACCESS).exists)
        self._access: Access = read_access(self._folder)
        self._http = httpx.Client(base_url=self._access.url, timeout=30)
        until(self._answers)
        for number in range(PEOPLE):
            answer = self._admin("POST", "/sandbox/people", json={"acct": f"person{number}"})
            self._tokens.append(str(answer["token"]))

    def _answers(self) -> bool:
        try:
            return self._http.get("/api/v2/instance").status_code == 200
        except httpx.HTTPError:
            return False

    def settings(self) -> dict[str, str]:
        return {
            "STYLESMITH_MASTODON_URL": self._access.url,
            "STYLESMITH_MASTODON_TOKEN": self._access.bot_token,
            "STYLESMITH_MASTODON_POLL_S": "0.5",
        }

    def weather(self, weather: Weather) -> None:
        posts = "/api/v1/statuses"
        rules: list[dict[str, Any]] = [{"do": "error_before", "path": posts, "times": weather.failing}]
        for do, chance in (
            ("error_before", weather.before / 2),
            ("reset_before", weather.before / 2),
            ("reset_after", weather.after / 3),
            ("error_after", weather.after / 3),
            ("html", weather.after / 3),
        ):
            rules.append({"do": do, "chance": chance, "path": posts})
        if weather.answer_s:
            rules.append({"do": "slow", "path": posts, "delay_s": weather.answer_s})
        rules.append({"do": "error_before", "method": "GET", "path": "/", "chance": weather.reads})
        plan = {"seed": weather.seed, "rules": rules, "listed_after_s": weather.lag_s, "ignore_keys": True}
        self._admin("PUT", "/sandbox/faults", json=plan)

    def mention(self, count: int, words: str = "") -> None:
        """The crowd meets the same weather; who is told of a failure gives up, so the log says what was mentioned."""
        for _ in range(count):
            self._sent += 1
            token = {"Authorization": f"Bearer {self._tokens[self._sent % PEOPLE]}"}
            try:
                media = [
                    self._http.post("/api/v2/media", files={"file": ("p.png", data, "image/png")}, headers=token)
                    for data in pictures(self._sent)
                ]
                wish = {"status": f"{HANDLE} {words}", "media_ids": [answer.json()["id"] for answer in media]}
                self._http.post("/api/v1/statuses", json=wish, headers=token)
            except (httpx.HTTPError, ValueError, KeyError):
                continue

    def seen(self) -> Seen:
        seen = Seen()
        ours = ""
        for event in self._admin("GET", "/sandbox/log"):
            if event["what"] != "post":
                continue
            if not event["parent"] and event["text"].startswith(HANDLE):
                seen.mentions.append(event["post"])
            elif event["parent"]:
                ours = event["parent"]
                seen.replies[ours] += 1
                seen.paintings[ours] += bool(event["media"])
        return seen

    def _admin(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._access.admin_token}"}
        return self._http.request(method, path, headers=headers, **more).raise_for_status().json()


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

    def mention(self, count: int, words: str = "") -> None:
        for _ in range(count):
            self._sent += 1
            media = [{"data": base64.b64encode(data).decode()} for data in pictures(self._sent)]
            wish = {"text": f"{HANDLE} {words}".strip(), "author": str(100 + self._sent % PEOPLE), "media": media}
            self._mentions.append(self._http.post("/_control/mention", json=wish).raise_for_status().json()["id"])

    def seen(self) -> Seen:
        seen = Seen(mentions=list(self._mentions))
        for post in self._http.get("/_control/posts").json()["posts"]:
            name = str(post["in_reply_to"])
            seen.replies[name] += 1
            seen.paintings[name] += bool(post["media"])
        return seen


WORLDS: dict[str, type[Mastodon] | type[X]] = {"mastodon": Mastodon, "x": X}


def until(true: Callable[[], object], limit_s: float = 30) -> None:
    end_s = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > end_s:
            raise TimeoutError("it did not start")
        time.sleep(0.05)
