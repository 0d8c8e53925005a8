"""How many requests a platform still allows, bucket by bucket, as its own headers say; nothing is sent beyond them."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.errors import RateLimited

FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 15 * 60.0
"""A refusal that says no time closes its bucket for this long, twice as long each time in a row."""
_ROUNDED_S = 0.001
"""Of a closed bucket's end, which callers are told by the calendar, to the microsecond."""
_EPOCH = 1_000_000_000
"""Numbers above are seconds since 1970, numbers below are seconds from now."""


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """What one answer says about its bucket. Times are seconds since 1970 by our own clock."""

    refused: bool = False
    """It was a 429."""
    remaining: int | None = None
    reset_at: float | None = None


def read_status(status: int, headers: Mapping[str, str], now: float) -> RateLimitStatus:
    """Read `x-ratelimit-remaining`, `x-ratelimit-reset` and `retry-after`; `headers` must ignore case.

    After a refusal the latest time counts. A reset is an ISO time (Mastodon), an epoch (GoToSocial,
    X) or a number of seconds; one that is none counts as absent. The server's clock is corrected by its Date header.
    """
    text = headers.get("x-ratelimit-remaining", "").strip()
    reset_at = moment(headers.get("x-ratelimit-reset", ""), headers.get("date", ""), now)
    if status == 429:
        told = (reset_at, moment(headers.get("retry-after", ""), headers.get("date", ""), now))
        reset_at = max((at for at in told if at is not None), default=None)
    return RateLimitStatus(status == 429, int(text) if text.isdecimal() else None, reset_at)


def moment(text: str, date: str, now: float) -> float | None:
    """A header's time in seconds since 1970 by our clock: from an ISO or HTTP date, an epoch, or seconds from now."""
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        at = calendar(text)
    else:
        at = number if number > _EPOCH else now + number if number >= 0 else None
        if number <= _EPOCH:
            return at
    server_now = calendar(date)
    return None if at is None else at + (now - server_now if server_now is not None else 0.0)


def calendar(text: str) -> float | None:
    """Seconds since 1970 of an ISO or HTTP date; None for anything else."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


@dataclass(slots=True)
class _Bucket:
    """Limits of one bucket; times are steady."""

    remaining: int | None = None
    reset_at: float = 0.0
    closed_until: float = 0.0
    refusals: int = 0


class RateLimits:
    """Shared by all threads of one platform. A bucket without headers is free until it refuses.

    Windows are told by the calendar and kept by `steady`: a clock that is set back closes nothing for longer.
    """

    def __init__(self, now: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._steady = steady
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def check(self, name: str) -> None:
        """Raises RateLimited when a request of this bucket must not be sent now."""
        with self._lock:
            self._open(name)

    def take(self, name: str) -> None:
        """Count one request before it is sent. Raises RateLimited, and then it must not be sent."""
        with self._lock:
            bucket = self._open(name)
            if bucket.remaining is not None and self._steady() < bucket.reset_at:
                bucket.remaining -= 1

    def _open(self, name: str) -> _Bucket:
        bucket, now = self._buckets.setdefault(name, _Bucket()), self._steady()
        if now + _ROUNDED_S < bucket.closed_until:
            raise RateLimited(self._calendar(bucket.closed_until))
        if bucket.remaining is not None and bucket.remaining <= 0 and now < bucket.reset_at:
            raise RateLimited(self._calendar(bucket.reset_at))
        return bucket

    def remaining(self) -> dict[str, float]:
        """Requests left in each bucket whose limit the server has told and whose window is not over."""
        with self._lock:
            now = self._steady()
            open_ones = {name: bucket for name, bucket in self._buckets.items() if now < bucket.reset_at}
            return {name: float(bucket.remaining) for name, bucket in open_ones.items() if bucket.remaining is not None}

    def learn(self, name: str, seen: RateLimitStatus) -> datetime | None:
        """Takes in an answer's limits; after a refusal, returns when to come back."""
        with self._lock:
            bucket, now = self._buckets.setdefault(name, _Bucket()), self._steady()
            reset_at = None if seen.reset_at is None else now + seen.reset_at - self._now()
            if seen.remaining is not None and reset_at is not None:
                same_window = abs(reset_at - bucket.reset_at) < 1 and bucket.remaining is not None
                bucket.remaining = min(seen.remaining, bucket.remaining or 0) if same_window else seen.remaining
                bucket.reset_at = reset_at
            if not seen.refused:
                bucket.refusals = 0
                return None
            told = reset_at is not None and reset_at > now
            # What is told is believed once; while refusals repeat, a floor grows under it.
            longest_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(max(0, bucket.refusals - told), 10))
            floor_s = 0.0 if told and not bucket.refusals else longest_s
            bucket.closed_until = max(now + floor_s, reset_at if reset_at is not None else 0.0)
            bucket.refusals += 1
            return self._calendar(bucket.closed_until)

    def _calendar(self, moment: float) -> datetime:
        return datetime.fromtimestamp(self._now() + moment - self._steady(), UTC)
