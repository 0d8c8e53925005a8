"""A reverse proxy between the bot and its platform that fails what a rule names: one thread, one picture, one post.

It is what stands in front of real servers, too: its refusals are pages of HTML, which say nothing about the post.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PAGE = b"<!doctype html><title>Attention required</title><h1>Sorry, you have been blocked</h1>"
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"})


class Fault(StrEnum):
    """What the bot gets instead of the platform's answer."""

    HTML = "html"
    """A page with `status`; the platform never saw the request."""
    JSON = "json"
    """The API's own error with `status`; the platform never saw the request."""
    RESET = "reset"
    """The connection is cut; the platform never saw the request."""
    HTML_AFTER = "html_after"
    """A page with `status`, after the platform did what was asked."""
    RESET_AFTER = "reset_after"
    """The connection is cut after the platform did what was asked."""


_AFTER = (Fault.HTML_AFTER, Fault.RESET_AFTER)


@dataclass(frozen=True)
class Rule:
    """Which requests fail, and how. All that is named has to fit."""

    do: Fault
    method: str = "POST"
    path: str = ""
    """Occurs in the path."""
    body: bytes = b""
    """Occurs in the body."""
    status: int = 503
    chance: float = 1.0
    ends_at: float = float("inf")
    """By the clock that does not jump."""

    def fits(self, method: str, path: str, body: bytes) -> bool:
        there = method == self.method and self.path in path and self.body in body
        return there and time.monotonic() < self.ends_at


class Proxy(ThreadingHTTPServer):
    """Passes on what no rule names. Rules may be changed at any time, from any thread."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: str, seed: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(address).netloc
        self.struck: Counter[str] = Counter()
        self._rules: list[Rule] = []
        self._dice = random.Random(seed)
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add(self, *rules: Rule) -> None:
        with self._lock:
            self._rules += rules

    def remove(self, *rules: Rule) -> None:
        with self._lock:
            self._rules = [rule for rule in self._rules if rule not in rules]

    def clear(self) -> None:
        with self._lock:
            self._rules = []

    def strikes(self, method: str, path: str, body: bytes) -> Rule | None:
        """The first rule that strikes this request."""
        with self._lock:
            for rule in self._rules:
                if rule.fits(method, path, body) and self._dice.random() < rule.chance:
                    self.struck[rule.do] += 1
                    return rule
        return None

    def handle_error(self, request: object, client_address: object) -> None:
        """A bot that is killed hangs up in the middle."""


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "/streaming" in self.path:  # an answer without an end
            return self._page(404)
        rule = self.server.strikes(self.command, self.path, body)
        if rule is None or rule.do in _AFTER:
            answer = self._asked(body)
            if rule is None:
                return self._send(*answer)
        if rule.do in (Fault.RESET, Fault.RESET_AFTER):
            self.close_connection = True
            self.connection.close()
            return None
        if rule.do is Fault.JSON:
            said = {"error": "This is refused", "title": "Refused", "detail": "This is refused"}
            return self._send(rule.status, {"Content-Type": "application/json"}, json.dumps(said).encode())
        return self._page(rule.status)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815  # as http.server calls them

    def _asked(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """What the platform answers."""
        there = http.client.HTTPConnection(self.server.upstream, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
            there.request(self.command, self.path, body or None, headers)
            answer = there.getresponse()
            told = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
            return answer.status, told, answer.read()
        except (OSError, http.client.HTTPException):
            return 502, {"Content-Type": "text/html"}, PAGE
        finally:
            there.close()

    def _page(self, status: int) -> None:
        self._send(status, {"Content-Type": "text/html"}, PAGE)

    def _send(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response_only(status)
        for name, value in (headers | {"Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """`struck` counts what happened."""


@contextmanager
def before(address: str, seed: int = 0) -> Iterator[Proxy]:
    """A proxy in front of `address`, for as long as the block lasts."""
    proxy = Proxy(address, seed)
    thread = threading.Thread(target=lambda: proxy.serve_forever(poll_interval=0.05), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
