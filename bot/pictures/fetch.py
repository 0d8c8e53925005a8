"""Download of one picture from an allowed host, within limits of bytes and time."""

import logging
import mimetypes
import ssl
import time
from collections.abc import Container, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore
import httpx

from bot.errors import PictureError, PictureReason
from bot.pictures.network import Admits, PinnedBackend, Resolve, is_public, system_resolve
from bot.pictures.urls import check, redirected

log = logging.getLogger(__name__)

_TOLD_AGAIN_S = 3600.0
_MOST_TOLD = 100
"""Hosts, since anybody may make one up."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS: dict[bytes | str, bytes | str] = {
    # No encoding: what arrives is what is counted. No cookies and no Authorization exist on this path at all.
    "Accept-Encoding": "identity",
    "Accept": "image/jpeg,image/png,image/webp,image/gif,image/avif,image/*;q=0.5",
    "User-Agent": "stylesmith",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Patience:
    body_bytes: int = 16 * 2**20
    connect_s: float = 5.0
    total_s: float = 20.0
    """For everything: redirects, second tries and fallbacks included."""
    idle_s: float = 5.0
    """The longest silence."""
    least_bytes_per_s: int = 10_000
    grace_s: float = 3.0
    """Time before the least speed counts."""
    redirects: int = 3
    retries: int = 3
    """Second tries after a 5xx or a broken connection."""
    pause_s: float = 0.3
    """Before the first second try; twice as long before each further one."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the bytes, and the media type that the server or the file's name claims."""

    data: bytes
    declared: str


class Fetcher:
    """GET for pictures. `hosts` says which host names may be asked; the platform knows them."""

    def __init__(
        self,
        hosts: Container[str],
        *,
        allow_private_hosts: bool = False,
        patience: Patience | None = None,
        resolve: Resolve = system_resolve,
        admits: Admits = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._hosts = hosts
        self._allow_private_hosts = allow_private_hosts
        self._patience = patience or Patience()
        self._resolve = resolve
        self._admits = (lambda address: True) if allow_private_hosts else admits
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._told: dict[str, float] = {}

    def fetch(self, url: str, fallback_urls: Sequence[str] = ()) -> Fetched:
        """The picture at `url`, or at the first of `fallback_urls` that is not 404. Raises PictureError."""
        deadline = time.monotonic() + self._patience.total_s
        for candidate in (url, *fallback_urls):
            try:
                return self._insist(candidate, deadline)
            except PictureError as refusal:
                if refusal.reason is not PictureReason.GONE:
                    raise
        raise PictureError(PictureReason.GONE)

    def _insist(self, url: str, deadline: float) -> Fetched:
        pause_s, tries = self._patience.pause_s, 0
        while True:
            try:
                return self._follow(url, deadline)
            except PictureError as refusal:
                if tries == self._patience.retries or not refusal.retry or time.monotonic() + pause_s > deadline:
                    raise
            time.sleep(pause_s)
            pause_s, tries = 2 * pause_s, tries + 1

    def _follow(self, url: str, deadline: float) -> Fetched:
        for _ in range(self._patience.redirects + 1):
            try:
                target = check(url, self._hosts, allow_private_hosts=self._allow_private_hosts)
                answer = self._get(target, deadline)
            except PictureError as refusal:
                if refusal.reason is PictureReason.FORBIDDEN_HOST:
                    self._tell(url)
                raise
            if isinstance(answer, Fetched):
                return answer
            url = redirected(url, answer)
        raise PictureError(PictureReason.UNREACHABLE)

    def _tell(self, url: str) -> None:
        """The operator, once an hour a host: no person can mend where a server keeps its pictures."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return
        now = time.monotonic()
        self._told = {each: at for each, at in self._told.items() if at > now - _TOLD_AGAIN_S}
        if not host or host in self._told or len(self._told) >= _MOST_TOLD:
            return
        self._told[host] = now
        setting = "STYLESMITH_ALLOW_PRIVATE_HOSTS" if host in self._hosts else "STYLESMITH_MEDIA_HOSTS"
        log.warning(
            "a picture is where the bot may not fetch; the setting allows it", extra={"host": host, "setting": setting}
        )

    def _get(self, target: httpcore.URL, deadline: float) -> Fetched | str:
        """One request: the picture, or the Location of a redirect."""
        backend = PinnedBackend(self._admits, self._resolve, deadline, self._patience.connect_s)
        silence = {"timeout": dict.fromkeys(("connect", "read", "write"), self._patience.idle_s)}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream("GET", target, headers=_HEADERS, extensions=silence) as response,
            ):
                return self._answer(target, response, deadline)
        except (httpcore.TimeoutException, TimeoutError) as exc:
            raise PictureError(PictureReason.TOO_SLOW, retry=time.monotonic() < deadline) from exc
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as exc:
            raise PictureError(PictureReason.UNREACHABLE, retry=True) from exc

    def _answer(self, target: httpcore.URL, response: httpcore.Response, deadline: float) -> Fetched | str:
        headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in _REDIRECTS and b"location" in headers:
            return headers[b"location"]
        if response.status in {404, 410}:
            raise PictureError(PictureReason.GONE)
        if response.status != 200:
            raise PictureError(PictureReason.UNREACHABLE, retry=response.status >= 500 or response.status == 429)
        if headers.get(b"content-encoding", "identity") != "identity":
            raise PictureError(PictureReason.NOT_A_PICTURE)
        if int(headers.get(b"content-length", 0)) > self._patience.body_bytes:
            raise PictureError(PictureReason.TOO_MANY_BYTES)
        return Fetched(self._body(response), _declared(headers.get(b"content-type", ""), target))

    def _body(self, response: httpcore.Response) -> bytes:
        patience = self._patience
        started = time.monotonic()
        body = bytearray()
        for piece in response.iter_stream():
            body += piece
            if len(body) > patience.body_bytes:
                raise PictureError(PictureReason.TOO_MANY_BYTES)
            if len(body) < (time.monotonic() - started - patience.grace_s) * patience.least_bytes_per_s:
                raise PictureError(PictureReason.TOO_SLOW)
        return bytes(body)


def _declared(content_type: str, target: httpcore.URL) -> str:
    """The server's word; where it says nothing of a picture, the file name's."""
    if content_type.lower().startswith("image/"):
        return content_type
    return mimetypes.guess_type(target.target.decode().partition("?")[0])[0] or ""
