"""Whether several workers paint as many times as much as one: what the queue and the bot cost is seen as a loss."""

import time

from tests.faults.metric import Metric
from tests.faults.observations import FaultRates
from tests.faults.stage import Stage, stage

SKETCH_S = 2.0
"""What a painting takes: long enough that Python on a few cores can serve all workers."""
PAINTINGS = 15
"""By each worker, while the rate is taken."""
LIMIT_S = 300.0


def crew(workers: tuple[int, ...] = (1, 2, 4)) -> list[Metric]:
    """The rate of so many workers against that of the first number, as a loss in percent of what it should be."""
    rates = {number: _rate(number) for number in workers}
    alone = rates[workers[0]] / workers[0]
    return [
        Metric(
            f"{number} workers, lost of {number} times the rate of one",
            100 * (1 - rates[number] / (number * alone)),
            5,
            "%",
            f"{rates[number]:.2f} paintings a second, each of {SKETCH_S:.0f} s; one worker {alone:.2f}",
        )
        for number in workers[1:]
    ]


def _rate(workers: int) -> float:
    """Paintings begun a second while more wait than are taken."""
    with stage("mastodon", {"SKETCH_S": str(SKETCH_S)}, workers=workers) as installed:
        installed.world.misbehave(FaultRates())
        installed.world.mention((PAINTINGS + 6) * workers)
        first, last = 3 * workers, (3 + PAINTINGS) * workers
        began_s = _reached_s(installed, first)
        return (last - first) / (_reached_s(installed, last) - began_s)


def _reached_s(installed: Stage, paintings: int) -> float:
    """When so many had been begun."""
    end_s = time.monotonic() + LIMIT_S
    while installed.sketched < paintings:
        if time.monotonic() > end_s:
            raise TimeoutError(f"{installed.sketched} of {paintings} paintings begun")
        time.sleep(0.01)
    return time.monotonic()
