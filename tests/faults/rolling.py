"""R11: the bot and the workers are told to end, again and again, while mentions come in; nothing is charged for it."""

import signal
import time
from collections import Counter

from tests.faults.crashes import Plan
from tests.faults.gauges import Gauges
from tests.faults.metric import Metric
from tests.faults.observations import FaultRates
from tests.faults.processes import ManagedProcess
from tests.faults.stage import Stage, stage

GRACE_S = 75.0
AGAIN = (1, 1, 2, 5)
"""How often SIGTERM is sent to one process, in turns: a storm of them changes nothing."""


def rolling(plan: Plan, restarts: int) -> list[Metric]:
    """`restarts` times the bot or a worker, in turns, is told to end and started again when it has."""
    with stage(plan.platform, workers=2, horizon_s=plan.horizon_s) as installed:
        installed.world.misbehave(FaultRates(plan.seed, lag_s=plan.lag_s))
        began_s, sent, ended_s, statuses = time.monotonic(), 0, [0.0], Counter[int]()
        for number in range(restarts):
            due = plan.mentions * (number + 1) // restarts
            installed.world.mention(due - sent)
            sent = due
            actor = installed.bot if number % 2 else installed.workers[number // 2 % 2]
            took_s, status = _restarted(installed, actor, AGAIN[number % len(AGAIN)])
            ended_s.append(took_s)
            statuses[status] += 1
        seen = installed.settled(plan.horizon_s + 2, plan.minutes * 60)
        charged = Gauges(installed).asked("SELECT coalesce(sum(tries), 0) FROM mention")[0][0]
        wall_s = time.monotonic() - began_s
        name = f"{restarts} rolling restarts, {plan.platform}: "
        note = f"{len(seen.mentions):,} mentions in {wall_s:,.0f} s; {installed.sketched:,} paintings begun"
        return [
            Metric(name + "lost", len(seen.lost), 0, "", note),
            Metric(name + "twice", len(seen.doubled), 0, ""),
            Metric(name + "strikes charged", charged, 0, ""),
            Metric(name + "ended with another status than 0", restarts - statuses[0], 0, "", str(dict(statuses))),
            Metric(name + "longest end", max(ended_s), GRACE_S),
        ]


def _restarted(installed: Stage, actor: ManagedProcess, times: int) -> tuple[float, int]:
    """Seconds until it had ended, and its status. Minding is left off, so that only this starts it."""
    installed.minding = False
    ready = b"is ready" if actor in installed.workers else b"listening"
    _until(lambda: actor.log.read_bytes().count(ready) >= actor.starts)
    assert actor.process is not None
    began_s = time.monotonic()
    for _ in range(times):
        if actor.process.poll() is None:
            actor.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
    status = actor.process.wait(GRACE_S + 30)
    took_s = time.monotonic() - began_s
    actor.start()
    installed.minding = True
    return took_s, status


def _until(true: object) -> None:
    end_s = time.monotonic() + 60
    while not true():  # type: ignore[operator]  # a question
        if time.monotonic() > end_s:
            raise TimeoutError("it did not start")
        time.sleep(0.05)
