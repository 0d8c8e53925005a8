"""Single deaths with a stopwatch: how long until the same job is painted again, a hung painter ended, a reply out."""

import os
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median

from bot.ledger.lock import EXIT_LOCKED
from tests.faults.gauges import Gauges
from tests.faults.metric import Metric
from tests.faults.observations import FaultRates
from tests.faults.processes import ManagedProcess
from tests.faults.quick_painter import Way
from tests.faults.stage import STYLESMITH_BOT, Stage, stage

LIMIT_S = 300.0


def measure(outage_s: float = 60.0) -> list[Metric]:
    """All of them, on one installation of Mastodon's kind."""
    with stage("mastodon") as installed:
        installed.world.misbehave(FaultRates())
        return [
            *_own_times(installed),
            _painted_again(installed, "painter killed in mid-painting", lambda worker: worker.tree()[1].kill()),
            _painted_again(installed, "whole worker killed in mid-painting", ManagedProcess.kill),
            _hung(installed),
            _poison(installed),
            _outage(installed, outage_s),
            *_drained(installed),
            _second_bot(installed),
        ]


def _own_times(installed: Stage, mentions: int = 20) -> list[Metric]:
    """What the bot itself takes, one mention at a time: to a job in Redis, and from its end to an answer written down.

    The platform's own time for the picture and the post is part of the latter.
    """
    to_job_s, to_answer_s = [], []
    for _ in range(mentions):
        installed.world.mention(1)
        _answered(installed)
    gauges = Gauges(installed)
    _until(lambda: not gauges.open())
    with installed.connection() as connection:
        for mention_id, recorded_at, ended_at in gauges.asked("SELECT id, recorded_at, ended_at FROM mention"):
            job = connection.hgetall(f"rq:job:mastodon-{mention_id}-0")
            to_job_s.append(_at(job[b"enqueued_at"]) - recorded_at)
            to_answer_s.append(ended_at - _at(job[b"ended_at"]))
    return [
        Metric(what, max(took_s), 1, note=f"longest of {mentions}; half took at most {median(took_s):.2f} s")
        for what, took_s in (
            ("a mention seen -> its job in the queue", to_job_s),
            ("a painting's job ended -> its answer is known to be there", to_answer_s),
        )
    ]


def _at(written: bytes) -> float:
    return datetime.fromisoformat(written.decode()).timestamp()


def _painted_again(installed: Stage, what: str, kill: Callable[[ManagedProcess], None]) -> Metric:
    begun = installed.sketched
    installed.world.mention(1, f"seed {Way.LONG.value}")
    _until(lambda: installed.sketched == begun + 1)
    time.sleep(1)
    kill(installed.workers[0])
    began_s = time.monotonic()
    _until(lambda: installed.sketched == begun + 2)
    seconds = time.monotonic() - began_s
    _answered(installed)
    return Metric(f"{what} -> the same job is painted again", seconds, 20)


def _hung(installed: Stage) -> Metric:
    log = installed.workers[0].log
    begun, before = installed.sketched, log.read_text().count("(stalled)")
    installed.world.mention(1, f"seed {Way.HANGS.value}")
    _until(lambda: installed.sketched == begun + 1)
    began_s = time.monotonic()
    _until(lambda: log.read_text().count("(stalled)") == before + 1)
    seconds = time.monotonic() - began_s
    _answered(installed)
    tries = installed.sketched - begun
    return Metric("iterations stop -> the painter is ended", seconds, 20, note=f"{tries} tries, then told")


def _poison(installed: Stage) -> Metric:
    begun, began_s = installed.sketched, time.monotonic()
    installed.world.mention(1, f"seed {Way.POISON.value}")
    installed.world.mention(1)
    _answered(installed)
    tries = installed.sketched - begun - 1
    seconds = time.monotonic() - began_s
    return Metric("a poison job -> told, and the next one painted", seconds, 90, note=f"{tries} tries")


def _outage(installed: Stage, outage_s: float) -> Metric:
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
    what = f"Redis back after {outage_s:.0f} s -> reply"
    return Metric(what, seconds + 1000 * again, 15, note=f"{again} painted again")


def _drained(installed: Stage) -> list[Metric]:
    """SIGTERM while there is nothing to do."""
    installed.minding = False
    worker, bot = installed.workers[0], installed.bot
    _until(lambda: worker.log.read_text().count("is ready") > worker.log.read_text().count("process ended"))
    time.sleep(2)
    figures = [Metric(f"SIGTERM to an idle {actor.name} -> ended", _ended_s(actor), 2) for actor in (worker, bot)]
    installed.minding = True
    return figures


def _ended_s(actor: ManagedProcess) -> float:
    began_s = time.monotonic()
    actor.terminate()
    _until(lambda: not actor.alive())
    return time.monotonic() - began_s


def _second_bot(installed: Stage) -> Metric:
    """The best of three: Python's own start is part of it, and other programs may have the processor."""
    looked = installed.bot.log.read_text().count("listening")
    _until(lambda: installed.bot.log.read_text().count("listening") > looked)
    environment = os.environ | installed.bot.environment
    took_s = []
    for _ in range(3):
        began_s = time.monotonic()
        status = subprocess.run(STYLESMITH_BOT, env=environment, capture_output=True, check=False)
        took_s.append(time.monotonic() - began_s if status.returncode == EXIT_LOCKED else LIMIT_S)
    return Metric("a second bot on the same data -> exit 75", min(took_s), 1, note="start of Python included")


def _answered(installed: Stage) -> None:
    _until(lambda: not installed.world.seen().lost)


def _until(true: Callable[[], object]) -> None:
    end_s = time.monotonic() + LIMIT_S
    while not true():
        if time.monotonic() > end_s:
            raise TimeoutError("it did not happen")
        time.sleep(0.05)
