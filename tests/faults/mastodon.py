"""Mastodon as the harness sees it: the sandbox in a process of its own, a crowd, a log that cannot lie."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox.serve import ACCESS, Access, read_access
from tests.faults.actors import Actor
from tests.faults.evidence import HANDLE, PEOPLE, Said, Seen, Weather, pictures, until


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
        self._said: list[Said] = []
        self._read = 0
        self._hosts: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        """Account of each token."""

    def open(self) -> None:
        self.actor.start()
        until((self._folder / ACCESS).exists)
        self._access: Access = read_access(self._folder)
        self._http = httpx.Client(base_url=self._access.url, timeout=30)
        until(self._answers)
        for number in range(PEOPLE):
            self._tokens.append(self.person(f"person{number}"))

    def person(self, acct: str) -> str:
        """A new account's token."""
        answer = self._admin("POST", "/sandbox/people", json={"acct": acct})
        token = str(answer["token"])
        self.ids[token] = str(answer["id"])
        self._hosts[self.ids[token]] = acct.partition("@")[2]
        return token

    def host(self, account: str) -> str:
        """Where somebody lives."""
        return self._hosts[account]

    def upload(self, token: str, data: bytes) -> str:
        """A picture's id. Raises httpx.HTTPError, ValueError, KeyError."""
        answer = self._http.post("/api/v2/media", files={"file": ("p.png", data, "image/png")}, headers=_bearer(token))
        return str(answer.json()["id"])

    def say(self, token: str, words: str, media: Sequence[str]) -> None:
        """A mention of the bot."""
        wish = {"status": f"{HANDLE} {words}", "media_ids": list(media)}
        self._http.post("/api/v1/statuses", json=wish, headers=_bearer(token))

    def close(self) -> None:
        """End its process, and hang up."""
        self.actor.kill()
        self._http.close()

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

    def mention(self, count: int, words: str = "", shown: Callable[[int], list[bytes]] = pictures) -> None:
        """The crowd meets the same weather; who is told of a failure gives up, so the log says what was mentioned."""
        for _ in range(count):
            self._sent += 1
            token = self._tokens[self._sent % PEOPLE]
            try:
                self.say(token, words, [self.upload(token, data) for data in shown(self._sent)])
            except (httpx.HTTPError, ValueError, KeyError):
                continue

    def seen(self) -> Seen:
        seen = Seen()
        for said in self.said():
            if said.parent:
                seen.replies[said.parent] += 1
                seen.paintings[said.parent] += bool(said.media)
            elif said.text.startswith(HANDLE):
                seen.mentions.append(said.id)
        return seen

    def said(self) -> list[Said]:
        """Every post there was; what was read before is not read again."""
        for event in self._admin("GET", "/sandbox/log", params={"after": self._read}):
            self._read = event["seq"]
            if event["what"] == "post":
                names = ("post", "account", "parent", "media", "at", "text")
                self._said.append(Said(*(event[name] for name in names)))
        return list(self._said)

    def _admin(self, method: str, path: str, **more: Any) -> Any:
        return (
            self._http.request(method, path, headers=_bearer(self._access.admin_token), **more)
            .raise_for_status()
            .json()
        )


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
