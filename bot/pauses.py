"""How long to wait before the next try."""

from datetime import UTC, datetime

from bot.errors import BotError, RateLimited, TransportDown, Unauthorized

LONGEST_PAUSE_S = 30.0
"""Of a loop."""
REDIS_PAUSE_S = 3.0
UNAUTHORIZED_PAUSE_S = 60.0
NOT_SENT_PAUSE_S = 2.0
LONGEST_OWN_PAUSE_S = 3600.0
"""Of a row with trouble of its own."""


def until(exc: RateLimited) -> float:
    """Seconds until the platform takes requests again."""
    return max(1.0, (exc.until - datetime.now(UTC)).total_seconds())


def own_pause_s(attempts: int) -> float:
    """For a row that had `attempts` troubles of its own before this one: 1 s, 2 s, 4 s, … an hour."""
    return min(LONGEST_OWN_PAUSE_S, 2.0 ** min(attempts, 20))


def shared_pause_s(exc: BotError) -> float:
    """For a row that met a trouble of everybody's; the loop's own pause is what counts."""
    if isinstance(exc, RateLimited):
        return until(exc)
    if isinstance(exc, TransportDown):
        return REDIS_PAUSE_S
    return UNAUTHORIZED_PAUSE_S if isinstance(exc, Unauthorized) else NOT_SENT_PAUSE_S


def longer(times: int, longest_s: float) -> float:
    """Half a second, then twice as long each time."""
    return min(longest_s, 0.5 * 2.0 ** min(times, 10))
