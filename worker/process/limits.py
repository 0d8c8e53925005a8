"""Limits that a process sets on itself: malloc's memory, spinning threads, core dumps, stop signals."""

import ctypes
import os
import resource
import signal

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""mallopt(3), as glibc's malloc.h numbers them."""


def limit_malloc_arenas() -> None:
    """One heap, large blocks by mmap; call it before threads start. Does nothing where the C library is not glibc.

    By default glibc gives each thread a heap of its own, and once a large block was freed it serves that size from the
    heap, where one small long-lived allocation keeps all the memory below it. Our threads mostly wait for each other.
    """
    _one_heap(large_bytes=128 * 1024, spare_bytes=512 * 1024)


def keep_freed_memory() -> None:
    """Freed blocks of any size stay in one heap for the next; call it before threads start, for glibc alone.

    By default blocks over 32 MiB, as the tensors of large paintings are, come from the kernel each time, which clears
    and maps them page by page: at 2048 px an iteration of `lite` in float32 took 12.3 s like that, and takes 4.9 s.
    """
    _one_heap(large_bytes=2**31 - 1, spare_bytes=2**31 - 1)


def give_back_freed_memory() -> None:
    """What `keep_freed_memory` kept goes back to the kernel, for other processes and the next look at what is free."""
    _malloc("malloc_trim", 0)


def _one_heap(*, large_bytes: int, spare_bytes: int) -> None:
    """Blocks from `large_bytes` on by mmap, and free memory at the heap's end given back from `spare_bytes` on."""
    _malloc("mallopt", _ARENA_MAX, 1)
    _malloc("mallopt", _MMAP_THRESHOLD, large_bytes)
    _malloc("mallopt", _TRIM_THRESHOLD, spare_bytes)


def _malloc(function: str, *arguments: int) -> None:
    try:
        getattr(ctypes.CDLL(None), function)(*arguments)
    except (OSError, AttributeError):  # not glibc
        return


def limit_spinning() -> None:
    """GNU OpenMP's threads sleep after some 20 microseconds of waiting; call it before torch is loaded.

    They spin while they wait for one another, for milliseconds, and with a busy neighbour on the same cores that takes
    seconds. Like this they are as fast on a quiet machine (512 px in 7.8 s; 14.5 s when they sleep at once) and no
    slower on a busy one.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")


def disable_core_dumps() -> None:
    """No core file of this process or its children: their memory holds passwords, tokens and people's pictures."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def ignore_stop_signals() -> None:
    """Ignore SIGTERM and SIGINT from here on, so that a clean exit is not reported as a kill.

    Python restores every signal's default before it unloads modules (Py_FinalizeEx). Call it last: children that are
    started afterwards inherit it.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
