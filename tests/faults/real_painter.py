"""The real renderer in place of the quick painter: torch and the lite network at 256 px, killed while they paint."""

import random
import sys
import time
from collections.abc import Callable
from statistics import median

import redis
from PIL import Image

from tests.faults.crashes import Plan
from tests.faults.gauges import Gauges
from tests.faults.metric import Metric
from tests.faults.observations import FaultRates, png
from tests.faults.processes import ManagedProcess
from tests.faults.stage import Stage, stage
from worker.contract import OUTCOME, Progress, Rendered, progress_key

PAINTER = [sys.executable, "-m", "worker"]
SIDE_PX = 256
MIDDLE = (0.1, 0.9)
"""Of a painting: between these it is killed."""
DEATHS: dict[str, Callable[[ManagedProcess], None]] = {
    "painter": lambda worker: worker.tree()[1].kill(),
    "worker": ManagedProcess.kill,
}


def real(plan: Plan, kills: int) -> list[Metric]:
    """All mentions come at once; the painter and then the whole worker die in mid-painting, `kills` times each."""
    # One thread: two that wait for each other at every step hardly get on beside programs that want the cores, too.
    with stage(plan.platform, {"OMP_NUM_THREADS": "1"}, horizon_s=plan.horizon_s, painter=PAINTER) as installed:
        installed.world.misbehave(FaultRates(plan.seed, plan.before, plan.after, plan.reads, plan.lag_s))
        began_s = time.monotonic()
        installed.world.mention(plan.mentions, f"size={SIDE_PX}", _photo_and_style)
        met: set[str] = set()
        deaths = [_dies(installed, who, met, plan.minutes * 60) for _ in range(kills) for who in DEATHS]
        installed.world.misbehave(FaultRates(plan.seed, lag_s=plan.lag_s))
        seen = installed.settled(plan.horizon_s + 2, plan.minutes * 60)
        still_open = Gauges(installed).open()
        wall_s = time.monotonic() - began_s
        painted = _painted(installed)
        bare = [mention for mention in seen.mentions if not seen.paintings[mention]]
        took_s = median([one.seconds for one in painted] or [0.0])
        name = f"real renderer, {plan.platform}: "
        note = f"{len(seen.mentions)} mentions in {wall_s:.0f} s; half of the paintings took at most {took_s:.1f} s"
        return [
            Metric(name + "lost", len(seen.lost), 0, "", f"{note}; {still_open} not at their end"),
            Metric(name + "twice", len(seen.doubled), 0, "", f"killed: {', '.join(deaths)}"),
            Metric(name + "answered without a painting", len(bare), 0, ""),
            Metric(name + "not painted by lite at its size", len(seen.mentions) - sum(map(_as_asked, painted)), 0, ""),
        ]


def _dies(installed: Stage, who: str, met: set[str], limit_s: float) -> str:
    """Ends `who` in mid-painting, each process once; what it was and how far. Raises TimeoutError."""
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        for progress in _under_way(installed):
            if progress.worker not in met and MIDDLE[0] < progress.fraction < MIDDLE[1]:
                met.add(progress.worker)
                DEATHS[who](installed.workers[0])
                return f"{who} at {progress.fraction:.0%}"
        time.sleep(0.05)
    raise TimeoutError("nothing was painted")


def _under_way(installed: Stage) -> list[Progress]:
    try:
        with installed.connection() as connection:
            told = connection.mget(connection.keys(progress_key("*")) or ["none"])
            return [Progress.model_validate_json(text) for text in told if text]
    except redis.RedisError:
        return []


def _painted(installed: Stage) -> list[Rendered]:
    outcomes = [OUTCOME.validate_json(text) for (text,) in Gauges(installed).asked("SELECT outcome FROM job") if text]
    return [outcome for outcome in outcomes if isinstance(outcome, Rendered)]


def _as_asked(outcome: Rendered) -> bool:
    return outcome.backbone == "lite" and max(outcome.width_px, outcome.height_px) == SIDE_PX and outcome.iterations > 0


def _photo_and_style(seed: int) -> list[bytes]:
    """Something with shapes and something with texture, different each time."""
    dice = random.Random(seed)
    x, y = dice.uniform(-2, -1), dice.uniform(0.5, 1.5)
    photo = Image.effect_mandelbrot((SIDE_PX, SIDE_PX * 3 // 4), (x, -y, x + 3, y), 100).convert("RGB")
    noise = [Image.effect_noise((SIDE_PX, SIDE_PX), dice.uniform(20, 120)) for _ in range(3)]
    return [png(photo), png(Image.merge("RGB", noise))]
