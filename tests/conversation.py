"""A whole bot over fakes, stepped by hand; `restart` is a death and a new process on the same ledger."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from bot.errors import TransportDown
from bot.flow.backoff import attempt
from bot.flow.chores import tidy
from bot.flow.deletions import delete_posts, follow_deletions, seek_strays
from bot.flow.notes import note
from bot.flow.steps import step
from bot.ledger import Row, State
from bot.ledger.schema import FILE, connect
from bot.metrics import Metrics
from bot.policy import Rules
from bot.posts import Mention
from bot.styles.catalogue import Catalogue, Style
from bot.wiring import assemble
from tests.fakes.clock import FakeClock
from tests.fakes.mentions import EPOCH
from tests.fakes.pictures import FakePictures
from tests.fakes.platform import FakePlatform
from tests.fakes.queue import FakeQueue
from tests.fakes.styles import FakeStyles

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A disk that does not really sync: thousands of commits would take minutes on a real one."""
RULES = Rules(horizons_s={"fake": 90}, watches_s={"fake": 86_400})


@dataclass
class Conversation:
    """Fakes, a ledger in `directory`, and one bot process at a time."""

    directory: Path
    rules: Rules = RULES
    clock: FakeClock = field(default_factory=FakeClock)
    serves: bool = True
    """Whether the platform serves polls."""
    name: str = "fake"
    """The platform's name, by which some rules differ."""

    def __post_init__(self) -> None:
        self.platform = FakePlatform(self.clock, self.name)
        self.renders = FakeQueue()
        self.pictures = FakePictures()
        self.house = FakeStyles(self.pictures)
        self.metrics = Metrics()
        self.start()
        self.ledger.first_sync_done(self.name)

    def start(self) -> None:
        """A new process: everything but the ledger's file begins anew."""
        self.platform.met_at = EPOCH + self.clock.elsewhere
        if not (self.directory / FILE).exists():
            self.directory.mkdir(exist_ok=True)
            (self.directory / FILE).write_bytes(_empty_ledger())
        self.parts = assemble(
            self.directory,
            {self.name: self.platform},
            self.renders,
            self.pictures,
            catalogue=Catalogue((Style("waves", "Waves", Path("waves.png")),)),
            rules=self.rules,
            clock=self.clock,
            metrics=self.metrics,
            house=self.house,
        )
        self.ledger = self.parts.ledger

    def restart(self) -> None:
        """The process dies; a new one takes over."""
        self.ledger.close()
        self.start()

    def lose_ledger(self) -> None:
        """The ledger's file is gone; a new process finds none."""
        self.ledger.close()
        for file in self.directory.glob("ledger.sqlite*"):
            file.unlink()
        self.start()

    # Steps of the bot, as bot.loop takes them.

    def hears(self, *mentions: Mention) -> None:
        """These mentions appear on the platform and are polled."""
        self.platform.mentions += [replace(mention, platform=self.name) for mention in mentions]
        self.poll()

    def poll(self) -> None:
        cursor = self.ledger.cursor(self.name) or "0"
        for page in self.platform.pages(cursor):
            self.ledger.record(self.name, page.mentions, page.cursor)
        self.ledger.first_sync_done(self.name)

    def receive(self) -> None:
        for row in self.ledger.due(State.NEW, State.READY):
            self._attempt(row)

    def deliver(self) -> None:
        for row in self.ledger.due(State.QUEUED):
            self._attempt(row)

    def post(self) -> None:
        for row in self.ledger.due(State.DECIDED, State.POSTING):
            self._attempt(row)

    def care(self) -> None:
        with suppress(TransportDown):  # the loop begins its next round
            for row in self.ledger.due(State.QUEUED):
                note(self.parts, row)

    def tidy(self) -> None:
        seek_strays(self.parts, self.name)
        delete_posts(self.parts, self.name)
        follow_deletions(self.parts, self.name)
        tidy(self.parts)

    def _attempt(self, row: Row) -> None:
        attempt(step, self.parts, row, serves=self.serves)

    def settle(self, rounds: int = 3) -> None:
        """Everything that can go on does, with a fast worker and time passing."""
        for _ in range(rounds):
            self.receive()
            self.renders.paint()
            self.deliver()
            self.post()
            self.clock.pass_s(5)

    # What came of it.

    def row(self, number: int) -> Row:
        found = self.ledger.get(self.name, str(number))
        assert found is not None
        return found

    def state(self, number: int) -> State:
        return self.row(number).state

    def replies(self, number: int) -> list[str]:
        """Texts of everything ever posted in answer to this mention."""
        return [reply.text for reply in self.platform.replies_to(str(number))]


@cache
def _empty_ledger() -> bytes:
    """A ledger that nobody used yet; its migrations take longer than many a test."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as directory:
        connect(Path(directory)).close()
        return (Path(directory) / FILE).read_bytes()


def with_rules(**changes: object) -> Rules:
    return replace(RULES, **changes)  # type: ignore[arg-type]  # names and values of Rules
