"""`python -m tests.integration.bot.cli.unplugged COMMAND...`: run a command that sees no network but its own loopback.

Enters a network namespace of its own, whose only interface is a loopback that nothing else shares.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
"""linux/sched.h and netdevice(7)."""


def unplug() -> None:
    """Leave the network. Raises OSError where the system does not allow it."""
    flags = CLONE_NEWNET | (0 if os.geteuid() == 0 else CLONE_NEWUSER)
    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        _, up = struct.unpack("16sh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", up | IFF_UP))


if __name__ == "__main__":
    unplug()
    os.execvp(sys.argv[1], sys.argv[1:])  # the whole purpose
