"""The adapter as the bot's account on a fake X, what it reads there and what it answers."""

from typing import Any

from bot.platforms.x.adapter import X
from bot.platforms.x.client import XClient
from bot.platforms.x.http import Keys
from bot.platforms.x.spending import Spending
from bot.posts import Author, Mention, Painting, Reply
from tests.fakes.x import FakeX

ANN = Author("101", "", "x.com")


KEYS = Keys("consumer", "consumer-secret", "9000-token", "access-secret")


PIXEL = b"\x89PNG\r\n not looked at by X's fake"


def platform(fake: FakeX, budget_usd: float = 1.0, keys: Keys = KEYS, **options: Any) -> X:
    return X(XClient(keys, fake.address), Spending(budget_usd), **options)


def say(fake: FakeX, text: str = "@stylesmith", **wish: Any) -> str:
    return str(fake.world.write({"text": text, **wish}).id)


def reply(to: str, text: str = "Painted.", paintings: int = 1) -> Reply:
    painting = Painting(PIXEL, "image/png", "A cat. Painted in the style of “Stars”.")
    return Reply(to=to, handle="", text=text, key=f"reply-{to}", paintings=(painting,) * paintings)


def read(x: X, cursor: str = "1") -> list[Mention]:
    return [mention for page in x.pages(cursor) for mention in page.mentions]


def asked(fake: FakeX, route: str) -> list[dict[str, Any]]:
    return [one for one in fake.requests if one["event"] == "request" and one["route"].startswith(route)]
