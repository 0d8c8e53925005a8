"""Connections for fetching pictures: names resolved once, in bounded time, and only public addresses connected to.

`ipaddress.is_global` of Python 3.11 calls NAT64 and 6to4 forms of private addresses, multicast and others global, so
the table is written out: IANA's IPv4 and IPv6 special-purpose address registries (RFC 6890 and its updates).
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Any

import httpcore

from bot.errors import PictureError, PictureReason

_V4_RESERVED = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay anycast
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

_V6_UNICAST = IPv6Network("2000::/3")
"""All that IANA gives out for global unicast; everything outside, such as ::/3, fc00::/7 and ff00::/8, is refused."""

_V6_RESERVED = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, among them Teredo, which embeds IPv4
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, embeds IPv4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether this numeric address is on the public internet; False for anything unreadable."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _V4_RESERVED)
    is_unicast = parsed.scope_id is None and parsed in _V6_UNICAST
    return is_unicast and not any(parsed in network for network in _V6_RESERVED)


Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> numeric addresses in order of preference; raises OSError when there are none."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Addresses from this machine's resolver, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def within(timeout_s: float, resolve: Resolve, host: str, port: int) -> Sequence[str]:
    """`resolve(host, port)` or TimeoutError: getaddrinfo() itself cannot be interrupted, so a thread waits for it."""
    answer: Future[Sequence[str]] = Future()

    def ask() -> None:
        try:
            answer.set_result(resolve(host, port))
        except (OSError, UnicodeError) as exc:
            answer.set_exception(exc)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    return answer.result(max(0.0, timeout_s))


Admits = Callable[[str], bool]
"""Whether this numeric address may be connected to."""


class PinnedBackend(httpcore.NetworkBackend):
    """Resolves a name once, refuses it unless every address is admitted, and connects to those very addresses.

    TLS and the Host header keep the name: httpcore passes it to `start_tls` apart from the address.
    """

    def __init__(self, admits: Admits, ask: Resolve, deadline: float, connect_s: float) -> None:
        self._admits = admits
        self._ask = ask
        self._deadline = deadline
        self._connect_s = connect_s
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the checked addresses; raises PictureError(FORBIDDEN_HOST) when one is not public."""
        patience = min(self._connect_s, self._deadline - time.monotonic())
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._checked(host, port, patience):
            try:
                stream = self._plain.connect_tcp(address, port, _left(self._deadline, self._connect_s))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
            else:
                return DeadlineStream(stream, self._deadline)
        raise failure

    def _checked(self, host: str, port: int, patience_s: float) -> list[str]:
        try:
            addresses = list(within(patience_s, self._ask, host, port))
        except TimeoutError as exc:
            raise httpcore.ConnectTimeout(f"no answer from the resolver within {patience_s:.0f} s") from exc
        except (OSError, UnicodeError) as exc:
            raise httpcore.ConnectError(str(exc)) from exc
        if not all(self._admits(address) for address in addresses):
            raise PictureError(PictureReason.FORBIDDEN_HOST)
        return addresses[:4]


class DeadlineStream(httpcore.NetworkStream):
    """A stream on which no read, write or handshake outlives the deadline, however many small ones there are."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this picture is over")
    return left if timeout is None else min(left, timeout)
