"""Every error of tweepy and requests is one of ours, and only what certainly was not posted says so."""

import inspect
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from tweepy import errors as tweepy
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from bot.errors import Intercepted, NotSent, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.x.errors import NO_CREDIT_PAUSE, UNTOLD_PAUSE, Duplicate, OutOfCredit, translate, translated

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)


def answer(status: int, body: Any = None, **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = (body if isinstance(body, str) else json.dumps(body or {})).encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def problem(status: int, detail: str = "", **headers: str) -> tweepy.HTTPException:
    error: tweepy.HTTPException = tweepy.HTTPException(answer(status, {"detail": detail}, **headers))  # type: ignore[no-untyped-call]  # tweepy has no types
    return error


STATUSES = [
    (400, Refused),
    (401, Unauthorized),
    (402, OutOfCredit),
    (403, Intercepted),
    (404, Refused),
    (408, Unknown),
    (409, Unknown),
    (413, Refused),
    (415, Refused),
    (422, Refused),
    (429, RateLimited),
    (500, Unknown),
    (502, Unknown),
    (503, Unknown),
    (504, Unknown),
    (302, Unknown),
    (418, Unknown),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_each_status_is_one_of_our_errors(status: int, kind: type[PlatformError]) -> None:
    assert type(translate(problem(status), NOW)) is kind


def _every(module: Any, root: type[Exception]) -> list[type[Exception]]:
    found = {kind for _, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, root)}
    return sorted(found, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", _every(tweepy, tweepy.TweepyException))
def test_every_error_that_tweepy_has_is_mapped(kind: type[Exception]) -> None:
    error = kind(answer(503)) if issubclass(kind, tweepy.HTTPException) else kind("odd")
    with pytest.raises(PlatformError), translated(NOW):
        raise error


@pytest.mark.parametrize("kind", _every(requests.exceptions, requests.RequestException))
def test_every_error_that_requests_has_is_mapped(kind: type[Exception]) -> None:
    error = kind("odd", "", 0) if kind is requests.exceptions.JSONDecodeError else kind("odd")
    with pytest.raises(PlatformError), translated(NOW):
        raise error


@pytest.mark.parametrize("error", [ValueError(), KeyError("id"), IndexError(), TypeError()])
def test_a_strange_body_is_unknown(error: Exception) -> None:
    with pytest.raises(Unknown), translated(NOW):
        raise error


def test_our_own_errors_and_bugs_pass_unchanged() -> None:
    with pytest.raises(Refused), translated(NOW):
        raise Refused(404)
    with pytest.raises(AttributeError), translated(NOW):
        raise AttributeError("a bug of ours")


def test_a_request_that_never_left_was_not_sent() -> None:
    refused = NewConnectionError(HTTPConnectionPool("x.example"), "refused")  # type: ignore[arg-type]  # only its kind counts
    never = requests.ConnectionError(MaxRetryError(HTTPConnectionPool("x.example"), "/", refused))
    assert type(translate(never, NOW)) is NotSent
    assert type(translate(requests.ConnectTimeout(), NOW)) is NotSent


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError(ProtocolError("reset")),
        requests.ReadTimeout(),
        requests.exceptions.ChunkedEncodingError(),
    ],
)
def test_a_request_that_may_have_arrived_is_unknown(error: Exception) -> None:
    assert type(translate(error, NOW)) is Unknown


def test_a_limit_says_when_it_opens() -> None:
    in_ten = NOW + timedelta(minutes=10)
    assert _until(problem(429, x_rate_limit_reset=str(int(in_ten.timestamp())))) == in_ten + timedelta(seconds=1)
    assert _until(problem(429, retry_after="30")) == NOW + timedelta(seconds=31)
    assert _until(problem(429)) == NOW + UNTOLD_PAUSE
    assert _until(problem(429, x_rate_limit_reset="soon")) == NOW + UNTOLD_PAUSE
    assert _until(problem(429, x_rate_limit_reset="1")) == NOW + timedelta(seconds=1)
    assert _until(problem(429, x_rate_limit_reset="99999999999999999999")) == NOW + UNTOLD_PAUSE
    assert _until(problem(429, "usage-capped: monthly")) == NOW + NO_CREDIT_PAUSE


def test_a_days_cap_that_is_used_up_counts_and_one_with_room_does_not() -> None:
    quarter, day = (str(int((NOW + timedelta(hours=h)).timestamp())) for h in (0.25, 9))
    used_up = {"x_app_limit_24hour_reset": day, "x_app_limit_24hour_remaining": "0"}
    of_the_account = {"x_user_limit_24hour_reset": day, "x_user_limit_24hour_remaining": "0"}
    room = {"x_user_limit_24hour_reset": day, "x_user_limit_24hour_remaining": "31"}
    in_nine, in_quarter = (NOW + timedelta(hours=h, seconds=1) for h in (9, 0.25))
    assert _until(problem(429, x_rate_limit_reset=quarter, **used_up)) == in_nine
    assert _until(problem(429, x_rate_limit_reset=quarter, **of_the_account)) == in_nine
    assert _until(problem(429, x_rate_limit_reset=quarter, **room)) == in_quarter
    assert _until(problem(429, **used_up)) == in_nine
    assert _until(problem(429, retry_after="60", x_rate_limit_reset=quarter)) == in_quarter
    ages = str(int((NOW + timedelta(days=400)).timestamp()))
    assert _until(problem(429, x_app_limit_24hour_reset=ages)) == NOW + timedelta(days=1)


def _until(error: Exception) -> datetime:
    mapped = translate(error, NOW)
    assert isinstance(mapped, RateLimited)
    return mapped.until


@pytest.mark.parametrize("says", ["you have been blocked", "it has been deleted", "duplicate content", "app suspended"])
def test_a_firewalls_page_says_nothing_about_a_post_whatever_its_words(says: str) -> None:
    page = tweepy.HTTPException(answer(403, f"<!doctype html><h1>Sorry, {says}</h1>"))  # type: ignore[no-untyped-call]
    assert type(translate(page, NOW)) is Intercepted


def test_403s_tell_the_post_from_the_app_and_from_a_namesake() -> None:
    post = "You can only reply to or quote posts where you are mentioned or are the author."
    app = "When authenticating requests to the X API v2 endpoints, ... reason: client-not-enrolled"
    same = "You are not allowed to create a Tweet with duplicate content."
    kinds = [type(translate(problem(403, detail), NOW)) for detail in (post, app, same)]
    assert kinds == [Refused, Unauthorized, Duplicate]
