"""R18: a full disk, one that takes no writes, a clock that jumps an hour, and hardly any descriptors."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx

from tests.faults.metric import Metric
from tests.faults.observations import FaultRates, until
from tests.faults.stage import Stage, stage

SMALL = "24m"
CLOCK = Path(__file__).with_name("clock.c")
DESCRIPTORS = 64
ALARM_S = 75.0
"""A poll may be a minute old before /health says so."""


def can_mount() -> bool:
    """Whether this process may mount a small file system of its own."""
    return os.geteuid() == 0 and shutil.which("mount") is not None and _tried_to_mount()


def full_disk(mentions: int = 6, *, alarm: bool = True) -> list[Metric]:
    """Not a byte is left where the ledger and the pictures are; then somebody clears up."""
    with _small_disk() as disk, _stage_on(disk) as (installed, port):
        installed.world.mention(mentions)
        until(lambda: not installed.world.seen().lost, 120)
        ballast = disk / "ballast"
        _fill(ballast)
        installed.world.mention(mentions)
        alarm_s = _unwell_s(port) if alarm else 0.0
        time.sleep(2)
        during = sum(installed.world.seen().replies.values()) - mentions
        ballast.unlink()
        note = f"{during} of {mentions} answered meanwhile"
        return [*_recovered(installed, "the disk is full", note), *_alarmed("the disk is full", alarm_s)]


def read_only_disk(mentions: int = 6) -> list[Metric]:
    """The bot starts again and again on a file system that takes no writes, until it does."""
    with _small_disk() as disk, _stage_on(disk) as (installed, _):
        installed.world.mention(mentions)
        until(lambda: not installed.world.seen().lost, 120)
        installed.minding = False
        installed.bot.kill()
        _mounted("-o", "remount,ro", str(disk))
        installed.minding = True
        installed.world.mention(mentions)
        starts = installed.bot.starts
        until(lambda: installed.bot.starts >= starts + 3, 120)
        said = installed.bot.log.read_text().count("STYLESMITH_DATA_DIR")
        _mounted("-o", "remount,rw", str(disk))
        unsaid = Metric("read-only: starts that did not say why", max(0, 2 - said), 0, "")
        return [*_recovered(installed, "the disk is read-only"), unsaid]


def jumping_clock(mentions: int = 6) -> list[Metric]:
    """The wall clock of bot and worker goes an hour ahead, then an hour behind, then right again."""
    with tempfile.TemporaryDirectory() as folder:
        clock, library = Path(folder) / "clock", Path(folder) / "clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(CLOCK), "-ldl"], check=True)
        clock.write_text("0")
        with stage("mastodon", {"LD_PRELOAD": str(library), "SHIFT_FILE": str(clock)}) as installed:
            installed.world.misbehave(FaultRates(seed=1, before=0.05, after=0.2))
            for jump in ("3600", "-3600", "0"):
                installed.world.mention(mentions)
                time.sleep(1)
                (Path(folder) / "next").write_text(jump)
                (Path(folder) / "next").replace(clock)
                installed.world.mention(mentions)
                time.sleep(3)
            installed.world.misbehave(FaultRates())
            return _recovered(installed, "the clock jumps an hour")


def few_descriptors(mentions: int = 12) -> list[Metric]:
    """The bot may open 64 files at a time, its sockets among them."""
    with stage("mastodon", files=DESCRIPTORS) as installed:
        installed.world.misbehave(FaultRates())
        installed.world.mention(mentions)
        return _recovered(installed, f"{DESCRIPTORS} descriptors", f"{installed.bot.starts} starts of the bot")


def hardships() -> list[Metric]:
    """All that this machine allows."""
    figures = few_descriptors()
    if shutil.which("cc"):
        figures += jumping_clock()
    if can_mount():
        figures += full_disk() + read_only_disk()
    return figures


def _recovered(installed: Stage, what: str, note: str = "") -> list[Metric]:
    seen = installed.settled(quiet_s=6, limit_s=180)
    lost = Metric(f"{what}: lost", len(seen.lost), 0, "", f"{len(seen.mentions)} mentions {note}")
    return [lost, Metric(f"{what}: twice", len(seen.doubled), 0, "")]


def _alarmed(what: str, alarm_s: float) -> list[Metric]:
    return [Metric(f"{what}: /health says so", alarm_s, ALARM_S)] if alarm_s else []


def _unwell_s(port: int) -> float:
    """Seconds until /health turns to 503."""
    began_s = time.monotonic()
    until(lambda: httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == 503, ALARM_S * 2)
    return time.monotonic() - began_s


@contextmanager
def _stage_on(disk: Path) -> Iterator[tuple[Stage, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    settings = {"STYLESMITH_DATA_DIR": str(disk / "data"), "STYLESMITH_METRICS_PORT": str(port)}
    with stage("mastodon", settings) as installed:
        installed.world.misbehave(FaultRates())
        yield installed, port


@contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="faults-disk-") as folder:
        _mounted("-t", "tmpfs", "-o", f"size={SMALL}", "none", folder)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _tried_to_mount() -> bool:
    try:
        with _small_disk():
            return True
    except subprocess.CalledProcessError:
        return False


def _mounted(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def _fill(ballast: Path) -> None:
    """Until nothing more goes in."""
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 4096, 1):
            _write_until_full(partial(file.write, b"\0" * size))


def _write_until_full(write: Callable[[], int | None]) -> None:
    try:
        while write():
            pass
    except OSError:
        return
