"""Connections that can be reset in the middle of a request."""

import asyncio

import h11
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """The open connections of a server, by the client's address."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def cut(self, scope: Scope) -> None:
        """Reset the connection that a request came by."""
        transport = self._open.get(tuple(scope["client"]))
        if transport is not None:
            transport.abort()

    def protocol(self) -> type[H11Protocol]:
        """For uvicorn: its connections are known here while they are open."""
        known = self._open

        class Known(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                self._peer = transport.get_extra_info("peername")[:2]
                known[self._peer] = transport

            def handle_websocket_upgrade(self, event: h11.Request) -> None:
                known.pop(self._peer, None)
                super().handle_websocket_upgrade(event)

            def connection_lost(self, exc: Exception | None) -> None:
                known.pop(self._peer, None)
                super().connection_lost(exc)

        return Known
