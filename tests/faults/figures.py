"""Single deaths with a stopwatch: how long until the same job is painted again, a hung painter ended, a reply out."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.ledger.lock import EXIT_LOCKED
from tests.faults.actors import Actor
from tests.faults.sketch import Way
from tests.faults.stage import STYLESMITH_BOT, Stage, stage
from tests.faults.worlds import Weather

LIMIT_S = 300.0


@dataclass(frozen=True)
class Figure:
    """One measurement and what it may be at most."""

    what: str
    seconds: float
    at_most_s: float
    note: str = ""

    @property
    def good(self) -> bool:
        return self.seconds <= self.at_most_s


def measure(outage_s: float = 60.0) -> list[Figure]:
    """All of them, on one installation of Mastodon's kind."""
    with stage("mastodon") as installed:
        installed.world.weather(Weather())
        return [
            _painted_again(installed, "painter killed in mid-painting", lambda worker: worker.tree()[1].kill()),
            _painted_again(installed, "whole worker killed in mid-painting", Actor.kill),
            _hung(installed),
            _poison(installed),
            _outage(installed, outage_s),
            _drained(installed),
            _second_bot(installed),
        ]


def _painted_again(installed: Stage, what: str, kill: Callable[[Actor], None]) -> Figure:
    begun = installed.sketched
    installed.world.mention(1, f"seed {Way.LONG.value}")
    _until(lambda: installed.sketched == begun + 1)
    time.sleep(1)
    kill(installed.workers[0])
    began_s = time.monotonic()
    _until(lambda: installed.sketched == begun + 2)
    seconds = time.monotonic() - began_s
    _answered(installed)
    return Figure(f"{what} -> the same job is painted again", seconds, 20)


def _hung(installed: Stage) -> Figure:
    log = installed.workers[0].log
    begun, before = installed.sketched, log.read_text().count("(stalled)")
    installed.world.mention(1, f"seed {Way.HANGS.value}")
    _until(lambda: installed.sketched == begun + 1)
    began_s = time.monotonic()
    _until(lambda: log.read_text().count("(stalled)") == before + 1)
    seconds = time.monotonic() - began_s
    _answered(installed)
    return Figure(
        "iterations stop -> the painter is ended", seconds, 20, f"{installed.sketched - begun} tries, then told"
    )


def _poison(installed: Stage) -> Figure:
    begun, began_s = installed.sketched, time.monotonic()
    installed.world.mention(1, f"seed {Way.POISON.value}")
    installed.world.mention(1)
    _answered(installed)
    tries = installed.sketched - begun - 1
    return Figure("a poison job -> told, and the next one painted", time.monotonic() - began_s, 90, f"{tries} tries")


def _outage(installed: Stage, outage_s: float) -> Figure:
    begun = installed.sketched
    installed.world.mention(1, f"seed {Way.LONG.value}")
    _until(lambda: installed.sketched == begun + 1)
    time.sleep(1)
    installed.minding = False
    installed.server.kill()
    time.sleep(outage_s)
    installed.server.start()
    began_s = time.monotonic()
    _answered(installed)
    seconds, again = time.monotonic() - began_s, installed.sketched - begun - 1
    installed.minding = True
    return Figure(f"Redis back after {outage_s:.0f} s -> reply", seconds + 1000 * again, 15, f"{again} painted again")


def _drained(installed: Stage) -> Figure:
    installed.minding = False
    worker = installed.workers[0]
    _until(lambda: worker.log.read_text().count("is ready") > worker.log.read_text().count("process ended"))
    time.sleep(2)
    began_s = time.monotonic()
    worker.terminate()
    _until(lambda: not worker.alive())
    seconds = time.monotonic() - began_s
    installed.minding = True
    return Figure("SIGTERM to an idle worker -> ended", seconds, 2.5)


def _second_bot(installed: Stage) -> Figure:
    environment = os.environ | installed.bot.environment
    began_s = time.monotonic()
    status = subprocess.run(STYLESMITH_BOT, env=environment, capture_output=True, check=False)
    return Figure(
        "a second bot on the same data -> exit 75",
        time.monotonic() - began_s if status.returncode == EXIT_LOCKED else LIMIT_S,
        10,
        "start of Python included",
    )


def _answered(installed: Stage) -> None:
    _until(lambda: not installed.world.seen().lost)


def _until(true: Callable[[], object]) -> None:
    end_s = time.monotonic() + LIMIT_S
    while not true():
        if time.monotonic() > end_s:
            raise TimeoutError("it did not happen")
        time.sleep(0.05)
