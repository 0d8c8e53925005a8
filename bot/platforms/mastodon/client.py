"""HTTP client of one Mastodon server: one session a thread, time limits, rate limits, errors translated."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from mastodon import Mastodon
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ProtocolError

from bot.errors import PlatformError
from bot.platforms.api_errors import is_api_error
from bot.platforms.mastodon.errors import address_of, translate
from bot.platforms.rate_limits import RateLimits, RateLimitStatus, calendar, read_status

TIMEOUT_S = 30.0
_LONGEST_SAYING = 300
LARGEST_ANSWER = 16 * 1024 * 1024
AGENT = "Stylesmith (a bot that paints when it is asked)"
_NEWEST = "99.0.0"
"""Mastodon.py then never asks for the server's version: a server whose version it cannot read, or that does not say,
would send it into an endless recursion (verify_minimum_version -> retrieve_mastodon_version -> …) at the log-in and
the first upload, or make it use the old upload without 202."""


class MastodonClient:
    """Calls to one server with one token. Every call names its bucket and raises only bot.errors.PlatformError."""

    def __init__(self, url: str, token: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self.url = address_of(url)
        self._token = token
        self._timeout_s = timeout_s
        self.limits = RateLimits()
        self.first_contact = 0.0
        """See bot.ports.Inbox."""
        self._mine = threading.local()

    @contextmanager
    def call(self, bucket: str, *, fresh: bool = False) -> Iterator[Mastodon]:
        """This thread's client, for one request of `bucket`.

        `fresh` takes a new connection: on a kept one, which the server may be closing at this very moment, a post
        could end as Unknown for no reason.
        """
        self.limits.take(bucket)
        api = self._client()
        if fresh:
            api.session.close()
        self._mine.seen, self._mine.said, self._mine.spoke = RateLimitStatus(), "", True
        try:
            yield api
        except Exception as error:
            until = self.limits.learn(bucket, self._mine.seen)
            if isinstance(error, PlatformError):
                raise
            raise translate(error, until, self._mine.said, spoke=self._mine.spoke) from error
        self.limits.learn(bucket, self._mine.seen)

    def read(self, bucket: str, path: str, **asked: str | int | None) -> Any:
        """What lies at `path`, as the server wrote it.

        Mastodon.py casts every field of every post by its annotations, which takes 4 ms a post: a poll of 80
        notifications cost a third of a second, most of what the bot did all day.
        """
        with self.call(bucket) as api:
            answer = api.session.get(
                self.url + path,
                params={name: value for name, value in asked.items() if value is not None},
                headers={"Authorization": f"Bearer {self._token}", "User-Agent": AGENT},
                timeout=self._timeout_s,
                auth=lambda request: request,  # else a password of a .netrc would take the token's place
            )
            answer.raise_for_status()
            return answer.json()

    def _client(self) -> Mastodon:
        """Mastodon.py keeps what it saw last on the client, so threads do not share one."""
        known: Mastodon | None = getattr(self._mine, "api", None)
        if known is None:
            known = self._mine.api = api_at(
                self.url, self._timeout_s, access_token=self._token, session=self._session()
            )
        return known

    def _session(self) -> requests.Session:
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Bounded(self._timeout_s))
        session.hooks["response"].append(self._meter)
        return session

    def _meter(self, response: requests.Response, *args: Any, **kwargs: Any) -> None:
        self.first_contact = self.first_contact or calendar(response.headers.get("date", "")) or 0.0
        self._mine.seen = read_status(response.status_code, response.headers, time.time())
        # Where a list is expected, Mastodon.py loses the words of an error.
        refused = 400 <= response.status_code < 500
        self._mine.said = response.text[:_LONGEST_SAYING] if refused else ""
        self._mine.spoke = not refused or is_api_error(response.content)


def api_at(url: str, timeout_s: float, **options: Any) -> Mastodon:
    return Mastodon(
        api_base_url=url,
        ratelimit_method="throw",  # the other methods sleep inside the call for up to half an hour
        request_timeout=timeout_s,
        mastodon_version=_NEWEST,
        version_check_mode="created",
        user_agent=AGENT,
        **options,
    )


class _Bounded(HTTPAdapter):
    """Ends an answer that comes too slowly or is too long: a read timeout alone allows one byte at a time for ever."""

    def __init__(self, limit_s: float) -> None:
        super().__init__()
        self._limit_s = limit_s

    def send(self, request: requests.PreparedRequest, stream: bool = False, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # the other arguments pass through
        deadline = time.monotonic() + self._limit_s
        response = self._again(request, stream, kwargs)
        if not stream:
            response.raw = io.BytesIO(self._read(response, deadline))
        return response

    def _again(self, request: requests.PreparedRequest, stream: bool, more: dict[str, Any]) -> requests.Response:
        """A reading once more where the connection broke: most likely a kept one, which the server closed just then."""
        try:
            return super().send(request, stream=stream, **more)
        except requests.exceptions.ConnectionError as error:
            if request.method != "GET" or not isinstance(error.args[0], ProtocolError):
                raise
            return super().send(request, stream=stream, **more)

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        parts, size = [], 0
        for part in response.raw.stream(16 * 1024, decode_content=True):
            parts.append(part)
            size += len(part)
            if time.monotonic() > deadline or size > LARGEST_ANSWER:
                response.close()
                raise requests.exceptions.ReadTimeout("the answer is too slow or too long")
        return b"".join(parts)
