"""Free memory of this machine, or of the container around this process."""

import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


def free_bytes() -> int:
    """Bytes of main memory that can still be had."""
    return min(_free_on_the_host(), _free_in_the_cgroup())


def _free_on_the_host() -> int:
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def _free_in_the_cgroup() -> int:
    """What a container's limit (cgroup v2) leaves."""
    limit, used = _CGROUP / "memory.max", _CGROUP / "memory.current"
    if not limit.exists() or (text := limit.read_text().strip()) == "max":
        return 2**62
    return max(0, int(text) - int(used.read_text()))
