"""Mastodon as the harness sees it: the sandbox in a process of its own, a crowd, a log that cannot lie."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from bot.posts import Visibility
from bot.sandbox.serve import ACCESS, Access, read_access
from tests.faults.observations import HANDLE, PEOPLE, FaultRates, Said, Seen, pictures, until
from tests.faults.oracle import Ours
from tests.faults.processes import ManagedProcess

NAMES = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "private",
    Visibility.DIRECT: "direct",
}
VISIBILITIES = {name: visibility for visibility, name in NAMES.items()}


class Mastodon:
    """The sandbox, with its fault layer."""

    name = "mastodon"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "sandbox"
        self._folder.mkdir()
        command = [sys.executable, "-m", "tests.fakes.mastodon", str(self._folder), "0"]
        self.actor = ManagedProcess("sandbox", command, {}, folder / "sandbox.log")
        self._sent = 0
        self._tokens: list[str] = []
        self._said: list[Said] = []
        self._read = 0
        self._hosts: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._rules: list[dict[str, Any]] = []
        self._lag_s = 0.0
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
        self._people[acct] = token
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

    def misbehave(self, rates: FaultRates) -> None:
        posts = "/api/v1/statuses"
        rules: list[dict[str, Any]] = [{"do": "error_before", "path": posts, "times": rates.failing}]
        for do, chance in (
            ("error_before", rates.before / 2),
            ("reset_before", rates.before / 2),
            ("reset_after", rates.after / 3),
            ("error_after", rates.after / 3),
            ("html", rates.after / 3),
        ):
            rules.append({"do": do, "chance": chance, "path": posts})
        if rates.answer_s:
            rules.append({"do": "slow", "path": posts, "delay_s": rates.answer_s})
        rules.append({"do": "error_before", "method": "GET", "path": "/", "chance": rates.reads})
        plan = {"seed": rates.seed, "rules": rules, "listed_after_s": rates.lag_s, "ignore_keys": True}
        self._admin("PUT", "/sandbox/faults", json=plan)

    def mention(self, count: int, words: str = "", shown: Callable[[int], list[bytes]] = pictures) -> None:
        """The crowd meets the same faults; who is told of a failure gives up, so the log says what was mentioned."""
        for _ in range(count):
            self._sent += 1
            token = self._tokens[self._sent % PEOPLE]
            try:
                self.say(token, words, [self.upload(token, data) for data in shown(self._sent)])
            except (httpx.HTTPError, ValueError, KeyError):
                continue

    # What single people do; a scenario calls these without faults.

    @property
    def address(self) -> str:
        """Where the bot finds it."""
        return self._access.url

    def at(self, address: str) -> dict[str, str]:
        """Settings of a bot that finds it at another address, as behind a proxy."""
        return self.settings() | {"STYLESMITH_MASTODON_URL": address}

    def handle(self, who: str) -> str:
        """As an operator names a person."""
        self._token(who)
        return who

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
        """A post of somebody's, who is made where there was none of that name; its id."""
        token = self._token(who)
        media = [self.upload(token, data) for data in shown]
        for one in media if alt else ():
            self._http.put(f"/api/v1/media/{one}", json={"description": alt}, headers=_bearer(token))
        wish = {"status": words, "media_ids": media, "visibility": NAMES[seen_by]}
        wish |= {"in_reply_to_id": to} if to else {}
        wish |= {"quoted_status_id": quoting} if quoting else {}
        return str(self._as(who, "POST", "/api/v1/statuses", json=wish)["id"])

    def spoil(self, post: str) -> None:
        """The pictures of this post are never served."""
        status = self._request("GET", f"/api/v1/statuses/{post}", self._access.bot_token).json()
        for media in status["media_attachments"]:
            path = str(media["url"]).removeprefix(self._access.url)
            self._rules.append({"do": "error_before", "method": "GET", "path": path})
        self._plan()

    def remove(self, who: str, post: str) -> None:
        self._as(who, "DELETE", f"/api/v1/statuses/{post}")

    def reword(self, who: str, post: str, words: str) -> None:
        """Edits a post; its pictures stay."""
        media = [one["id"] for one in self._as(who, "GET", f"/api/v1/statuses/{post}")["media_attachments"]]
        self._as(who, "PUT", f"/api/v1/statuses/{post}", json={"status": words, "media_ids": media})

    def follow(self, who: str, whom: str) -> None:
        self._token(whom)
        self._as(who, "POST", f"/api/v1/accounts/{self.ids[self._token(whom)]}/follow")

    def ours(self) -> list[Ours]:
        """Every post of the bot's there ever was."""
        bot = str(self._request("GET", "/api/v1/accounts/verify_credentials", self._access.bot_token).json()["id"])
        events = self._admin("GET", "/sandbox/log", params={"after": 0})
        deleted = {event["post"] for event in events if event["what"] == "delete"}
        return [
            Ours(
                id=event["post"],
                mention=event["parent"],
                media=event["media"],
                visibility=VISIBILITIES[event["visibility"]],
                at=event["at"],
                text=event["text"],
                note=event["key"].startswith("note-"),
                standing=event["post"] not in deleted,
            )
            for event in events
            if event["what"] == "post" and event["account"] == bot
        ]

    def pictures_of(self, post: str) -> list[bytes]:
        """What a post of the bot's shows."""
        status = self._request("GET", f"/api/v1/statuses/{post}", self._access.bot_token).json()
        return [self._http.get(one["url"]).content for one in status["media_attachments"]]

    def shows(self, post: str) -> bool:
        """Whether anybody may read it, without an account."""
        return self._http.get(f"/api/v1/statuses/{post}").status_code == 200

    def late(self, lag_s: float) -> None:
        """From now on a new post is listed only after so many seconds; keys are ignored, as on GoToSocial."""
        self._lag_s = lag_s
        self._plan()

    def _plan(self) -> None:
        plan = {"listed_after_s": self._lag_s, "ignore_keys": True, "rules": self._rules}
        self._admin("PUT", "/sandbox/faults", json=plan)

    def _token(self, who: str) -> str:
        return self._people.get(who) or self.person(who)

    def _as(self, who: str, method: str, path: str, **more: Any) -> Any:
        return self._request(method, path, self._token(who), **more).raise_for_status().json()

    def _request(self, method: str, path: str, token: str, **more: Any) -> httpx.Response:
        return self._http.request(method, path, headers=_bearer(token), **more)

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
        return self._http.request(method, path, **more).raise_for_status().json()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
