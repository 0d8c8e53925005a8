"""Errors of tweepy and requests as ours, mapped once, here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import requests
from tweepy import errors as tweepy
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from bot.errors import Intercepted, NotSent, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.api_errors import is_api_error
from bot.platforms.rate_limits import moment

UNTOLD_PAUSE: Final = timedelta(minutes=5)
"""After a 429 that does not say when to come back; X's windows are 15 minutes long."""
NO_CREDIT_PAUSE: Final = timedelta(hours=6)
"""After 'credits exhausted': somebody has to pay first."""

_RESETS: Final = ("x-rate-limit-reset", "x-app-limit-24hour-reset", "x-user-limit-24hour-reset")
"""Of the quarter of an hour, and of the day's caps of the app and of the account."""
_LONGEST: Final = timedelta(days=1)
_SLACK: Final = timedelta(seconds=1)
_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC).timestamp()
_NOT_FOR_THIS_APP: Final = ("client-not-enrolled", "client-forbidden", "app suspended", "oauth1 app permissions")
"""403s that concern our credentials and not the post."""
_FOR_GOOD: Final = (
    "not permitted to perform", "you can only reply", "not allowed to", "is not allowed", "not visible to you",
    "deleted or not", "has been deleted", "been blocked", "who can reply", "restricted who", "cannot reply",
    "can't reply",
)  # fmt: skip
"""403s that concern this one post: deleted, hidden, blocked, replies restricted."""
_DUPLICATE: Final = "duplicate content"


class OutOfCredit(RateLimited):
    """The account's credits or spend limit are used up; the operator must act."""


class Duplicate(PlatformError):
    """X has seen this text from us before; nothing was posted. Inside the adapter only."""


@contextmanager
def translated(now: datetime | None = None) -> Iterator[None]:
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
    match int(error.response.status_code):
        case 401:
            return Unauthorized("X does not accept the credentials")
        case 402:
            return OutOfCredit(now + NO_CREDIT_PAUSE)
        case 403:
            return _forbidden(error)
        case 429:
            return RateLimited(_reset(error, now))
        case 400 | 404 | 405 | 410 | 413 | 415 | 421 | 422 as status:
            return Refused(status, _said(error)) if is_api_error(error.response.content) else Intercepted(status)
        case status:
            return Unknown(f"X answered {status}")


def _forbidden(error: tweepy.HTTPException) -> PlatformError:
    if not is_api_error(error.response.content):  # "you have been blocked" on a firewall's page is about no post
        return Intercepted(403)
    said = f"{_said(error)} {error.response.text[:2000]}".lower()
    if _DUPLICATE in said:
        return Duplicate("X has seen this text before")
    if any(sign in said for sign in _NOT_FOR_THIS_APP):
        return Unauthorized("X does not let this app do that: check its plan and its permissions")
    if any(sign in said for sign in _FOR_GOOD):
        return Refused(403, _said(error))
    # In words that we do not know: that concerns nobody knows what, and may pass.
    return Intercepted(403)


def _reset(error: tweepy.HTTPException, now: datetime) -> datetime:
    """When the window opens again; never before now, never later than a day."""
    headers = error.response.headers
    said = [*(_told(headers, name) for name in _RESETS), moment(headers.get("retry-after", ""), "", now.timestamp())]
    told = [datetime.fromtimestamp(at, UTC) for at in said if at is not None and at < _END_OF_TIME]
    if "usage-capped" in error.response.text[:2000].lower():
        told.append(now + NO_CREDIT_PAUSE - _SLACK)
    if not told:
        return now + UNTOLD_PAUSE
    return min(max(now, *told) + _SLACK, now + _LONGEST)


def _told(headers: Mapping[str, str], name: str) -> float | None:
    """The moment that a header says, in seconds since 1970; None for a day's cap with room left."""
    left = headers.get(f"{name.removesuffix('-reset')}-remaining", "0").strip()
    has_room = "24hour" in name and left not in ("", "0")
    return None if has_room else moment(headers.get(name, ""), "", 0.0)


def _said(error: tweepy.HTTPException) -> str:
    return " ".join(map(str, error.api_messages))[:200]


def _never_left(error: requests.ConnectionError) -> bool:
    """No connection was made (refused, DNS, connect timeout), so nothing can have happened."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError | ConnectTimeoutError)
