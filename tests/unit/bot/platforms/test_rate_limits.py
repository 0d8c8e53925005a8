"""Budgets as the platform's headers say: nothing is sent into a bucket that is empty or closed."""

from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from bot.errors import RateLimited
from bot.platforms.rate_limits import FIRST_PAUSE_S, LONGEST_PAUSE_S, RateLimits, RateLimitStatus, read_status

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC).timestamp()


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


RESETS = {
    "ISO (Mastodon)": ({"X-RateLimit-Reset": "2026-11-23T12:05:00.000000Z"}, NOW + 300),
    "epoch (GoToSocial, X)": ({"X-RateLimit-Reset": str(int(NOW) + 300)}, NOW + 300),
    "seconds": ({"X-RateLimit-Reset": "300"}, NOW + 300),
    "none of these": ({"X-RateLimit-Reset": "soon"}, None),
    "absent": ({}, None),
    "a server whose clock is 60 s ahead": (
        {"X-RateLimit-Reset": "2026-11-23T12:06:00Z", "Date": "Mon, 23 Nov 2026 12:01:00 GMT"},
        NOW + 300,
    ),
    "only Retry-After": ({"Retry-After": "20"}, NOW + 20),
    "the later of two": ({"X-RateLimit-Reset": str(int(NOW) + 60), "Retry-After": "300"}, NOW + 300),
    "the later of two, the other way round": ({"X-RateLimit-Reset": "300", "Retry-After": "60"}, NOW + 300),
    "Retry-After as a date": ({"Retry-After": "Mon, 23 Nov 2026 12:00:20 GMT"}, NOW + 20),
}


@pytest.mark.parametrize(("headers", "reset_at"), RESETS.values(), ids=RESETS)
def test_every_spelling_of_a_reset_is_read(headers: dict[str, str], reset_at: float | None) -> None:
    seen = read_status(429, CaseInsensitiveDict(headers), NOW)

    assert seen == RateLimitStatus(True, None, reset_at)


def test_an_empty_bucket_is_left_alone_until_its_reset_and_others_go_on() -> None:
    clock = Hands()
    budget = RateLimits(clock, clock)
    budget.learn("uploads", RateLimitStatus(False, 1, NOW + 100))
    budget.take("uploads")

    with pytest.raises(RateLimited) as limited:
        budget.take("uploads")
    budget.take("posts")
    clock.now += 100
    budget.take("uploads")

    assert limited.value.until.timestamp() == NOW + 100


def test_answers_that_come_late_do_not_refill_a_bucket() -> None:
    hands = Hands()
    budget = RateLimits(hands, hands)
    budget.learn("api", RateLimitStatus(False, 2, NOW + 100))
    budget.take("api")
    budget.take("api")
    budget.learn("api", RateLimitStatus(False, 1, NOW + 100))

    with pytest.raises(RateLimited):
        budget.take("api")


def test_refusals_without_a_time_close_a_bucket_longer_and_longer_within_bounds() -> None:
    clock = Hands()
    budget = RateLimits(clock, clock)
    pauses = []
    for _ in range(8):
        until = budget.learn("api", RateLimitStatus(refused=True))
        assert until is not None
        pauses.append(until.timestamp() - clock.now)
        clock.now = until.timestamp()

    assert pauses[:3] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == LONGEST_PAUSE_S
    assert budget.learn("api", RateLimitStatus()) is None


def test_a_time_that_proves_wrong_again_and_again_is_believed_less_and_less() -> None:
    """Each refusal says "in a second", as a server does whose limit is not the one that its headers tell of."""
    clock = Hands()
    budget = RateLimits(clock, clock)
    pauses = []
    for _ in range(8):
        until = budget.learn("posts", RateLimitStatus(refused=True, reset_at=clock.now + 1))
        assert until is not None
        pauses.append(until.timestamp() - clock.now)
        clock.now = until.timestamp()

    assert pauses[:4] == [1, FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == LONGEST_PAUSE_S
    budget.learn("posts", RateLimitStatus())
    until = budget.learn("posts", RateLimitStatus(refused=True, reset_at=clock.now + 1))
    assert until is not None
    assert until.timestamp() == clock.now + 1, "a served request ends the series"


def test_a_time_longer_than_the_floor_holds() -> None:
    clock = Hands()
    budget = RateLimits(clock, clock)
    for _ in range(3):
        until = budget.learn("posts", RateLimitStatus(refused=True, reset_at=clock.now + 3000))
        assert until is not None
        assert until.timestamp() == clock.now + 3000
        clock.now += 3000


def test_a_bucket_without_headers_is_free() -> None:
    budget = RateLimits(Hands())
    for _ in range(1000):
        budget.take("api")
        budget.learn("api", RateLimitStatus())


@pytest.mark.parametrize("jump_s", [-3600.0, 3600.0])
@pytest.mark.parametrize("seen", [RateLimitStatus(False, 0, NOW + 100), RateLimitStatus(True, None, NOW + 100)])
def test_a_clock_that_is_set_moves_no_window(seen: RateLimitStatus, jump_s: float) -> None:
    calendar, steady = Hands(), Hands()
    budget = RateLimits(calendar, steady)
    budget.learn("posts", seen)
    calendar.now += jump_s

    with pytest.raises(RateLimited) as limited:
        budget.take("posts")
    steady.now += 100
    budget.take("posts")

    assert limited.value.until.timestamp() == calendar.now + 100
