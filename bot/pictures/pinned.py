"""A network backend for httpcore that connects only to addresses it has checked, and never past its deadline."""

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from bot.errors import PictureError, PictureReason
from bot.pictures import resolve

Admits = Callable[[str], bool]
"""Whether this numeric address may be connected to."""


class PinnedBackend(httpcore.NetworkBackend):
    """Resolves a name once, refuses it unless every address is admitted, and connects to those very addresses.

    TLS and the Host header keep the name: httpcore passes it to `start_tls` apart from the address.
    """

    def __init__(self, admits: Admits, ask: resolve.Resolve, deadline: float, connect_s: float) -> None:
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
            addresses = list(resolve.within(patience_s, self._ask, host, port))
        except TimeoutError as exc:
            raise httpcore.ConnectTimeout(str(exc)) from exc
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
        """As httpcore's, and ReadTimeout at the deadline."""
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """As httpcore's, and ReadTimeout at the deadline."""
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """As httpcore's, and ReadTimeout at the deadline."""
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """As httpcore's."""
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this picture is over")
    return left if timeout is None else min(left, timeout)
