"""What the paintings of one studio will take, learnt from those it made."""

import logging

from worker.gatys.recipe import Recipe
from worker.gatys.vgg import Vgg
from worker.render.estimate import Estimate, Rate, estimate, measured_rate
from worker.render.free_memory import budget_bytes

log = logging.getLogger(__name__)

MOST_TO_LEARN = 4.0
"""No painting makes the next one look more than so many times slower or faster: the machine may have been busy."""


class Forecast:
    """Measures a network's rate when it is first asked about it, a fraction of a second with lite on a CPU."""

    def __init__(self) -> None:
        self._rates: dict[str, Rate] = {}

    def of(self, size: tuple[int, int], recipe: Recipe, net: Vgg, backbone: str) -> Estimate:
        """For a painting of (height, width) in what memory is free now; a plateau ends it sooner."""
        if backbone not in self._rates:
            self._rates[backbone] = measured_rate(net)
        return estimate(size, recipe, net, self._rates[backbone], budget_bytes(net.mean.device))

    def learn(self, backbone: str, foretold_s: float, took_s: float) -> None:
        """Go half of the way, by ratio, from what was foretold to what it took."""
        log.info("painted in %.1f s, foretold were %.1f s", took_s, foretold_s)
        ratio = min(MOST_TO_LEARN, max(1 / MOST_TO_LEARN, took_s / foretold_s))
        self._rates[backbone] = self._rates[backbone].slower(ratio**0.5)
