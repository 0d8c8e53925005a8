"""One process that serves a sandbox: its tokens, the file with them, and the server."""

import json
import socket
from collections.abc import Callable, Sequence
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
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # only compared
"""What stands for all addresses of a machine, and the one that its own browser takes."""
_ACCEPT = dict.fromkeys(FRESH_POLICY, "accept")


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a sandbox: its address, and a token for the bot and for the person."""

    url: str
    bot_token: str
    person_token: str


def serve(
    directory: Path,
    listener: socket.socket,
    base: str,
    progress: PaintingProgress | None = None,
    *,
    styles: Sequence[Sample] = (),
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until told to stop, with `base` as its own address, which `access.json` in `directory` says.

    `ready` is called when all is there that serving needs. Raises OSError or sqlite3.Error where `directory` cannot
    keep what it has to; nobody else may serve from it meanwhile (see bot.ledger.lock).
    """
    sandbox = Server(directory, base.rstrip("/"), progress)
    access = access_to(sandbox)
    ready()
    run(application(sandbox, access.person_token, styles), sandbox, access, listener)


def listen(host: str, port: int) -> tuple[socket.socket, str]:
    """A listening socket, and its address for a browser on this machine; `port` 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=512)
    # Every connection inherits it; asyncio leaves Nagle's algorithm on, and small answers would wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    name = _EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
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
