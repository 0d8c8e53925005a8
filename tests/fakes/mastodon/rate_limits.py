"""How many requests a client may make: a fixed window for each kind of request and each token, as Mastodon counts."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

LISTS = ("max_id=", "min_id=", "since_id=")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and what the headers say about it."""

    allowed: bool
    headers: dict[str, str]


def bucket(method: str, path: str, query: str) -> str:
    """The kind of a request (mastodon/mastodon config/initializers/rack_attack.rb)."""
    if method == "POST" and path in ("/api/v1/media", "/api/v2/media"):
        return "uploads"
    if method == "POST" and path == "/api/v1/statuses":
        return "posts"
    if method == "DELETE" and path.startswith("/api/v1/statuses/"):
        return "deletes"
    return "paging" if any(name in query for name in LISTS) else "api"


class RateLimits:
    """Counts requests of every token and kind; kinds without a limit are free."""

    def __init__(self, limits: dict[str, tuple[int, float]], now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def count(self, kind: str, token: str) -> Verdict:
        """Count one request."""
        if kind not in self._limits:
            return Verdict(True, {})
        most, window_s = self._limits[kind]
        ends_at, used = self._windows.get((kind, token), (0.0, 0))
        if self._now() >= ends_at:
            ends_at, used = self._now() + window_s, 0
        self._windows[kind, token] = (ends_at, used + 1)
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, most - used - 1)),
            "X-RateLimit-Reset": reset(ends_at),
        }
        return Verdict(used < most, headers)


def reset(at: float) -> str:
    """A time as X-RateLimit-Reset has it; rounded up, so that nobody comes back too early."""
    return datetime.fromtimestamp(math.ceil(at * 1000) / 1000, UTC).isoformat(timespec="milliseconds")
