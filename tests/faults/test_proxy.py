"""The proxy fails what a rule names and nothing else, before the platform does it or after."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.faults.proxy import Fault, Proxy, Rule, before


class Echo(BaseHTTPRequestHandler):
    """A platform that does whatever it is asked."""

    done: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.done.append(body)
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    Echo.done = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    with before(f"http://127.0.0.1:{server.server_address[1]}") as between:
        yield between
    server.shutdown()
    server.server_close()
    thread.join()


def asked(proxy: Proxy, body: bytes) -> httpx.Response:
    return httpx.post(f"{proxy.address}/2/tweets", content=body)


@pytest.mark.parametrize(("fault", "status"), [(Fault.HTML, 403), (Fault.JSON, 422), (Fault.HTML_AFTER, 500)])
def test_only_what_is_named_fails(proxy: Proxy, fault: Fault, status: int) -> None:
    proxy.add(Rule(fault, path="/tweets", body=b"17", status=status))
    assert asked(proxy, b"to 17").status_code == status
    assert asked(proxy, b"to 18").status_code == 201
    assert Echo.done == ([b"to 17", b"to 18"] if fault is Fault.HTML_AFTER else [b"to 18"])
    proxy.clear()
    assert asked(proxy, b"to 17").status_code == 201


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_AFTER])
def test_a_connection_is_cut(proxy: Proxy, fault: Fault) -> None:
    proxy.add(Rule(fault))
    with pytest.raises(httpx.TransportError):
        asked(proxy, b"x")
    assert len(Echo.done) == (fault is Fault.RESET_AFTER)
