"""Two networks, one language: a stage is a running server with people on it, for tests that hold on both."""

import base64
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Protocol

from mastodon import Mastodon

from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.platforms.x.adapter import X
from bot.platforms.x.client import XClient
from bot.platforms.x.deletions import Deletions
from bot.platforms.x.http import Keys
from bot.platforms.x.spending import Spending
from bot.ports import Platform
from tests.fakes.mastodon.faults import Fault, Rule
from tests.fakes.x import FakeX
from tests.sandboxes import Sandbox

X_KEYS = Keys("consumer", "consumer-secret", "9000-token", "access-secret")


@dataclass(frozen=True)
class Said:
    """One of our posts as the network keeps it."""

    id: str
    to: str
    text: str
    descriptions: tuple[str, ...]


@dataclass(frozen=True)
class Shot:
    """A picture that a person attaches."""

    data: bytes
    alt: str = ""


class Stage(Protocol):
    """What a test does as a person, and what it sees of us."""

    name: str
    platform: Platform

    def say(
        self,
        text: str = "",
        shots: Sequence[Shot] = (),
        *,
        by: str = "ann",
        to: str = "",
        call: bool = True,
        **more: Any,
    ) -> str:
        """Post, mentioning the bot unless `call` is False; the post's id. `more`: lang, and bio for a new person."""

    def remove(self, by: str, post_id: str) -> None: ...

    def shut_out(self, by: str) -> None:
        """This person no longer lets the bot see or answer them."""

    def ours(self) -> list[Said]:
        """The newest posts of ours that stand, oldest first."""

    def fail(self, what: str, how: str) -> None:
        """The next `what` (poll, post, upload, delete) fails in one of these ways.

        `before`, `after`, `reset`, `reset_after`, `html`, `limit`, `limit_untold`, `unauthorized`, `forbidden`.
        """


class MastodonStage:
    """The sandbox, spoken to by Mastodon.py."""

    name = "mastodon"
    _ROUTES: ClassVar = {
        "poll": ("GET", "/api/v1/notifications"),
        "post": ("POST", "/api/v1/statuses"),
        "upload": ("POST", "/api/v2/media"),
        "delete": ("DELETE", "/api/v1/statuses"),
    }
    _HOW: ClassVar[dict[str, dict[str, Any]]] = {
        "before": {"do": Fault.ERROR_BEFORE, "status": 503},
        "after": {"do": Fault.ERROR_AFTER, "status": 500},
        "reset": {"do": Fault.RESET_BEFORE},
        "reset_after": {"do": Fault.RESET_AFTER},
        "html": {"do": Fault.HTML},
        "limit": {"do": Fault.RATE_LIMIT, "reset_s": 600},
        "limit_untold": {"do": Fault.RATE_LIMIT},
        "unauthorized": {"do": Fault.REFUSE, "status": 401},
        "forbidden": {"do": Fault.REFUSE, "status": 403},
    }

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._people: dict[str, Mastodon] = {}
        self._run = f"{time.monotonic_ns():x}"[-8:]
        sandbox.misbehave()
        self.bot = sandbox.client(sandbox.access.bot_token)
        self._me = self.bot.me().id
        self.platform: Platform = MastodonPlatform(sandbox.url, sandbox.access.bot_token, overlap=4)

    def say(
        self,
        text: str = "",
        shots: Sequence[Shot] = (),
        *,
        by: str = "ann",
        to: str = "",
        call: bool = True,
        **more: Any,
    ) -> str:
        api = self.person(by, more.pop("bio", ""))
        media = [api.media_post(s.data, mime_type="image/png", description=s.alt or None) for s in shots]
        words = f"@stylesmith {text}" if call else text
        post = api.status_post(
            words, in_reply_to_id=to or None, media_ids=media, language=more.pop("lang", "en"), **more
        )
        return str(post.id)

    def remove(self, by: str, post_id: str) -> None:
        self.person(by, "").status_delete(post_id)

    def shut_out(self, by: str) -> None:
        self.person(by, "").account_block(self._me)

    def ours(self) -> list[Said]:
        posts = reversed(self._sandbox.posts(str(self._me), limit=8))
        return [
            Said(
                id=post["id"],
                to=str(post["in_reply_to_id"]),
                text=post["content"],
                descriptions=tuple(media["description"] for media in post["media_attachments"]),
            )
            for post in posts
        ]

    def fail(self, what: str, how: str) -> None:
        method, path = self._ROUTES[what]
        # A reading whose connection breaks is tried once more before it fails.
        times = 2 if (method, how) == ("GET", "reset") else 1
        self._sandbox.misbehave(Rule(method=method, path=path, times=times, **self._HOW[how]))

    def person(self, name: str, bio: str) -> Mastodon:
        if name not in self._people:
            self._people[name] = self._sandbox.person(f"{name}{self._run}", note=bio)
        return self._people[name]


class XStage:
    """The fake X, told what happens by its own hands."""

    name = "x"
    _ROUTES: ClassVar = {
        "poll": "GET /2/users/9000/mentions",
        "post": "POST /2/tweets",
        "upload": "POST /2/media/upload",
        "delete": "DELETE /2/tweets",
    }
    _HOW: ClassVar[dict[str, dict[str, Any]]] = {
        "before": {"kind": 503},
        "after": {"kind": "after500"},
        "reset": {"kind": "reset"},
        "reset_after": {"kind": "after"},
        "html": {"kind": "html"},
        "limit": {"kind": 429, "reset_s": 600},
        "limit_untold": {"kind": 429},
        "unauthorized": {"kind": 401},
        "forbidden": {"kind": 403, "detail": "You are not permitted to perform this action."},
    }

    def __init__(self, fake: FakeX) -> None:
        self.fake = fake
        self._people: dict[str, str] = {}
        client, spending = XClient(X_KEYS, fake.address), Spending(100)
        self.platform: Platform = X(client, spending, Deletions(client, spending, every=timedelta(0)))

    def say(
        self,
        text: str = "",
        shots: Sequence[Shot] = (),
        *,
        by: str = "ann",
        to: str = "",
        call: bool = True,
        **more: Any,
    ) -> str:
        author = self._people.setdefault(by, str(101 + len(self._people)))
        media = [{"data": base64.b64encode(s.data).decode(), "alt_text": s.alt} for s in shots]
        words = f"@stylesmith {text}" if call else text
        wish = {"text": words, "author": author, "media": media, "in_reply_to": to, "lang": more.get("lang", "en")}
        return str(self.fake.world.write(wish | {"user": {"description": more.get("bio", "")}}).id)

    def remove(self, by: str, post_id: str) -> None:
        self.fake.world.post(int(post_id)).deleted = True

    def shut_out(self, by: str) -> None:
        self.fake.world.unanswerable.add(self._people[by])

    def ours(self) -> list[Said]:
        world = self.fake.world
        return [
            Said(str(p.id), str(p.in_reply_to), p.text, tuple(world.media[key].alt_text for key in p.media))
            for p in reversed(world.own_posts())
        ]

    def fail(self, what: str, how: str) -> None:
        self.fake.faults.append({"route": self._ROUTES[what], **self._HOW[how]})
