"""Every error of Mastodon.py becomes one of ours, and says truly whether something may have been done."""

import inspect
import ssl
from datetime import UTC, datetime

import mastodon.errors as theirs
import pytest
import requests
import urllib3.exceptions as wire

from bot.errors import Intercepted, NotSent, NotTaken, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.mastodon.errors import host_of, translate, unready

MEANINGS = {
    theirs.MastodonVersionError: Refused,
    theirs.MastodonIllegalArgumentError: Refused,
    theirs.MastodonIOError: NotTaken,
    theirs.MastodonFileNotFoundError: NotTaken,
    theirs.MastodonNetworkError: Unknown,
    theirs.MastodonReadTimeout: Unknown,
    theirs.MastodonAPIError: Unknown,
    theirs.MastodonServerError: Unknown,
    theirs.MastodonInternalServerError: Unknown,
    theirs.MastodonBadGatewayError: Unknown,
    theirs.MastodonServiceUnavailableError: Unknown,
    theirs.MastodonGatewayTimeoutError: Unknown,
    theirs.MastodonNotFoundError: Unknown,
    theirs.MastodonUnauthorizedError: Unknown,
    theirs.MastodonRatelimitError: Unknown,
    theirs.MastodonMalformedEventError: Unknown,
}
"""Of each class, said of a 500."""


@pytest.mark.parametrize(("kind", "meaning"), MEANINGS.items(), ids=lambda kind: kind.__name__)
def test_each_error_class_of_the_library_has_a_meaning(
    kind: type[theirs.MastodonError], meaning: type[PlatformError]
) -> None:
    assert type(translate(kind("text", 500, "reason", "message"))) is meaning


def test_the_library_has_no_other_errors() -> None:
    found = {kind for _, kind in inspect.getmembers(theirs, inspect.isclass) if issubclass(kind, theirs.MastodonError)}
    assert found - {theirs.MastodonError} == set(MEANINGS)


def api(status: int, message: str = "") -> theirs.MastodonAPIError:
    """An error as the library raises it (internals.py)."""
    kinds = {404: theirs.MastodonNotFoundError, 401: theirs.MastodonUnauthorizedError, 503: theirs.MastodonServerError}
    return kinds.get(status, theirs.MastodonAPIError)("Mastodon API returned error", status, "reason", message)


STATUSES = {
    "400 of a bad token (GoToSocial)": (api(400, "Unauthorized: token not recognized"), Unauthorized),
    "400 otherwise": (api(400, "Bad Request"), Refused),
    "401": (api(401), Unauthorized),
    "403 for the scope": (api(403, "This action is outside the authorized scopes"), Unauthorized),
    "403 for the account": (api(403, "Your login is currently disabled"), Unauthorized),
    "403 for the post": (api(403, "This action is not allowed"), Refused),
    "404": (api(404), Refused),
    "408": (api(408), Unknown),
    "410": (api(410), Refused),
    "413": (api(413), Refused),
    "422": (api(422, "Validation failed: Text character limit of 500 exceeded"), Refused),
    "503": (api(503), Unknown),
    "524 of a proxy": (api(524), Unknown),
    "200 with HTML": (theirs.MastodonAPIError("Could not parse response as JSON", "Exception was: x"), Unknown),
    "429 without a time": (theirs.MastodonRatelimitError("Hit rate limit."), Unknown),
    "endless recursion": (RecursionError(), Unknown),
    "a strange shape": (AttributeError("id"), Unknown),
}


@pytest.mark.parametrize(("error", "kind"), STATUSES.values(), ids=STATUSES)
def test_a_status_becomes_what_it_means(error: Exception, kind: type[PlatformError]) -> None:
    assert type(translate(error)) is kind


def test_a_real_429_says_when_to_come_back() -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)

    limited = translate(theirs.MastodonRatelimitError("Hit rate limit."), until)

    assert isinstance(limited, RateLimited)
    assert limited.until == until


def network(cause: Exception) -> theirs.MastodonNetworkError:
    """As the library wraps it: the cause is the context."""
    try:
        try:
            raise cause
        except Exception as inner:  # noqa: BLE001  # as the library does
            raise theirs.MastodonNetworkError(f"Could not complete request: {inner}")  # noqa: B904  # the same
    except theirs.MastodonNetworkError as error:
        return error


def refused(reason: Exception) -> Exception:
    return requests.exceptions.ConnectionError(wire.MaxRetryError(None, "/", reason))  # type: ignore[arg-type]  # no pool


CAUSES = {
    "connection refused": (refused(wire.NewConnectionError(None, "refused")), NotSent),  # type: ignore[arg-type]  # no pool
    "name unknown": (refused(wire.NameResolutionError("x", None, OSError())), NotSent),  # type: ignore[arg-type]  # no pool
    "connect timeout": (requests.exceptions.ConnectTimeout(wire.ConnectTimeoutError()), NotSent),
    "bad certificate": (requests.exceptions.SSLError(refused(ssl.SSLCertVerificationError())), NotSent),
    "read timeout": (requests.exceptions.ReadTimeout(), Unknown),
    "reset": (requests.exceptions.ConnectionError(wire.ProtocolError("aborted", ConnectionResetError())), Unknown),
    "cut short": (requests.exceptions.ChunkedEncodingError(), Unknown),
    "an own error inside": (NotSent("x"), NotSent),
}


@pytest.mark.parametrize(("cause", "kind"), CAUSES.values(), ids=CAUSES)
def test_only_a_request_that_never_left_is_not_sent(cause: Exception, kind: type[PlatformError]) -> None:
    assert type(translate(network(cause))) is kind


def test_a_file_that_is_still_processed_is_told_from_other_refusals() -> None:
    busy = translate(api(422, "Cannot attach files that have not finished processing. Try again in a moment!"))

    assert unready(busy)
    assert not unready(translate(api(422, "Validation failed: Text can't be blank")))


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://a.example/", "a.example"), ("a.example", "a.example"), ("http://u@Host:8080", "host:8080")],
)
def test_the_host_of_an_address_is_read(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 421, 422])
def test_a_page_in_place_of_the_api_refuses_nothing_for_good(status: int) -> None:
    response = requests.Response()
    response.status_code = status
    for error in (api(status), requests.HTTPError(response=response)):
        assert isinstance(translate(error, spoke=False), Intercepted)
        assert isinstance(translate(error, spoke=True), Refused)
