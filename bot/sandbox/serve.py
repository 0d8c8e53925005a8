"""One process that serves a sandbox: the first start, the file with its tokens, and the server."""

import asyncio
import json
import os
import secrets
import socket
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import h11
import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.accounts import FRESH_POLICY, Accounts
from bot.sandbox.app import application
from bot.sandbox.progress import Work
from bot.sandbox.samples import Sample
from bot.sandbox.server import Server

ACCESS = "access.json"
BOT = "stylesmith"
PERSON = "you"
BOT_SCOPES = (
    "read:notifications read:statuses read:accounts read:follows write:statuses write:media write:favourites "
    "write:accounts write:notifications"
)
_PERSON_SCOPES = "read write follow"
_ACCEPT = dict.fromkeys(FRESH_POLICY, "accept")


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a sandbox: its address, and a token for the bot, for the person, and for tests."""

    url: str
    bot_token: str
    person_token: str
    admin_token: str = ""


def serve(
    directory: Path,
    host: str,
    port: int,
    redis_url: str = "",
    *,
    styles: Sequence[Sample] = (),
    public_url: str = "",
    admin: bool = False,
) -> None:
    """Serve until told to stop. `port` 0 takes a free one; `access.json` in `directory` says which."""
    listener = socket.create_server((host, port), backlog=512)
    base = public_url or f"http://{_address(host)}:{listener.getsockname()[1]}"
    world = Server(directory, base.rstrip("/"), Work(redis_url) if redis_url else None)
    access = first_start(world, admin=admin)
    lines: dict[tuple[str, int], asyncio.Transport] = {}
    app = application(
        world, page_token=access.person_token, bot=BOT, styles=styles, admin_token=access.admin_token,
        cut=lambda scope: _cut(lines, scope),
    )  # fmt: skip
    config = uvicorn.Config(
        app, http=_cuttable(lines), ws="wsproto", lifespan="off", log_level="warning", access_log=False,
        timeout_graceful_shutdown=1, timeout_keep_alive=75, server_header=False,
    )  # fmt: skip
    _write(directory / ACCESS, access)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        world.close()


def first_start(world: Server, *, admin: bool = False) -> Access:
    """The two people of a new sandbox, and tokens for them; later starts find them again."""
    bot, person = _resident(world.people, BOT, "Stylesmith"), _resident(world.people, PERSON, "You")
    world.people.update(bot["id"], policy=json.dumps(_ACCEPT), bot=1)
    return Access(
        url=world.base,
        bot_token=_token(world, bot["id"], BOT_SCOPES),
        person_token=_token(world, person["id"], _PERSON_SCOPES),
        admin_token=secrets.token_urlsafe(24) if admin else "",
    )


def read_access(directory: Path) -> Access:
    """What `serve` wrote. Raises FileNotFoundError before it serves."""
    return Access(**json.loads((directory / ACCESS).read_text(encoding="utf-8")))


def _resident(people: Accounts, name: str, shown: str) -> sqlite3.Row:
    found = people.by_acct(name)
    if found is None:
        people.create(name, shown)
        found = people.by_acct(name)
    assert found is not None  # noqa: S101  # just created
    return found


def _token(world: Server, account: int, scopes: str) -> str:
    found = world.database.value("SELECT token FROM token WHERE account = ? AND client_id = ''", account)
    return str(found) if found else world.people.issue_token("", account, scopes)


def _write(path: Path, access: Access) -> None:
    """Whole or not at all, and readable by nobody else."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(access), file)
    fresh.rename(path)


def _address(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "") else f"[{host}]" if ":" in host else host  # noqa: S104  # only compared


def _cuttable(lines: dict[tuple[str, int], asyncio.Transport]) -> type[H11Protocol]:
    """A protocol whose connections answer at once and can be found by the client's address."""

    class Cuttable(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
            super().connection_made(transport)
            # asyncio leaves Nagle's algorithm on for our listener, and every answer then waits 40 ms for an ACK.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peer = transport.get_extra_info("peername")[:2]
            lines[self._peer] = transport

        def handle_websocket_upgrade(self, event: h11.Request) -> None:
            lines.pop(self._peer, None)
            super().handle_websocket_upgrade(event)

        def connection_lost(self, exc: Exception | None) -> None:
            lines.pop(self._peer, None)
            super().connection_lost(exc)

    return Cuttable


def _cut(lines: dict[tuple[str, int], asyncio.Transport], scope: Scope) -> None:
    """Reset the connection that a request came by."""
    transport = lines.get(tuple(scope["client"]))
    if transport is not None:
        transport.abort()
