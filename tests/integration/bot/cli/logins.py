"""Logging in to a sandbox, as a browser would."""

import httpx

from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.setup import Registration
from tests.sandboxes import Sandbox


def allow(page: str, name: str) -> str:
    """What the owner of the account does in a browser: the code."""
    form = dict(httpx.URL(page).params) | {"account": name}
    answer = httpx.post(page, data=form, trust_env=False).raise_for_status()
    return answer.text.split('id="code" value="')[1].split('"')[0]


def log_in(sandbox: Sandbox, name: str) -> MastodonClient:
    registration = Registration(sandbox.url)
    return MastodonClient(registration.url, registration.token(allow(registration.page(), name)))
