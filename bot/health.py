"""`/live` and `/health` for supervisors, `/metrics` for Prometheus, on one small HTTP server of its own thread."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.metrics import Metrics

POLL_LIMIT_S = 60.0
TURN_LIMIT_S = 600.0
"""A loop's longest turn: a page of uploads, each with its time-out."""
MISSED_POLLS = 3
"""A platform that is polled less often than every 20 s (X costs money) may miss two polls."""


class Health:
    """Healthy while every platform was polled within its limit; a bot that has just started has that long, too."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._polls: dict[str, float] = {}
        self._limits_s: dict[str, float] = {}
        self._turns_due: dict[str, float] = {}

    def expect(self, platform: str, every_s: float = 0.0) -> None:
        """A platform that will be polled every `every_s` seconds; its silence counts from now."""
        self._limits_s[platform] = max(POLL_LIMIT_S, MISSED_POLLS * every_s)
        self._polls.setdefault(platform, self._clock())

    def polled(self, platform: str) -> None:
        self._polls[platform] = self._clock()

    def turned(self, loop: str, pause_s: float = 0.0) -> None:
        self._turns_due[loop] = self._clock() + pause_s + TURN_LIMIT_S

    def is_alive(self) -> bool:
        """Whether every loop still turns, whatever the platforms do: only this is a reason to restart the process."""
        now = self._clock()
        return all(now <= due for due in list(self._turns_due.values()))

    def silence_s(self) -> float:
        """Seconds since the poll of the platform that was silent longest."""
        return self._clock() - min(self._polls.values(), default=self._started)

    def is_well(self) -> bool:
        now = self._clock()
        polls = self._polls or {"": self._started}
        return all(now - at <= self._limits_s.get(platform, POLL_LIMIT_S) for platform, at in polls.items())


@contextmanager
def serving(health: Health, metrics: Metrics, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Serves health and metrics while the block lasts; the port, of which 0 takes a free one."""
    metrics.healthy.set_function(lambda: float(health.is_well()))
    with ThreadingHTTPServer((host, port), _pages(health, metrics)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def _pages(health: Health, metrics: Metrics) -> type[BaseHTTPRequestHandler]:
    class Pages(BaseHTTPRequestHandler):
        timeout = 5
        server_version = "stylesmith"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path == "/health":
                well = health.is_well()
                self._say({"ok": well, "seconds_since_poll": round(health.silence_s(), 1)}, good=well)
            elif self.path == "/live":
                alive = health.is_alive()
                self._say({"ok": alive}, good=alive)
            elif self.path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text())
            else:
                self._answer(404, "text/plain", b"/live, /health or /metrics\n")

        def log_message(self, format: str, *args: object) -> None:  # its name in http.server
            """Say nothing: a probe every few seconds is no news."""

        def _say(self, body: dict[str, object], *, good: bool) -> None:
            self._answer(200 if good else 503, "application/json", json.dumps(body).encode())

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Pages
