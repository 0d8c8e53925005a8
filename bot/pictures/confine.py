"""Takes away from this process everything that turning bytes into pixels does not need; Linux first, rlimits elsewhere.

Nothing here needs privileges, and each layer that a kernel or a container refuses is left out and reported as missing.
Syscall numbers: Linux arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable

NOBODY = 65534

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
_KILL_PROCESS, _ALLOW, _REFUSE = 0x80000000, 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ERRNO | EPERM
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06

# fmt: off
_CALLS = {
    # In both: read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn getpid
    # sched_yield mremap madvise exit gettimeofday gettid futex restart_syscall clock_gettime exit_group getrandom
    "x86_64": (
        0xC000003E,
        (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 39, 60, 96, 186, 202, 219, 228, 231, 318),
    ),
    "aarch64": (
        0xC00000B7,
        (
            63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139,
            124, 216, 233, 172, 93, 169, 178, 98, 128, 113, 94, 278,
        ),
    ),
}
# fmt: on
"""Audit architecture and allowed system calls: memory, the open socket, time and the end. No file, socket, process."""


LAYERS = frozenset(
    {"network_namespace", "unprivileged", "dies_with_parent", "rlimits", "no_new_privs", "undumpable", "seccomp"}
)
MINIMUM = frozenset({"rlimits", "no_new_privs", "seccomp"})
"""Without these a decoder that was taken over could open files and sockets; the others are a second line."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def leave_network() -> list[str]:
    """Leave the network, for this process and all that it bears; the name of the layer, where this system offers it."""
    return _applied([("network_namespace", _leave_the_network)])


def confine(memory_bytes: int, cpu_s: int) -> list[str]:
    """Apply every other layer that this system offers and return the names of those in force.

    No new file or socket can be opened afterwards, no process or thread started: import everything before.
    """
    return _applied(
        [
            ("unprivileged", _become_nobody),
            # A change of user takes it back, so after that and before system calls are few.
            ("dies_with_parent", lambda: _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)),
            ("rlimits", lambda: _limit(memory_bytes, cpu_s)),
            ("no_new_privs", lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1)),
            ("undumpable", lambda: _prctl(_PR_SET_DUMPABLE, 0)),
            ("seccomp", _filter_system_calls),
        ]
    )


def _applied(layers: list[tuple[str, Callable[[], None]]]) -> list[str]:
    in_force = []
    for name, apply in layers:
        with contextlib.suppress(OSError, ValueError, AttributeError, KeyError):
            apply()
            in_force.append(name)
    return in_force


def _limit(memory_bytes: int, cpu_s: int) -> None:
    # NOFILE 0 is the portable core: what is open stays open, but no open(), socket() or dup() succeeds any more.
    zeros = ["RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CORE"]
    limits = {name: 0 for name in zeros if hasattr(resource, name)}
    if sys.platform == "linux":
        limits["RLIMIT_AS"] = memory_bytes
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, name), (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))  # SIGXCPU tells the parent why; SIGKILL follows


def _leave_the_network() -> None:
    alone = _CLONE_NEWNET | _CLONE_NEWIPC
    _checked(_libc().unshare(alone if os.geteuid() == 0 else alone | _CLONE_NEWUSER))


def _become_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _filter_system_calls() -> None:
    if sys.platform != "linux":
        raise OSError("seccomp needs Linux")
    architecture, allowed = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),  # struct seccomp_data: nr at 0, arch at 4
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, 0),
    ]
    steps += [(_JUMP_IF_EQUAL, len(allowed) - n, 0, call) for n, call in enumerate(allowed)]
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int, pointer: int = 0) -> None:
    rest = (ctypes.c_ulong(pointer), ctypes.c_ulong(0), ctypes.c_ulong(0))
    _checked(_libc().prctl(ctypes.c_int(option), ctypes.c_ulong(value), *rest))


def _checked(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
