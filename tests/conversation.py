"""A whole bot over fakes, stepped by hand; `restart` is a death and a new process on the same ledger."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import TransportDown
from bot.flow.backoff import Guard
from bot.flow.parts import Parts
from bot.flow.steps import Flow
from bot.ledger import Ledger, Row, State
from bot.metrics import Metrics
from bot.policy import Rules
from bot.posts import Mention
from bot.queue.eta import Pace
from bot.styles.catalogue import Catalogue, Style
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

    def __post_init__(self) -> None:
        self.platform = FakePlatform(self.clock)
        self.renders = FakeQueue()
        self.pictures = FakePictures()
        self.house = FakeStyles(self.pictures)
        self.metrics = Metrics()
        self.start()
        self.ledger.first_sync_done("fake")

    def start(self) -> None:
        """A new process: everything but the ledger's file begins anew."""
        self.platform.met_at = EPOCH + self.clock.elsewhere
        self.ledger = Ledger(self.directory, self.clock)
        self.parts = Parts(
            self.ledger,
            self.renders,
            self.pictures,
            {"fake": self.platform},
            Catalogue((Style("waves", "Waves", Path("waves.png")),)),
            self.house,
            self.rules,
            self.clock,
            self.metrics,
            pace=Pace(self.clock),
        )
        self.flow = Flow.of(self.parts)
        self.guard = Guard(self.ledger, self.rules, self.clock, lambda platform: self.serves)

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
        self.platform.mentions += mentions
        self.poll()

    def poll(self) -> None:
        cursor = self.ledger.cursor("fake") or "0"
        for page in self.platform.pages(cursor):
            self.ledger.record("fake", page.mentions, page.cursor)
        self.ledger.first_sync_done("fake")

    def receive(self) -> None:
        for row in self.ledger.due(State.NEW, State.READY):
            self._step(row, self.flow.step)

    def deliver(self) -> None:
        for row in self.ledger.due(State.QUEUED):
            self._step(row, self.flow.step)

    def post(self) -> None:
        for row in self.ledger.due(State.DECIDED, State.POSTING):
            self._step(row, self.flow.step)

    def reap(self) -> None:
        for row in self.ledger.due(State.QUEUED):
            self._step(row, self.flow.reaper.look)

    def care(self) -> None:
        with suppress(TransportDown):  # the loop begins its next round
            for row in self.ledger.due(State.QUEUED):
                self.flow.chores.note(row)

    def tidy(self) -> None:
        self.flow.chores.seek_strays("fake")
        self.flow.chores.delete_posts("fake")
        self.flow.chores.follow_deletions("fake")
        self.flow.chores.tidy()

    def _step(self, row: Row, step: Callable[[Row], None]) -> None:
        self.guard.step(row, step)

    def settle(self, rounds: int = 3) -> None:
        """Everything that can go on does, with a fast worker and time passing."""
        for _ in range(rounds):
            self.receive()
            self.renders.paint()
            self.deliver()
            self.post()
            self.reap()
            self.clock.pass_s(5)

    # What came of it.

    def row(self, number: int) -> Row:
        found = self.ledger.get("fake", str(number))
        assert found is not None
        return found

    def state(self, number: int) -> State:
        return self.row(number).state

    def replies(self, number: int) -> list[str]:
        """Texts of everything ever posted in answer to this mention."""
        return [reply.text for reply in self.platform.replies_to(str(number))]


def with_rules(**changes: object) -> Rules:
    return replace(RULES, **changes)  # type: ignore[arg-type]  # names and values of Rules
