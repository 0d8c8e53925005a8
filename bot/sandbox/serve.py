"""One process that serves a sandbox: its tokens, the file with them, and the server."""

import json
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.accounts import FRESH_POLICY
from bot.sandbox.app import application
from bot.sandbox.progress import PaintingProgress
from bot.sandbox.samples import Sample
from bot.sandbox.server import Server
from worker.process.files import write_whole

ACCESS = "access.json"
BOT_SCOPES = (
    "read:notifications read:statuses read:accounts read:follows write:statuses write:media write:favourites "
    "write:accounts write:notifications"
)
_PERSON_SCOPES = "read write follow"
_ACCEPT = dict.fromkeys(FRESH_POLICY, "accept")


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a sandbox: its address, and a token for the bot and for the person."""

    url: str
    bot_token: str
    person_token: str


def serve(
    directory: Path, host: str, port: int, redis_url: str, *, styles: Sequence[Sample] = (), public_url: str = ""
) -> None:
    """Serve until told to stop. `port` 0 takes a free one; `access.json` in `directory` says which."""
    listener, address = listen(host, port)
    progress = PaintingProgress(redis_url) if redis_url else None
    sandbox = Server(directory, (public_url or address).rstrip("/"), progress)
    access = access_to(sandbox)
    run(application(sandbox, access.person_token, styles), sandbox, access, listener)


def listen(host: str, port: int) -> tuple[socket.socket, str]:
    """A listening socket, and its address for a browser on this machine."""
    listener = socket.create_server((host, port), backlog=512)
    # Every connection inherits it; asyncio leaves Nagle's algorithm on, and small answers would wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    name = "127.0.0.1" if host in ("0.0.0.0", "") else f"[{host}]" if ":" in host else host  # noqa: S104  # only compared
    return listener, f"http://{name}:{listener.getsockname()[1]}"


def run(
    app: Starlette, sandbox: Server, access: Access, listener: socket.socket, protocol: type[H11Protocol] = H11Protocol
) -> None:
    """Says in access.json how the sandbox is reached, and serves until told to stop."""
    config = uvicorn.Config(
        app, http=protocol, ws="wsproto", lifespan="off", log_level="warning", access_log=False,
        timeout_graceful_shutdown=1, timeout_keep_alive=75, server_header=False,
    )  # fmt: skip
    write_whole(sandbox.database.directory / ACCESS, json.dumps(asdict(access)).encode())
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        sandbox.close()


def access_to(sandbox: Server) -> Access:
    """Tokens for its two residents, the same at every start; the bot's account is made ready for mentions."""
    bot, person = sandbox.bot, sandbox.person
    sandbox.accounts.update(bot, policy=json.dumps(_ACCEPT), bot=1)
    return Access(sandbox.base, _token(sandbox, bot, BOT_SCOPES), _token(sandbox, person, _PERSON_SCOPES))


def _token(sandbox: Server, account: int, scopes: str) -> str:
    found = sandbox.database.value("SELECT token FROM token WHERE account = ? AND client_id = ''", account)
    return str(found) if found else sandbox.accounts.issue_token("", account, scopes)


def read_access(directory: Path) -> Access:
    """What `serve` wrote. Raises FileNotFoundError before it serves."""
    return Access(**json.loads((directory / ACCESS).read_text(encoding="utf-8")))
