"""What the platforms are sent."""

import json
from contextlib import suppress
from urllib.parse import unquote

from oauthlib.oauth1.rfc5849 import Client as Signer

from bot.errors import PlatformError
from bot.posts import Painting, Reply
from bot.wiring import platforms_of
from tests.fakes.hostile_server import Listener as Server
from tests.fakes.hostile_server import Page, answer, in_turn
from tests.fakes.x import running as running_x
from tests.integration.bot.effects.assembled import image
from tests.integration.bot.effects.case import Case, Experiment


def asked(case: Case) -> list[str]:
    """Authorization headers of what a server of Mastodon at the test's own port is sent."""
    with Server() as here:
        there = f"http://127.0.0.1:{here.port}"
        url = case.settings.mastodon_url.replace("http://HERE", there) or "http://127.0.0.1:9"
        settings = case.settings.model_copy(update={"mastodon_url": url})
        with suppress(PlatformError):
            platforms_of(settings)[0]["mastodon"].newest()
        return sorted({header(request, "Authorization") for request in here.requests})


def json_page(body: bytes) -> Page:
    return answer(200, body, Content_Type="application/json", Connection="close")


def header(request: str, name: str) -> str:
    lines = (line.partition(": ") for line in request.split("\r\n"))
    return next((value for key, _, value in lines if key.lower() == name.lower()), "")


def reread(case: Case) -> str:
    """From which notification on Mastodon is read the next time, when 1100 was seen."""
    account = json.dumps({"id": "1", "acct": "bot", "username": "bot"}).encode()
    bodies = (b'[{"id": "1100", "type": "mention"}]', b"[]")
    pages = {
        "/api/v1/accounts/verify_credentials": answer(
            200, account, Content_Type="application/json", Connection="close"
        ),
        "/api/v1/notifications": in_turn(
            *(answer(200, body, Content_Type="application/json", Connection="close") for body in bodies)
        ),
    }
    with Server(pages) as here:
        settings = case.settings.model_copy(update={"mastodon_url": f"http://127.0.0.1:{here.port}"})
        platform = platforms_of(settings)[0]["mastodon"]
        for _ in range(3):
            with suppress(PlatformError):
                list(platform.pages("1000"))
        lines = [request.split(" ")[1] for request in here.requests if "/notifications" in request.split(" ")[1]]
    return lines[-1].partition("min_id=")[2].partition("&")[0]


def signed_by(keys: dict[str, str]) -> Experiment:
    """Whether a request to X is signed with these keys."""

    def told(case: Case) -> bool:
        with Server() as here:
            settings = case.settings.model_copy(update={"x_url": f"http://127.0.0.1:{here.port}"})
            with suppress(PlatformError):
                list(platforms_of(settings)[0]["x"].pages("5"))
            request = here.requests[0]
        return is_signed(request, keys)

    return told


def is_signed(request: str, keys: dict[str, str]) -> bool:
    method, path, _ = request.split("\r\n", maxsplit=1)[0].split(" ")
    given = dict(
        part.strip().split("=", 1) for part in header(request, "Authorization").removeprefix("OAuth ").split(",")
    )
    signer = Signer(  # type: ignore[no-untyped-call]  # oauthlib has no types
        keys["x_consumer_key"],
        keys["x_consumer_secret"],
        keys["x_access_token"],
        keys["x_access_secret"],
        nonce=given["oauth_nonce"].strip('"'),
        timestamp=given["oauth_timestamp"].strip('"'),
    )
    _, headers, _ = signer.sign(f"https://api.twitter.com{path}", method)  # type: ignore[no-untyped-call]  # the same
    return (
        unquote(given["oauth_signature"].strip('"'))
        == unquote(headers["Authorization"].partition('oauth_signature="')[2].partition('"')[0])
        and unquote(given["oauth_token"].strip('"')) == keys["x_access_token"]
    )


def x_asked(case: Case) -> int:
    """Requests that the test's own X is sent."""
    with running_x() as fake:
        settings = case.settings.model_copy(update={"x_url": case.settings.x_url.replace("http://HERE", fake.address)})
        with suppress(PlatformError):
            list(platforms_of(settings)[0]["x"].pages("5"))
        return len(fake.requests)


def x_label(case: Case) -> bool:
    """Whether a painting's post says that it was made with AI."""
    with running_x() as fake:
        settings = case.settings.model_copy(update={"x_url": fake.address})
        platform = platforms_of(settings)[0]["x"]
        said = str(fake.world.write({"text": "@stylesmith", "author": "101", "media": []}).id)
        platform.post(Reply(said, "", "Painted.", "k", (Painting(image(), "image/png", "a painting"),)))
        return fake.world.own_posts()[0].labelled


def x_spent(case: Case) -> bool:
    """Whether X is still read after a few mentions that cost money."""
    with running_x() as fake:
        settings = case.settings.model_copy(update={"x_url": fake.address})
        platform = platforms_of(settings)[0]["x"]
        for _ in range(5):
            fake.world.write({"text": "@stylesmith", "author": "101", "media": []})
        with suppress(PlatformError):
            list(platform.pages("5"))
        before = len(fake.requests)
        with suppress(PlatformError):
            list(platform.pages("5"))
        return len(fake.requests) > before
