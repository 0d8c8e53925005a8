"""Fork server for the picture decoder: imports everything once, reads no untrusted input.

A program of its own (see bot.pictures.forkserver), told through the socket that is its standard input: `b` forks a
decoder on the socket sent along, `e` kills the newest one and returns its status. A fork takes a few milliseconds,
where a start of Python with everything that decoding needs took seventy.
"""

import json
import os
import signal
import socket
import struct
import sys

from bot.pictures.confine import confine, leave_network
from bot.pictures.decoder import prepare, serve
from bot.pictures.limits import Limits

SPAWN, END = b"b", b"e"
STATUS = struct.Struct("<i")
"""How a decoder ended: its exit status, or a signal's number below zero."""
_SOCKET = 0


def main() -> None:
    """Imports, leaves the network, then forks and ends decoders until the socket is closed."""
    limits = Limits(**json.loads(sys.argv[2]))
    with socket.socket(fileno=_SOCKET) as orders:
        prepare(limits)
        layers = leave_network()
        newest = 0
        while True:
            order, sockets, _, _ = socket.recv_fds(orders, 1, 1)
            if order == SPAWN and sockets:
                newest = _fork(sockets[0], limits, layers)
            elif newest:
                status = _end(newest)
                newest = 0
                if order == END:
                    orders.sendall(STATUS.pack(status))
            if not order:
                return


def _fork(connection: int, limits: Limits, layers: list[str]) -> int:
    """The process id of a new decoder that reads from this socket and writes to it."""
    born = os.fork()
    if born:
        os.close(connection)
        return born
    try:
        for number in (0, 1):
            os.dup2(connection, number)  # the orders are no longer its to read
        os.closerange(3, connection + 1)
        serve(limits, [*layers, *confine(limits.memory_bytes, limits.cpu_s)])
    finally:
        os._exit(1)


def _end(decoder: int) -> int:
    """Kill it, which changes nothing where it has ended by itself."""
    os.kill(decoder, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(decoder, 0)[1])
