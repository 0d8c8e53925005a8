"""A real HTTP(S) server that misbehaves by path, and a canary that must never hear from anyone."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

Page = Callable[[socket.socket, str], None]


class Listener:
    """Accepts connections on loopback while its `with` block lasts; counts them, keeps the requests, serves `pages`."""

    def __init__(self, pages: dict[str, Page] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.connections = 0
        self.requests: list[str] = []
        self._pages = pages or {}
        self._tls = tls
        self._closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        try:
            with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as stream:
                request = _request(stream)
                self.requests.append(request)
                path = request.split(" ")[1].partition("?")[0]
                self._pages.get(path, answer(404))(stream, path)
        except OSError:
            connection.close()


def _request(stream: socket.socket) -> str:
    """Its head; the body is read as well, since closing before it is read resets the connection."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += _more(stream)
    head, _, body = said.partition(b"\r\n\r\n")
    length = re.search(rb"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        missing -= len(_more(stream))
    return head.decode("latin-1")


def _more(stream: socket.socket) -> bytes:
    piece = stream.recv(4096)
    if not piece:
        raise ConnectionError("gone")
    return piece


def answer(status: int, body: bytes = b"", **headers: str) -> Page:
    """A plain response; header names are written with underscores. Content-Length is right unless given.

    It says that the connection ends here, as it does: a client that kept it could send its next request into the close.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named.setdefault("Content-Length", str(len(body)))
    named.setdefault("Connection", "close")
    lines = [f"HTTP/1.1 {status} whatever", *(f"{name}: {value}" for name, value in named.items() if value)]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return lambda stream, path: stream.sendall(head + body)


def redirect(location: str) -> Page:
    """A 302 to `location`."""
    return answer(302, Location=location)


def in_turn(*pages: Page) -> Page:
    """Each page once, the last one from then on."""
    left = list(pages)

    def serve(stream: socket.socket, path: str) -> None:
        page = left.pop(0) if len(left) > 1 else left[0]
        page(stream, path)

    return serve


def raw(*pieces: bytes, pause_s: float = 0.0, repeat: int = 1) -> Page:
    """Bytes as they are, slowly if wanted."""

    def send(stream: socket.socket, path: str) -> None:
        for piece in pieces * repeat:
            stream.sendall(piece)
            time.sleep(pause_s)

    return send
