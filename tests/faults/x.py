"""X as the harness sees it: the fake in a process of its own, a crowd, what it took."""

import base64
import itertools
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from bot.posts import Visibility
from tests.faults.observations import HANDLE, PEOPLE, FaultRates, Seen, pictures, until
from tests.faults.oracle import Ours
from tests.faults.processes import ManagedProcess


class X:
    """The fake of X: no idempotency key, one reply a mention, duplicates of text refused."""

    name = "x"

    def __init__(self, folder: Path) -> None:
        self._port = 20_000 + os.getpid() % 20_000
        self.log = folder / "x.jsonl"
        command = [sys.executable, "-m", "tests.fakes.x", "--port", str(self._port), "--log", str(self.log)]
        self.actor = ManagedProcess("x", command, {}, folder / "x.log")
        self._sent = 0
        self._mentions: list[str] = []
        self._keys = itertools.count()
        self._authors: dict[str, str] = {}
        self._first: dict[str, str] = {}
        """Of the newest version of a post that was edited, the id of its first."""
        self._newest: dict[str, str] = {}

    def open(self) -> None:
        self.actor.start()
        # A connection that is kept may be closed by the other side just when the next request is sent on it.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.Client(base_url=self.address, timeout=30, limits=limits)
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

    def misbehave(self, rates: FaultRates) -> None:
        self._control("weather", asdict(rates))
        if rates.failing:
            wish = {"route": "POST /2/tweets", "kind": 503, "times": rates.failing}
            self._control("faults", wish)

    def mention(self, count: int, words: str = "", shown: Callable[[int], list[bytes]] = pictures) -> None:
        for _ in range(count):
            self._sent += 1
            media = [{"data": base64.b64encode(data).decode()} for data in shown(self._sent)]
            wish = {"text": f"{HANDLE} {words}".strip(), "author": str(100 + self._sent % PEOPLE), "media": media}
            self._mentions.append(self._written(wish))

    # What single people do.

    @property
    def address(self) -> str:
        """Where the bot finds it."""
        return f"http://127.0.0.1:{self._port}"

    def at(self, address: str) -> dict[str, str]:
        """Settings of a bot that finds it at another address, as behind a proxy."""
        return self.settings() | {"STYLESMITH_X_URL": address}

    def handle(self, who: str) -> str:
        """As an operator names a person: names cost money to read, ids do not."""
        return self._authors.setdefault(who, str(5000 + len(self._authors)))

    def write(
        self,
        who: str,
        words: str,
        shown: Sequence[bytes] = (),
        *,
        to: str = "",
        quoting: str = "",
        seen_by: Visibility = Visibility.PUBLIC,
        alt: str = "",
    ) -> str:
        """A post of somebody's; its id. One that not all may see is a protected account's: all of its posts are."""
        media = [{"data": base64.b64encode(data).decode(), "alt_text": alt} for data in shown]
        about = {"protected": seen_by > Visibility.UNLISTED}
        wish = {"text": words, "author": self.handle(who), "media": media, "user": about}
        wish |= {"in_reply_to": to} if to else {}
        wish |= {"quoted": quoting} if quoting else {}
        return self._written(wish)

    def remove(self, who: str, post: str) -> None:
        self._control("remove", {"id": self._newest.get(post, post)})

    def reword(self, who: str, post: str, words: str) -> None:
        """Edits a post: a new version with a new id; its pictures stay."""
        newest = self._control("edit", {"id": self._newest.get(post, post), "text": words})["id"]
        self._newest[post], self._first[newest] = newest, post

    def follow(self, who: str, whom: str) -> None:
        """Nothing that a bot could see on X."""

    def ours(self) -> list[Ours]:
        """Every post of the bot's there ever was."""
        return [
            Ours(
                id=str(post["id"]),
                mention=self._first.get(str(post["in_reply_to"]), str(post["in_reply_to"])),
                media=len(post["media"]),
                visibility=Visibility.PUBLIC,
                at=float(post["visible_at"]),
                text=post["text"],
                standing=not post["deleted"],
            )
            for post in self._control("posts")["posts"]
        ]

    def pictures_of(self, post: str) -> list[bytes]:
        """What a post of the bot's shows."""
        keys = self._control("post", {"id": post})["media"]
        return [self._http.get(f"/media/{key}.png").content for key in keys]

    def spoil(self, post: str) -> None:
        """The pictures of this post are never served."""
        self._control("spoil", {"id": post})

    def shows(self, post: str) -> bool:
        """Everything on X is for everybody."""
        return True

    def late(self, lag_s: float) -> None:
        """From now on a new post is listed only after so many seconds."""
        self._control("weather", {"lag_s": lag_s})

    def _written(self, wish: dict[str, Any]) -> str:
        return str(self._control("mention", wish | {"key": next(self._keys)})["id"])

    def _control(self, action: str, wish: dict[str, Any] | None = None) -> Any:
        """Tried again where the connection broke: each of these may be said twice, a post by its key."""
        for pause_s in (0.1, 0.5, 2.0, 5.0):
            try:
                return self._http.post(f"/_control/{action}", json=wish or {}).raise_for_status().json()
            except httpx.TransportError:
                time.sleep(pause_s)
        return self._http.post(f"/_control/{action}", json=wish or {}).raise_for_status().json()

    def seen(self) -> Seen:
        seen = Seen(mentions=list(self._mentions))
        for post in self._control("posts")["posts"]:
            name = str(post["in_reply_to"])
            seen.replies[name] += 1
            seen.paintings[name] += bool(post["media"])
        return seen
