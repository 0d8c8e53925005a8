"""Whether an account is fit to work: credentials, scopes, the bot flag, and whether mentions get through."""

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import PlatformError, Unauthorized
from bot.platforms.finding import Finding
from bot.platforms.mastodon.client import MastodonClient
from bot.platforms.mastodon.setup import POLICY, SCOPES, verified

_LOGIN = "run `stylesmith login mastodon`"
_SAYS_SO = re.compile(r"\b(?:ro)?bot\b|机器人", re.IGNORECASE)
_SETUP_ONLY = frozenset({"write:accounts", "write:notifications"})


def check(client: MastodonClient) -> list[Finding]:
    """Every finding in order; only the first when the account cannot be reached. Changes nothing."""
    try:
        account = verified(client)
    except Unauthorized:
        return [Finding("credentials", False, f"{client.url} does not accept the token; {_LOGIN}")]
    except PlatformError as error:
        return [Finding("credentials", False, f"{client.url} does not answer as a Mastodon server ({error})")]
    found = [Finding("credentials", True, f"@{account['acct']} on {client.url}")]
    return [*found, *_scopes(client), _bot_flag(account), *_policy(client)]


def _scopes(client: MastodonClient) -> list[Finding]:
    """Nothing where the server does not say (before Mastodon 4.3)."""
    try:
        with client.call("api") as api:
            said = api.app_verify_credentials().get("scopes")
    except PlatformError:
        return []
    if not said:
        return []
    granted = set(said)
    missing = [s for s in SCOPES if s not in _SETUP_ONLY and s not in granted and s.partition(":")[0] not in granted]
    if missing:
        return [Finding("scopes", False, f"the token lacks {' '.join(missing)}; {_LOGIN}")]
    return [Finding("scopes", True, "enough")]


def _bot_flag(account: Mapping[str, Any]) -> Finding:
    """A server without that mark (Takahe) leaves the bio to say so."""
    if account.get("bot"):
        return Finding("bot flag", True, "marked as a bot")
    if _SAYS_SO.search(str(account.get("note") or "")):
        return Finding("bot flag", True, "not marked as a bot, which some servers do not know; its bio says so")
    return Finding("bot flag", False, f"neither marked as a bot nor called one in its bio; {_LOGIN}")


def _policy(client: MastodonClient) -> list[Finding]:
    try:
        with client.call("api") as api:
            policy = api.notifications_policy()
    except PlatformError:
        return []
    hidden = [
        name for name, wanted in POLICY.items() if wanted == "accept" and policy.get(name) not in ("accept", None)
    ]
    if hidden:
        return [Finding("notifications", False, f"the server hides mentions ({', '.join(hidden)}); {_LOGIN}")]
    return [Finding("notifications", True, "every mention gets through")]
