"""Errors of Mastodon.py as ours: certainly not done, or Unknown."""

import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import mastodon.errors as theirs
import requests
import urllib3.exceptions as wire

from bot.errors import Intercepted, NotSent, NotTaken, PlatformError, RateLimited, Refused, Unauthorized, Unknown

_NEVER_LEFT = (wire.NewConnectionError, wire.NameResolutionError, wire.ConnectTimeoutError, wire.LocationParseError)
_ABOUT_TOKEN = ("token", "scope", "login", "pending approval", "e-mail address", "unauthorized")
"""Words of a 400 or 403 that concern the account and not one post (GoToSocial answers a bad token with 400)."""
_NOT_READY = "processing"
_BY_STATUS = {401: theirs.MastodonUnauthorizedError, 429: theirs.MastodonRatelimitError}


def translate(
    error: BaseException, until: datetime | None = None, said: str = "", *, spoke: bool = True
) -> PlatformError:
    """The error of this package that means the same.

    `until` is set when the answer really was a 429; `said` is the beginning of its body, and `spoke` says whether that
    was the API's: a proxy's page says nothing about the post.

    Whatever else goes wrong while an answer is read (a strange shape) is Unknown: the request may have been done.
    """
    if isinstance(error, PlatformError):
        return error
    if isinstance(error, theirs.MastodonRatelimitError) and until:
        return RateLimited(until)
    if type(error) is theirs.MastodonAPIError:
        return _refusal(error, said, spoke=spoke)
    if isinstance(error, theirs.MastodonAPIError) and not spoke and _status(error) in (404, 405, 410):
        return Intercepted(_status(error))
    for kind, meaning in MEANINGS.items():
        if isinstance(error, kind):
            return meaning(error)
    return Unknown(type(error).__name__)


def refusal(status: int, reason: str) -> Exception:
    """What Mastodon.py raises for such an answer, for requests that do not go through it."""
    kind = theirs.MastodonServerError if status >= 500 else _BY_STATUS.get(status, theirs.MastodonAPIError)
    return kind("answered", status, reason, None)


def unready(error: PlatformError) -> bool:
    """Whether a refusal only means that a file is still being processed."""
    return isinstance(error, Refused) and error.status == 422 and _NOT_READY in str(error).lower()


def _status(error: BaseException) -> int:
    """HTTP status of an API error; 0 when the answer was no JSON (a page of HTML with 200)."""
    found = error.args[1] if len(error.args) > 1 else 0
    return found if isinstance(found, int) else 0


def _refusal(error: theirs.MastodonAPIError, said: str = "", *, spoke: bool = True) -> PlatformError:
    status = _status(error)
    if not spoke and 400 <= status < 500 and status != 408:
        return Intercepted(status)
    message = str(error.args[3] or said) if len(error.args) > 3 else said
    if status in (400, 403) and any(word in message.lower() for word in _ABOUT_TOKEN):
        return Unauthorized(f"{status}")
    if 400 <= status < 500 and status != 408:
        return Refused(status, message[:200])
    return Unknown(f"{status or 'unreadable answer'} from the server")


def _unreached(cause: BaseException | None) -> PlatformError:
    """Errors of our own pass through."""
    if isinstance(cause, PlatformError):
        return cause
    if isinstance(cause, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return NotSent("the address is no address")
    for inner in _chain(cause):
        if isinstance(inner, (*_NEVER_LEFT, ssl.SSLCertVerificationError)):
            return NotSent(type(inner).__name__)
    return Unknown(type(cause).__name__ if cause else "network")


def _chain(error: BaseException | None) -> list[BaseException]:
    """An error, its causes, and what urllib3 wraps into arguments and `reason`, each once."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or any(one is known for known in found):
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None)]
        waiting += [argument for argument in one.args if isinstance(argument, BaseException)]
    return found


MEANINGS: dict[type[Exception], Callable[[Any], PlatformError]] = {
    theirs.MastodonUnauthorizedError: lambda error: Unauthorized("401"),
    theirs.MastodonServerError: lambda error: Unknown(f"{_status(error)} from the server"),
    theirs.MastodonAPIError: _refusal,
    theirs.MastodonNetworkError: lambda error: _unreached(error.__context__),  # where Mastodon.py keeps the cause
    theirs.MastodonIOError: lambda error: NotTaken(type(error).__name__),
    theirs.MastodonIllegalArgumentError: lambda error: Refused(0, type(error).__name__),
    theirs.MastodonVersionError: lambda error: Refused(0, type(error).__name__),
    # Also raised after a success, when X-RateLimit-Reset is unreadable; a real 429 comes with its `until`.
    theirs.MastodonRatelimitError: lambda error: Unknown("an unreadable rate limit"),
    theirs.MastodonMalformedEventError: lambda error: Unknown("a malformed event"),
    requests.exceptions.RequestException: _unreached,
}
"""Every error of Mastodon.py, and of the requests beside it, by the first of its classes listed here."""


def host_of(url: str) -> str:
    """The host of an address, with its port when it is not the usual one."""
    return urlsplit(url if "://" in url else f"https://{url}").netloc.rpartition("@")[2].lower()
