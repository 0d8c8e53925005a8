"""Making an account ours on a Mastodon server: the app, the code, the token, and how the account presents itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mastodon import Mastodon
from mastodon.errors import MastodonError

from bot.errors import PlatformError
from bot.platforms.mastodon.client import AGENT, TIMEOUT_S, MastodonClient
from bot.platforms.mastodon.errors import ours

SCOPES = (
    "read:notifications", "read:statuses", "read:accounts", "read:follows", "write:statuses", "write:media",
    "write:favourites", "write:accounts", "write:notifications",
)  # fmt: skip
"""Nothing wider; the last two only serve to set the account up."""
POLICY = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "accept",
    "for_limited_accounts": "filter",
}
"""Without it, the server hides mentions from strangers and direct ones (mastodon/mastodon#33666). Accounts that a
moderator limited stay hidden."""
NOTE = (
    "I am a bot. Mention me with a photo and a painting, and I paint the photo in the painting's style. "
    'Say "help" to hear more, "delete" under a picture to have it removed.'
)


class Registration:
    """An app on a server, waiting for the code that the account's owner brings. Raises PlatformError."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") if "://" in url else f"https://{url.rstrip('/')}"
        self._http = self.url.startswith("http://")
        with _border():
            identifier, secret = Mastodon.create_app(
                "Stylesmith", scopes=list(SCOPES), api_base_url=self.url, request_timeout=TIMEOUT_S, user_agent=AGENT
            )
            self._api = Mastodon(
                client_id=identifier,
                client_secret=secret,
                api_base_url=self.url,
                request_timeout=TIMEOUT_S,
                ratelimit_method="throw",
                user_agent=AGENT,
                # Else logging in asks for the version, and recurses without end where there is none.
                mastodon_version="99.0.0",
                version_check_mode="created",
            )

    def page(self) -> str:
        """Address of the page that shows the code."""
        with _border():
            page = urlsplit(self._api.auth_request_url(scopes=list(SCOPES), allow_http=self._http))
        # Mastodon.py writes what is not given as None.
        given = [(name, value) for name, value in parse_qsl(page.query) if value != "None"]
        return urlunsplit(page._replace(query=urlencode(given)))

    def token(self, code: str) -> str:
        """The access token that the code is worth."""
        with _border():
            return str(self._api.log_in(code=code.strip(), scopes=list(SCOPES), allow_http=self._http))


@dataclass(frozen=True, slots=True)
class Introduced:
    """How the account presents itself now."""

    handle: str
    bot: bool
    note_written: bool
    """False where the account had a bio of its own, which stays."""
    policy: bool
    """False where the server has no such policy (before Mastodon 4.3, and other makes)."""


def introduce(client: MastodonClient) -> Introduced:
    """Mark the account as a bot that posts unlisted, give it a bio if it has none, and let mentions through."""
    with client.call("api") as api:
        before = api.account_verify_credentials()
    blank = not str((before.get("source") or {}).get("note") or "").strip()
    with client.call("api") as api:
        account = api.account_update_credentials(bot=True, note=NOTE if blank else None, default_privacy="unlisted")
    try:
        with client.call("api") as api:
            api.update_notifications_policy(**POLICY)
    except PlatformError:
        policy = False
    else:
        policy = True
    return Introduced(str(account["acct"]), bool(account.get("bot")), blank, policy)


@contextmanager
def _border() -> Iterator[None]:
    try:
        yield
    except (MastodonError, KeyError, TypeError) as error:
        raise ours(error) from error
