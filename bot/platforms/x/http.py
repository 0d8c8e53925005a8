"""OAuth 1.0a with X: keys, how an owner grants them by a PIN, and tweepy's client that signs with them."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from tweepy.auth import OAuth1UserHandler
from tweepy.client import Client
from tweepy.errors import TweepyException

from bot.errors import Unauthorized

API: Final = "https://api.twitter.com"
"""Where tweepy 4.17 sends every request (client.py, `host`), and what OAuth 1.0a signs."""

TIMEOUTS_S: Final = (5.0, 30.0)
"""Connect and read. tweepy's Client sets none, and would wait for ever."""


@dataclass(frozen=True, slots=True)
class Keys:
    """OAuth 1.0a user context. They do not expire."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_secret: str

    def __repr__(self) -> str:
        return "Keys(…)"

    @property
    def user_id(self) -> str:
        """The account's own id, which its access token begins with."""
        return self.access_token.partition("-")[0]


def fetch_keys(consumer_key: str, consumer_secret: str, ask_pin: Callable[[str], str], address: str = "") -> Keys:
    """The account's keys. `ask_pin` is given the address to open and returns the PIN shown there.

    Raises bot.errors.Unauthorized when X accepts neither the app nor the PIN, or cannot be reached.
    """
    handler = _PinHandler(consumer_key, consumer_secret, address or API)
    try:
        pin = ask_pin(handler.get_authorization_url())  # type: ignore[no-untyped-call]  # tweepy has no types
        token, secret = handler.get_access_token(pin.strip())  # type: ignore[no-untyped-call]  # as above
    except TweepyException as error:
        raise Unauthorized("X did not accept the app's keys or the PIN") from error
    return Keys(consumer_key, consumer_secret, str(token), str(secret))


class _PinHandler(OAuth1UserHandler):
    """tweepy's handler, at an address that tests can choose."""

    def __init__(self, consumer_key: str, consumer_secret: str, address: str) -> None:
        super().__init__(consumer_key, consumer_secret, callback="oob")  # type: ignore[no-untyped-call]  # as above
        self._address = address

    def _get_oauth_url(self, endpoint: str) -> str:
        return f"{self._address}/oauth/{endpoint}"


class BoundedAdapter(HTTPAdapter):
    """Adds timeouts, sends to `address` what was signed for API, and keeps error bodies readable by tweepy."""

    def __init__(self, address: str = "") -> None:
        super().__init__()
        self._address = address.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if self._address and request.url and request.url.startswith(API):
            request.url = self._address + request.url.removeprefix(API)
        kwargs["timeout"] = TIMEOUTS_S
        return _with_an_object(super().send(request, *args, **kwargs))


def connect(keys: Keys, address: str = "") -> Client:
    """A client that returns plain dicts, which survive X's renaming of fields."""
    # At DEBUG tweepy logs headers with bearer tokens (client.py:78).
    logging.getLogger("tweepy").setLevel(logging.INFO)
    client = Client(  # type: ignore[no-untyped-call]  # tweepy has no types
        consumer_key=keys.consumer_key,
        consumer_secret=keys.consumer_secret,
        access_token=keys.access_token,
        access_token_secret=keys.access_secret,
        return_type=dict,
    )
    client.session.mount(API, BoundedAdapter(address))
    client.session.max_redirects = 0
    client.session.trust_env = False
    return client


def signed(keys: Keys) -> requests.auth.AuthBase:
    """Signs requests that tweepy has no method for."""
    secrets = (keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_secret)
    auth: requests.auth.AuthBase = OAuth1UserHandler(*secrets).apply_auth()  # type: ignore[no-untyped-call]  # as above
    return auth


def _with_an_object(response: requests.Response) -> requests.Response:
    """An error whose body is JSON but no object would crash tweepy's exceptions with AttributeError (errors.py:59)."""
    if response.status_code >= 400:
        try:
            readable = isinstance(json.loads(response.content), dict)
        except ValueError:
            readable = True  # tweepy copes with what is no JSON
        if not readable:
            response._content = b"{}"
    return response
