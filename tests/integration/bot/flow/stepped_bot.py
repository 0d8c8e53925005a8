"""A whole bot on a real network, stepped by hand: only the painting itself is done by a quick brush."""

import hashlib
import io
from pathlib import Path
from typing import Any

from PIL import Image

from bot.clock import SystemClock
from bot.flow.chores import tidy
from bot.flow.deletions import delete_posts, follow_deletions
from bot.flow.steps import STEPS, step
from bot.ledger import JobRow, Row, State
from bot.metrics import Metrics
from bot.pictures.bare import bare_size
from bot.pictures.decode import SafeDecoder
from bot.pictures.fetch import Fetcher
from bot.pictures.store import StoredPictures
from bot.policy import Quota, Rules
from bot.styles.catalogue import HOUSE
from bot.styles.listing import load
from bot.wiring import assemble
from tests.fakes.queue import FakeQueue
from tests.films import short_film
from tests.stages import Stage
from worker.contract import Film, Rendered, RenderJob

ROUNDS = 6


class QuickBrush(FakeQueue):
    """The fake queue, painting a JPEG of the photo's size in a colour that comes from the job's id."""

    def paint(self, code: Any = None) -> None:
        jobs = [(job, bare_size(self.blobs.get(job.photo or "", b"")) or (32, 48)) for job in self.queue]
        super().paint(code)
        for job, (height, width) in jobs:
            outcome = self.outcomes[job.id]
            if isinstance(outcome, Rendered):
                data = _jpeg(job.id, (width, height))
                key = hashlib.sha256(data).hexdigest()
                self.blobs[key] = data
                film = job.options.film is not Film.NONE and self._film(job)
                self.outcomes[job.id] = outcome.model_copy(
                    update={"blob": key, "film": film or None, "height_px": height, "width_px": width}
                )

    def _film(self, job: RenderJob) -> str:
        data = short_film(job.options.film)
        key = hashlib.sha256(data).hexdigest()
        self.blobs[key] = data
        return key


class OnceOpened(StoredPictures):
    """The same bytes are decoded once: the decoder's process start is tested elsewhere."""

    _known: dict[str, str] = {}  # noqa: RUF012  # shared on purpose

    def admit(self, data: bytes, declared: str = "") -> str:
        digest = f"{self._inputs}:{hashlib.sha256(data).hexdigest()}"
        if digest not in self._known:
            self._known[digest] = super().admit(data, declared)
        return self._known[digest]


class LeapingClock(SystemClock):
    """The machine's clocks, which can be told that a while has passed."""

    ahead_s = 0.0

    def now(self) -> float:
        return super().now() + self.ahead_s

    def steady(self) -> float:
        return super().steady() + self.ahead_s


class Studio:
    """One bot with a ledger in `folder`, following one stage."""

    def __init__(self, stage: Stage, folder: Path, decoder: SafeDecoder) -> None:
        self.stage = stage
        self.clock = LeapingClock()
        rules = Rules(quota=Quota(1000, 1000, 10_000, 10_000), replies_per_thread=50, watches_s={stage.name: 86_400})
        fetcher = Fetcher(frozenset({"127.0.0.1", "localhost"}), allow_private_hosts=True)
        pictures = OnceOpened(folder / "pictures", fetcher, decoder)
        self.renders, platforms = QuickBrush(), {stage.name: stage.platform}
        self.parts = assemble(
            folder,
            platforms,
            self.renders,
            pictures,
            catalogue=load(HOUSE),
            rules=rules,
            clock=self.clock,
            metrics=Metrics(),
        )
        self.ledger = self.parts.ledger
        # Met before anybody speaks: a mention older than the first contact would wait for a replayed answer.
        stage.platform.newest()
        self.ledger.first_sync_done(stage.name)

    def settle(self, mention_id: str) -> Row:
        """Poll, and take this mention to its end as bot.loop does."""
        self.poll()
        for _ in range(ROUNDS):
            row = self.row(mention_id)
            if row.state is State.QUEUED:
                self.renders.paint()
            if row.state not in STEPS or row.state is State.POSTING:
                break
            step(self.parts, row)
        delete_posts(self.parts, self.stage.name)
        return self.row(mention_id)

    def care(self, passed_s: float = 0) -> None:
        """After a while, what the bot does now and then: follow deletions, take posts down, remove pictures."""
        self.clock.ahead_s += passed_s
        follow_deletions(self.parts, self.stage.name)
        delete_posts(self.parts, self.stage.name)
        tidy(self.parts)

    def poll(self) -> None:
        name = self.stage.name
        for page in self.stage.platform.pages(self.ledger.cursor(name) or "0"):
            self.ledger.record(name, page.mentions, page.cursor)
        self.ledger.first_sync_done(name)

    def row(self, mention_id: str) -> Row:
        found = self.ledger.get(self.stage.name, mention_id)
        assert found is not None, f"{mention_id} was never heard"
        return found

    def jobs(self, row: Row) -> list[JobRow]:
        return self.ledger.jobs(row)

    def close(self) -> None:
        self.ledger.close()


def _jpeg(seed: str, size: tuple[int, int]) -> bytes:
    colour = tuple(hashlib.sha256(seed.encode()).digest()[:3])
    packed = io.BytesIO()
    Image.new("RGB", size, colour).save(packed, "JPEG")
    return packed.getvalue()
