"""Everything that a scene needs, running: Redis, a platform, a bot and workers, and who starts them again."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from bot.queue.redis_server import executable
from tests import ROOT
from tests.faults.mastodon import Mastodon
from tests.faults.observations import Seen, until
from tests.faults.processes import ManagedProcess
from tests.faults.x import X

WORLDS: dict[str, type[Mastodon] | type[X]] = {"mastodon": Mastodon, "x": X}
FAR_AWAY = {
    "STYLESMITH_QUOTA_10_MIN": "1000000",
    "STYLESMITH_QUOTA_DAY": "1000000",
    "STYLESMITH_QUOTA_INSTANCE_HOUR": "1000000",
    "STYLESMITH_QUOTA_EVERYBODY_HOUR": "1000000",
    "STYLESMITH_NOTE_AFTER_S": "100000",
    "STYLESMITH_FOLLOW_DELETIONS_H": "0",
    "STYLESMITH_ALLOW_PRIVATE_HOSTS": "true",
    "STYLESMITH_LOG_LEVEL": "info",
}
"""Limits that are not what is tried here."""
QUICK_PAINTER = [sys.executable, "-m", "tests.faults.crashing_worker"]
STYLESMITH_BOT = [sys.executable, "-c", "from bot.cli import main; main()", "bot"]
START_LIMIT_S = 180.0
"""A machine that runs tests may have one core for ten of them."""


@dataclass
class Stage:
    """One installation, and its platform."""

    folder: Path
    world: Mastodon | X
    server: ManagedProcess
    bot: ManagedProcess
    workers: list[ManagedProcess]
    url: str
    minding: bool = True
    _curtain: threading.Event = field(default_factory=threading.Event)

    @property
    def actors(self) -> list[ManagedProcess]:
        return [self.server, self.bot, *self.workers]

    @property
    def sketched(self) -> int:
        """How many paintings were begun."""
        log = self.folder / "sketched"
        return len(log.read_bytes()) if log.exists() else 0

    def connection(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def up(self) -> None:
        """Redis, then the platform, then the others; the bot has looked once, so every later mention is for it."""
        self.server.start()
        until(self.answers)
        self.world.open()
        self.bot.environment |= self.world.settings()
        for actor in (self.bot, *self.workers):
            actor.start()
        until(lambda: b"first look" in self.bot.log.read_bytes(), START_LIMIT_S)
        threading.Thread(target=self._mind, daemon=True).start()

    def answers(self) -> bool:
        try:
            with self.connection() as connection:
                return bool(connection.ping())
        except redis.RedisError:
            return False

    def _mind(self) -> None:
        """As a service manager does."""
        while not self._curtain.wait(0.1):
            if self.minding:
                for actor in self.actors:
                    actor.mind()

    def down(self) -> None:
        self._curtain.set()
        time.sleep(0.2)
        for actor in self.actors:
            actor.kill()
        self.world.close()

    def settled(self, quiet_s: float, limit_s: float) -> Seen:
        """What the platform saw once every mention has a reply and nothing more comes for `quiet_s` seconds."""
        end_s, same_s, before = time.monotonic() + limit_s, time.monotonic(), -1
        while True:
            seen = self.world.seen()
            total = sum(seen.replies.values())
            if total != before:
                before, same_s = total, time.monotonic()
            quiet = time.monotonic() - same_s > quiet_s
            if (quiet and not seen.lost) or time.monotonic() > end_s:
                return seen
            time.sleep(0.25)


@contextmanager
def stage(
    name: str,
    more: Mapping[str, str] | None = None,
    *,
    workers: int = 1,
    horizon_s: float = 4,
    files: int = 0,
    painter: Sequence[str] = QUICK_PAINTER,
) -> Iterator[Stage]:
    """An installation in a temporary folder, ended with everything in it. `files`: how many the bot may open."""
    with tempfile.TemporaryDirectory(prefix="faults-") as root:
        folder = Path(root)
        for room in ("redis", "styles"):
            (folder / room).mkdir()
        socket = folder / "r.sock"
        url = f"unix://{socket}"
        settings = {
            **FAR_AWAY,
            "STYLESMITH_REDIS_URL": url,
            "STYLESMITH_DATA_DIR": str(folder / "data"),
            "STYLESMITH_STYLES_DIR": str(folder / "styles"),
            "STYLESMITH_MASTODON_HORIZON_S": str(horizon_s),
            "STYLESMITH_X_HORIZON_S": str(horizon_s),
            "SKETCH_LOG": str(folder / "sketched"),
            "SKETCH_S": "0.05",
            "PYTHONPATH": str(ROOT),
            **(more or {}),
        }
        installed = Stage(
            folder=folder,
            world=WORLDS[name](folder),
            server=ManagedProcess("redis", _redis(folder, socket), {}, folder / "redis.log"),
            bot=ManagedProcess("bot", STYLESMITH_BOT, settings, folder / "bot.log", files=files),
            workers=[ManagedProcess("worker", painter, settings, folder / f"worker{n}.log") for n in range(workers)],
            url=url,
        )
        try:
            installed.up()
            yield installed
        finally:
            installed.down()
            if keep := os.environ.get("FAULTS_KEEP"):
                os.system(f"mkdir -p {keep} && cp -r {folder} {keep}/")


def _redis(folder: Path, socket: Path) -> Sequence[str]:
    """As deploy/redis has it, on a socket."""
    options = {"port": "0", "unixsocket": str(socket), "dir": str(folder / "redis"), "appendonly": "yes"}
    options |= {"appendfsync": "always", "save": "", "maxmemory-policy": "noeviction"}
    return [executable(), *(word for name, value in options.items() for word in (f"--{name}", value))]
