"""The OAuth 1.0a PIN flow: an address to open, a PIN to type, and keys that do not expire."""

from collections.abc import Callable

from tweepy.auth import OAuth1UserHandler
from tweepy.errors import TweepyException

from bot.errors import Unauthorized
from bot.platforms.x.http import API, Keys


def fetch_keys(consumer_key: str, consumer_secret: str, ask_pin: Callable[[str], str], address: str = "") -> Keys:
    """The account's keys. `ask_pin` is given the address to open and returns the PIN shown there.

    Raises bot.errors.Unauthorized when X accepts neither the app nor the PIN, or cannot be reached.
    """
    handler = _Handler(consumer_key, consumer_secret, address or API)
    try:
        pin = ask_pin(handler.get_authorization_url())  # type: ignore[no-untyped-call]  # tweepy has no types
        token, secret = handler.get_access_token(pin.strip())  # type: ignore[no-untyped-call]  # as above
    except TweepyException as error:
        raise Unauthorized("X did not accept the app's keys or the PIN") from error
    return Keys(consumer_key, consumer_secret, str(token), str(secret))


class _Handler(OAuth1UserHandler):
    """tweepy's handler, at an address that tests can choose."""

    def __init__(self, consumer_key: str, consumer_secret: str, address: str) -> None:
        super().__init__(consumer_key, consumer_secret, callback="oob")  # type: ignore[no-untyped-call]  # as above
        self._address = address

    def _get_oauth_url(self, endpoint: str) -> str:
        return f"{self._address}/oauth/{endpoint}"
