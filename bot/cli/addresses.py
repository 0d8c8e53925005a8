"""Where a command listens; where it cannot, it ends with a sentence."""

import errno
import socket

from bot.cli.output import give_up
from bot.sandbox.serve import listen


def listening(host: str, port: int) -> tuple[socket.socket, str]:
    """A listening socket and its address, or the end of the command: --host or --port cannot be used."""
    try:
        return listen(host, port)
    except (OSError, UnicodeError) as error:
        give_up(_why_not(error, host, port), 2)


def check_port(host: str, port: int) -> None:
    """Ends the command where nothing could listen there."""
    listener, _ = listening(host, port)
    listener.close()


def _why_not(error: OSError | UnicodeError, host: str, port: int) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return f"Port {port} is in use already; name another with --port, or 0 for a free one."
    if code == errno.EACCES:
        return f"Port {port} may not be used by this user; name one above 1023 with --port, or 0 for a free one."
    return f"{host} is not an address of this machine; name one that it has with --host, such as 127.0.0.1."
