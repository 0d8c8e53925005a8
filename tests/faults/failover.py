"""A Redis of two servers that fails over while mentions come in: what replication loses is painted again."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.crashes import Plan
from tests.faults.metric import Metric
from tests.faults.observations import FaultRates
from tests.faults.redis_set import ANYBODY, redis_set
from tests.faults.stage import stage


def failover(plan: Plan, times: int) -> list[Metric]:
    """The primary is killed `times` times, with mentions before, meanwhile and after."""
    with (
        TemporaryDirectory(prefix="set-") as folder,
        redis_set(Path(folder) / "set") as servers,
        stage(
            plan.platform, {"STYLESMITH_REDIS_URL": servers.url(ANYBODY)}, workers=2, horizon_s=plan.horizon_s
        ) as installed,
    ):
        installed.world.misbehave(FaultRates(plan.seed, lag_s=plan.lag_s))
        began_s, sent = time.monotonic(), 0
        for number in range(times):
            due = plan.mentions * (number + 1) // times
            installed.world.mention((due - sent) // 2)
            time.sleep(0.3)
            dead = servers.fail_over()
            installed.world.mention(due - sent - (due - sent) // 2)
            servers.bring_back(dead)
            sent = due
        seen = installed.settled(plan.horizon_s + 2, plan.minutes * 60)
        name = f"{times} failovers, {plan.platform}: "
        note = f"{len(seen.mentions):,} mentions in {time.monotonic() - began_s:,.0f} s"
        again = installed.sketched - len(seen.mentions)
        return [
            Metric(name + "lost", len(seen.lost), 0, "", note),
            Metric(name + "twice", len(seen.doubled), 0, ""),
            Metric(name + "painted again", again, 0.1 * len(seen.mentions) + times, ""),
        ]
