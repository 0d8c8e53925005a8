"""What the bot does not keep: texts that it read once, and heap below a small thing that lives on."""

import platform
import subprocess
import sys

import pytest

_LARGE = """
import sys
from worker.process.limits import limit_malloc_arenas
if sys.argv[1] == "thrifty":
    limit_malloc_arenas()

def heap_bytes():
    with open("/proc/self/smaps") as maps:
        lines = iter(maps)
        return sum(int(next(lines).split()[1]) for line in lines if line.rstrip().endswith("[heap]"))

first = bytearray(2**23)  # large enough that glibc takes later blocks of that size from its heap
del first
before, kept = heap_bytes(), []
for number in range(20):
    large = bytearray(2**22)
    kept.append(bytearray(3000))  # what lives on lies above what goes
    del large
print(heap_bytes() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
def test_what_lives_on_does_not_keep_a_large_block_that_is_gone() -> None:
    assert grown("thrifty") < 1000 < 2 * 1000 < grown("as it is")


def grown(how: str) -> int:
    """Of the heap of a process that uses large blocks for a moment and keeps a small one each time, in kB."""
    told = subprocess.run([sys.executable, "-c", _LARGE, how], check=True, capture_output=True, text=True)
    return int(told.stdout)
