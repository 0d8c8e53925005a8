"""Memory that was freed: the bot keeps none below a small thing that lives on, a painter all for its next tensor."""

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


_TENSORS = """
import resource, sys
from worker.process.limits import give_back_freed_memory, keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()

def resident_kb():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() // 1024

for number in range(10):
    if number == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    large = bytearray(2**26)
    large[::4096] = bytes(2**14)
    del large
faults, held = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before, resident_kb()
give_back_freed_memory()
print(faults, held - resident_kb())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
def test_a_painters_large_blocks_are_mapped_once_and_given_back_when_told() -> None:
    (mapped_anew, _), (mapped_once, given_back_kb) = of_tensors("as it is"), of_tensors("kept")
    assert mapped_once < 0.1 * mapped_anew
    assert given_back_kb > 0.9 * 2**16


def of_tensors(how: str) -> tuple[int, int]:
    """Page faults of a process that uses a large block nine times more, and kB that it gives back at the end."""
    told = subprocess.run([sys.executable, "-c", _TENSORS, how], check=True, capture_output=True, text=True)
    faults, kb = map(int, told.stdout.split())
    return faults, kb
