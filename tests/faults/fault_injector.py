"""Who makes things die: every deed drawn from one seed, each written down."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil
import redis

from tests.faults.gauges import Gauges
from tests.faults.stage import Stage
from worker.contract import outcome_key

PROCESSES = ("kill bot", "kill worker", "kill painter", "stop painter")
REDIS = ("kill redis", "flushall")
DESTROYED = "painting wiped"


@dataclass
class FaultInjector:
    """Strikes when asked."""

    stage: Stage
    seed: int
    deeds: tuple[str, ...] = PROCESSES
    done: "Counter[str]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def strike(self) -> str:
        """Do one thing."""
        deed = self._dice.choice(self.deeds)
        how: dict[str, Callable[[], None]] = {
            "kill bot": self.stage.bot.kill,
            "kill worker": lambda: self._dice.choice(self.stage.workers).kill(),
            "kill painter": lambda: self._to_painter("kill"),
            "stop painter": lambda: self._to_painter("suspend"),
            "terminate bot": self.stage.bot.terminate,
            "terminate worker": lambda: self._dice.choice(self.stage.workers).terminate(),
            "kill redis": self.stage.server.kill,
            "flushall": self._flushall,
        }
        how[deed]()
        self.done[deed] += 1
        return deed

    def _to_painter(self, deed: str) -> None:
        """To the process inside a worker. A stopped one is ended by its watchdog, or goes on after two seconds."""
        processes = self._dice.choice(self.stage.workers).tree()[1:]
        for process in processes[:1]:
            try:
                getattr(process, deed)()
                if deed == "suspend":
                    time.sleep(2)
                    process.resume()
            except psutil.Error:
                continue

    def _flushall(self) -> None:
        """Counts the paintings that were done and that the bot had not taken yet: they have to be painted again."""
        waiting = {job for (job,) in Gauges(self.stage).asked("SELECT id FROM job WHERE outcome = ''")}
        try:
            with self.stage.connection() as connection:
                done = {key.decode().rpartition(":")[2] for key in connection.scan_iter(outcome_key("*"))}
                connection.flushall()
        except redis.RedisError:
            return
        self.done[DESTROYED] += len(waiting & done)
