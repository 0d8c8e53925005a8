"""tweepy's and requests' errors in our own words, mapped once, here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import requests
from tweepy import errors as tweepy
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from bot.errors import NotSent, PlatformError, RateLimited, Refused, Unauthorized, Unknown

UNTOLD_PAUSE: Final = timedelta(minutes=5)
"""After a 429 that does not say when to come back; X's windows are 15 minutes long."""
NO_CREDIT_PAUSE: Final = timedelta(hours=6)
"""After 'credits exhausted': somebody has to pay first."""

_NOT_FOR_THIS_APP: Final = ("client-not-enrolled", "client-forbidden", "app suspended", "oauth1 app permissions")
"""403s that concern our credentials and not the post."""
_DUPLICATE: Final = "duplicate content"


class OutOfCredit(RateLimited):
    """The account's credits or spend limit are used up; the operator must act."""


class Duplicate(PlatformError):
    """X has seen this text from us before; nothing was posted. Inside the adapter only."""


@contextmanager
def border(now: datetime | None = None) -> Iterator[None]:
    """Turns whatever tweepy, requests or a strange body raise inside into a PlatformError."""
    try:
        yield
    except PlatformError:
        raise
    except (tweepy.TweepyException, requests.RequestException, ValueError, LookupError, TypeError) as error:
        raise translate(error, now or datetime.now(UTC)) from error


def translate(error: Exception, now: datetime) -> PlatformError:
    """What `error` means for us. Anything that does not certainly mean 'not posted' is Unknown."""
    if isinstance(error, tweepy.HTTPException):
        return _answered(error, now)
    if isinstance(error, requests.ConnectionError) and _never_left(error):
        return NotSent(type(error).__name__)
    return Unknown(type(error).__name__)


def _answered(error: tweepy.HTTPException, now: datetime) -> PlatformError:
    """By the status of the answer."""
    match int(error.response.status_code):
        case 401:
            return Unauthorized("X does not accept the credentials")
        case 402:
            return OutOfCredit(now + NO_CREDIT_PAUSE)
        case 403:
            return _forbidden(error)
        case 429:
            return RateLimited(_reset(error, now))
        case 400 | 404 | 405 | 410 | 413 | 415 | 422 as status:
            return Refused(status, _said(error))
        case status:
            return Unknown(f"X answered {status}")


def _forbidden(error: tweepy.HTTPException) -> PlatformError:
    said = f"{_said(error)} {error.response.text[:2000]}".lower()
    if _DUPLICATE in said:
        return Duplicate("X has seen this text before")
    if any(sign in said for sign in _NOT_FOR_THIS_APP):
        return Unauthorized("X does not let this app do that: check its plan and its permissions")
    return Refused(403, _said(error))


def _reset(error: tweepy.HTTPException, now: datetime) -> datetime:
    """When the window opens again; never before now, never later than a day."""
    headers = error.response.headers
    if "usage-capped" in error.response.text[:2000].lower():
        return now + NO_CREDIT_PAUSE
    for name, begin in (("x-rate-limit-reset", 0.0), ("retry-after", now.timestamp())):
        try:
            until = datetime.fromtimestamp(begin + float(headers[name]), UTC)
        except (KeyError, ValueError, OverflowError, OSError):
            continue
        return min(max(until, now) + timedelta(seconds=1), now + timedelta(days=1))
    return now + UNTOLD_PAUSE


def _said(error: tweepy.HTTPException) -> str:
    return " ".join(map(str, error.api_messages))[:200]


def _never_left(error: requests.ConnectionError) -> bool:
    """No connection was made (refused, DNS, connect timeout), so nothing can have happened."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError | ConnectTimeoutError)
