"""The adapter as the bot's account on a sandbox, what it reads there and what it answers."""

import json
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from bot.platforms.mastodon.adapter import MastodonPlatform
from bot.posts import Mention, Painting, Reply
from tests.sandboxes import Sandbox, picture


def platform(sandbox: Sandbox, **options: Any) -> MastodonPlatform:
    """The adapter as the bot's account; a wait is short."""
    return MastodonPlatform(sandbox.url, sandbox.access.bot_token, **{"sleep": lambda s: time.sleep(0.01)} | options)


def reply(mention: Mention, **changes: Any) -> Reply:
    values: dict[str, Any] = {
        "to": mention.id, "handle": mention.author.handle, "text": "Here you are.", "key": f"reply-{mention.id}",
        "paintings": (Painting(picture(), "image/png", "a red field"),),
    }  # fmt: skip
    return Reply(**values | changes)


def read(bot: MastodonPlatform, cursor: str) -> list[Mention]:
    return [mention for page in bot.pages(cursor) for mention in page.mentions]


def ask(sandbox: Sandbox, bot: MastodonPlatform, text: str = "@stylesmith please", **post: Any) -> Mention:
    """A mention by `you`, as the bot reads it."""
    cursor = bot.newest()
    sandbox.you.status_post(text, **post)
    return read(bot, cursor)[-1]


class Foreign(BaseHTTPRequestHandler):
    """A server of another make: answers GETs from a table."""

    answers: ClassVar[dict[str, object]] = {}
    pause_s: ClassVar[float] = 0.0

    def do_GET(self) -> None:
        body = json.dumps(self.answers.get(self.path.partition("?")[0].rstrip("/"))).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for index in range(len(body)):
            self.wfile.write(body[index : index + 1])
            time.sleep(self.pause_s)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
