"""Sets up the bot's account on a Mastodon server: the app, the token, and how the account presents itself."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mastodon import Mastodon
from mastodon.errors import MastodonError

from bot.errors import PlatformError, Refused, Unauthorized, Unknown
from bot.platforms.mastodon.client import AGENT, TIMEOUT_S, MastodonClient, api_at
from bot.platforms.mastodon.errors import address_of, translate

SCOPES = (
    "read:notifications", "read:statuses", "read:accounts", "read:follows", "write:statuses", "write:media",
    "write:favourites", "write:accounts", "write:notifications",
)  # fmt: skip
"""Nothing wider; the last two only serve to set the account up."""
WIDE_SCOPES = ("read", "write")
"""Where a server knows no narrower ones, such as Takahe."""
POLICY = {
    "for_not_following": "accept", "for_not_followers": "accept", "for_new_accounts": "accept",
    "for_private_mentions": "accept", "for_limited_accounts": "filter",
}  # fmt: skip
"""Without it, the server hides mentions from strangers and direct ones (mastodon/mastodon#33666). Accounts that a
moderator limited stay hidden."""
NOTE = (
    "I am a bot. Mention me with a photo and a painting, and I paint the photo in the painting's style. "
    'Say "help" to hear more, "delete" under a picture to have it removed.'
)


class Registration:
    """An app on a server, waiting for the code that the account's owner brings. Raises PlatformError."""

    def __init__(self, url: str, scopes: Sequence[str] = SCOPES) -> None:
        self._scopes = list(scopes)
        self.url = address_of(url)
        self._http = self.url.startswith("http://")
        with _translated():
            identifier, secret = Mastodon.create_app(
                "Stylesmith", scopes=self._scopes, api_base_url=self.url, request_timeout=TIMEOUT_S, user_agent=AGENT
            )
            self._api = api_at(self.url, TIMEOUT_S, client_id=identifier, client_secret=secret)

    def page(self) -> str:
        """Address of the page that shows the code."""
        with _translated():
            page = urlsplit(self._api.auth_request_url(scopes=self._scopes, allow_http=self._http))
        # Mastodon.py writes what is not given as None.
        given = [(name, value) for name, value in parse_qsl(page.query) if value != "None"]
        return urlunsplit(page._replace(query=urlencode(given)))

    def token(self, code: str) -> str:
        with _translated():
            return str(self._api.log_in(code=code.strip(), scopes=self._scopes, allow_http=self._http))


@dataclass(frozen=True, slots=True)
class Introduced:
    """How the account presents itself now, as the server says it afterwards."""

    handle: str
    bot: bool
    """False where the server knows no such mark (Takahe)."""
    note_written: bool
    """False where the account had a bio of its own, which stays."""
    policy: bool
    """False where the server has no such policy (before Mastodon 4.3, and other makes)."""


def introduce(client: MastodonClient) -> Introduced:
    """Mark the account as a bot that posts unlisted, give it a bio if it has none, and let mentions through."""
    blank = not _bio(verified(client))
    with client.call("api") as api:
        api.account_update_credentials(bot=True, note=NOTE if blank else None, default_privacy="unlisted")
    try:
        with client.call("api") as api:
            policy = bool(api.update_notifications_policy(**POLICY))
    except PlatformError:
        policy = False
    account = verified(client)
    return Introduced(str(account["acct"]), bool(account.get("bot")), blank and bool(_bio(account)), policy)


def verified(client: MastodonClient) -> Mapping[str, Any]:
    """The account as the server shows it to itself. Raises PlatformError; Unknown for anything that is no account."""
    account = client.read("api", "/api/v1/accounts/verify_credentials")
    if not isinstance(account, Mapping) or account.get("id") is None or account.get("acct") is None:
        raise Unknown("no account")
    return account


def _bio(account: Mapping[str, Any]) -> str:
    return str((account.get("source") or {}).get("note") or account.get("note") or "").strip()


def suffices(client: MastodonClient) -> bool:
    """Whether the scopes of a token do. Raises PlatformError where it is refused for another reason."""
    try:
        verified(client)
    except (Unauthorized, Refused) as error:
        if "403" not in str(error):
            raise
        return False
    return True


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (MastodonError, KeyError, TypeError) as error:
        raise translate(error) from error
