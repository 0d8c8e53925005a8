"""What an installation uses: memory, descriptors, rows in flight, Redis, disk; sampled while a scene is played."""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import redis

from bot.ledger.rows import IN_FLIGHT, OPEN
from bot.ledger.schema import FILE
from tests.faults.stage import Stage

MB = 2**20


@dataclass(frozen=True)
class Reading:
    """At one moment."""

    bot_bytes: int = 0
    bot_files: int = 0
    painter_bytes: int = 0
    painter_files: int = 0
    in_flight: int = 0
    redis_bytes: int = 0
    redis_keys: int = 0
    pictures: int = 0
    """Files in the bot's picture folder."""


@dataclass
class Gauges:
    """Reads every `every_s` seconds between `with` and its end."""

    stage: Stage
    every_s: float = 1.0
    readings: list[Reading] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Gauges":
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def most(self, of: Callable[[Reading], int]) -> int:
        """The largest of one value."""
        return max(map(of, self.readings), default=0)

    def _sample(self) -> None:
        while not self._end.wait(self.every_s):
            self.readings.append(self.read())

    def read(self) -> Reading:
        """Now. What is not there counts as nothing."""
        bot_bytes, bot_files = _process(self.stage.bot.tree()[:1])
        painter_bytes, painter_files = _process(self.stage.workers[0].tree()[1:2])
        redis_bytes, redis_keys = self._redis()
        pictures = self.stage.folder / "data" / "pictures"
        return Reading(
            bot_bytes, bot_files, painter_bytes, painter_files, self.rows(*IN_FLIGHT), redis_bytes, redis_keys,
            sum(1 for room in pictures.glob("*") for _ in room.iterdir()),
        )  # fmt: skip

    def _redis(self) -> tuple[int, int]:
        try:
            with self.stage.connection() as connection:
                info = connection.info("memory")
                return int(info["used_memory"]), int(connection.dbsize())
        except redis.RedisError:
            return 0, 0

    def rows(self, *states: str) -> int:
        """Mentions in these states, by the ledger's file."""
        marks = ", ".join("?" * len(states))
        return int(self.asked(f"SELECT count(*) FROM mention WHERE state IN ({marks})", *states)[0][0])

    def open(self) -> int:
        """Mentions that have not come to their end."""
        return self.rows(*OPEN)

    def asked(self, sql: str, *values: object) -> list[Any]:
        """What the ledger answers to a question; read from beside the bot."""
        path: Path = self.stage.folder / "data" / FILE
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


def _process(found: list[psutil.Process]) -> tuple[int, int]:
    try:
        return int(found[0].memory_info().rss), found[0].num_fds()
    except (psutil.Error, IndexError):
        return 0, 0
