"""Memory that was used once goes back to the system, also after weeks of pictures and lists of mentions."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""mallopt(3), as glibc's malloc.h numbers them."""
_LARGE_BYTES = 128 * 1024
_SPARE_BYTES = 512 * 1024


def be_thrifty() -> None:
    """For this process, before it starts threads; where the C library is not glibc, nothing changes.

    Left alone, glibc gives every thread a heap of its own, and once a large block was given back it takes blocks of
    that size from the heap as well, where one small thing that lives on keeps all that was below it. Our threads mostly
    wait for each other: one heap for small things is enough, and each large one comes from the system and goes back.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_ARENA_MAX, 1)
    mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
    mallopt(_TRIM_THRESHOLD, _SPARE_BYTES)
