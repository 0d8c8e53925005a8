"""Errors of Mastodon.py as ours: certainly not done, or Unknown."""

import ssl
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import mastodon.errors as theirs
import requests
import urllib3.exceptions as wire

from bot.errors import Intercepted, NotSent, NotTaken, PlatformError, RateLimited, Refused, Unauthorized, Unknown

_NEVER_LEFT = (
    wire.NewConnectionError, wire.NameResolutionError, wire.ConnectTimeoutError, wire.LocationParseError,
    ssl.SSLCertVerificationError,
)  # fmt: skip
_ABOUT_TOKEN = ("token", "scope", "login", "pending approval", "e-mail address", "unauthorized")
"""Words of a 400 or 403 that concern the account and not one post (GoToSocial answers a bad token with 400)."""
_NOT_READY = "processing"


def translate(
    error: BaseException | None, until: datetime | None = None, said: str = "", *, spoke: bool = True
) -> PlatformError:
    """The error of this package that means the same, for every error of Mastodon.py and of the requests beside it.

    `until` is set when the answer really was a 429; `said` is the beginning of its body, and `spoke` says whether that
    was the API's: a proxy's page says nothing about the post.

    Whatever else goes wrong while an answer is read (a strange shape) is Unknown: the request may have been done.
    """
    match error:
        case PlatformError():
            return error
        # Also raised after a success, when X-RateLimit-Reset is unreadable: that is Unknown.
        case theirs.MastodonRatelimitError() | requests.HTTPError() if until:
            return RateLimited(until)
        case theirs.MastodonAPIError() | requests.HTTPError():
            return _answered(error, said, spoke=spoke)
        case theirs.MastodonNetworkError():
            return translate(error.__context__)  # where Mastodon.py keeps the cause
    return _unanswered(error)


def unready(error: PlatformError) -> bool:
    """Whether a refusal only means that a file is still being processed."""
    return isinstance(error, Refused) and error.status == 422 and _NOT_READY in str(error).lower()


def _answered(error: theirs.MastodonAPIError | requests.HTTPError, said: str, *, spoke: bool) -> PlatformError:
    """By the status, which is 0 when the answer was no JSON (a page of HTML with 200)."""
    status, message = _status(error), str(error.args[3] or said) if len(error.args) > 3 else said
    if status == 401:
        return Unauthorized("401")
    if not 400 <= status < 500 or status == 408:
        return Unknown(f"{status or 'unreadable answer'} from the server")
    if not spoke:
        return Intercepted(status)
    if status in (400, 403) and any(word in message.lower() for word in _ABOUT_TOKEN):
        return Unauthorized(f"{status}")
    return Refused(status, message[:200])


def _unanswered(error: BaseException | None) -> PlatformError:
    match error:
        case requests.exceptions.InvalidURL() | requests.exceptions.MissingSchema():
            return NotSent("the address is no address")
        case theirs.MastodonIllegalArgumentError() | theirs.MastodonVersionError():
            return Refused(0, type(error).__name__)
        case theirs.MastodonIOError():
            return NotTaken(type(error).__name__)
    never_left = (inner for inner in _wrapped(error) if isinstance(inner, _NEVER_LEFT))
    return next((NotSent(type(inner).__name__) for inner in never_left), Unknown(type(error).__name__))


def _status(error: theirs.MastodonAPIError | requests.HTTPError) -> int:
    if isinstance(error, requests.HTTPError):
        return error.response.status_code if error.response is not None else 0
    found = error.args[1] if len(error.args) > 1 else 0
    return found if isinstance(found, int) else 0


def _wrapped(error: object) -> Iterator[BaseException]:
    """An error, and what urllib3 and requests wrap into its `reason` and its arguments."""
    if isinstance(error, BaseException):
        yield error
        for inner in (getattr(error, "reason", None), *error.args):
            yield from _wrapped(inner)


def address_of(url: str) -> str:
    """A server's address as people write it, with its scheme and without a slash at the end."""
    return url.rstrip("/") if "://" in url else f"https://{url.rstrip('/')}"


def host_of(url: str) -> str:
    """The host of an address, with its port when it is not the usual one."""
    return urlsplit(address_of(url)).netloc.rpartition("@")[2].lower()
