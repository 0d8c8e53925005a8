"""Errors of platforms, pictures, Redis and the ledger.

BotError
  PlatformError
    Unauthorized    credentials refused; nothing was posted; keep everything and alert
    RateLimited     refused for now; nothing was posted; try again at `until`
    Refused         refused for good (deleted parent, blocked, over-long); nothing was posted; never retry
      PictureRefused  a painting was refused for good; a smaller one or a sentence may be taken
    NotSent         no connection was made (refused, DNS, TLS); nothing was posted, nothing else gets through; retry
      NotTaken      this one request was not taken, others may be; nothing was posted; retry
        Intercepted a refusal that is not the platform's: a proxy or a firewall answered in its place
    Unknown         5xx, timeout, reset, unreadable answer: perhaps done, perhaps not; look before doing it again
  PictureError      a picture cannot be used; `reason` says why, for wording
  TransportDown     Redis cannot be reached or cannot store; nothing is lost, try again
    TransportFull   there is no room for more pictures; nothing is lost, try again when some were painted
  LedgerUnavailable the disk does not take the ledger's transaction; nothing was changed, try again
"""

from datetime import datetime
from enum import StrEnum


class BotError(Exception):
    """Everything this package raises on purpose."""


class PlatformError(BotError):
    """The platform did not do what was asked."""


class Unauthorized(PlatformError):
    """The credentials are not accepted; nothing was posted."""


class RateLimited(PlatformError):
    """Refused for now; nothing was posted. `until` is aware UTC."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"rate limited until {until:%H:%M:%S} UTC")
        self.until = until

    def wait_s(self, now: float) -> float:
        """Seconds from `now` (since 1970) until then, one at least."""
        return max(1.0, self.until.timestamp() - now)


class Refused(PlatformError):
    """Refused for good; nothing was posted. `status` is the HTTP status."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(f"refused with {status} {reason}".strip())
        self.status = status


class PictureRefused(Refused):
    """One of the paintings was refused for good (too large, a format that is not taken); nothing was posted."""


class NotSent(PlatformError):
    """The request never reached the platform; nothing was posted, and no other request would get through."""


class NotTaken(NotSent):
    """The platform did not take this one request, such as a picture; nothing was posted, and others may get through."""


class Intercepted(NotTaken):
    """Refused without a word of the platform's API, by something in front of it. `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status} without an answer of the API")
        self.status = status


class Unknown(PlatformError):
    """Perhaps done, perhaps not."""


class PictureReason(StrEnum):
    """Why a picture cannot be used; bot.reply.wording has a sentence for each."""

    GONE = "gone"
    PENDING = "pending"
    FORBIDDEN_HOST = "forbidden_host"
    UNREACHABLE = "unreachable"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_NARROW = "too_narrow"
    NOT_A_PICTURE = "not_a_picture"
    FORMAT = "format"
    MISLABELLED = "mislabelled"
    BROKEN = "broken"
    EMPTY = "empty"
    TOO_SLOW = "too_slow"


class PictureError(BotError):
    """A picture cannot be used. Temporary ones (`retry`) are tried again before anyone is told."""

    def __init__(self, reason: PictureReason, *, retry: bool = False) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retry = retry


class TransportDown(BotError):
    """Redis cannot be reached, is read-only, or is full; nothing is lost, try again."""


class TransportFull(TransportDown):
    """There is no room in Redis for more pictures; nothing is lost, try again when some were painted."""


class LedgerUnavailable(BotError):
    """The disk does not take the ledger's transaction (full, read-only, locked); nothing was changed, try again."""


def is_shared(error: BaseException) -> bool:
    """Whether every other mention of the platform (or of the bot) has this trouble at the same time."""
    kinds = (Unauthorized, RateLimited, NotSent, TransportDown, LedgerUnavailable)
    return isinstance(error, kinds) and not isinstance(error, NotTaken)
