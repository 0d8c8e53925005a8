"""Whatever dies between whichever two calls, and in any order: the platform sees one reply for each mention."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import NotSent, RateLimited, Unknown
from bot.ledger.rows import ENDS, State
from bot.policy import Quota
from tests.conversation import MEMORY, Conversation, with_rules
from tests.fakes.mentions import ANN, mention
from worker.contract import FailureCode

pytestmark = pytest.mark.timeout(600)

RULES = with_rules(quota=Quota(10**6, 10**6, 10**6, 10**6), note_after_s=0.0)
HORIZON_S = 90
LATEST_S = 80.0
UP_S = 86_400.0
"""How long the machine was up when a life begins."""


class Died(BaseException):
    """SIGKILL, as far as one process can do it to itself and live to tell."""


class Fuse:
    """Burns down by one at every call across a port; at its end the process dies before or after that call."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.after = False

    def call(self, inner: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        dies = self._burn()
        if dies and not self.after:
            raise Died
        result = inner(*args, **kwargs)
        if dies:
            raise Died
        return result

    def _burn(self) -> bool:
        if self.left is None:
            return False
        self.left -= 1
        if self.left > 0:
            return False
        self.left = None
        return True


class Mortal:
    """Something at a port whose every call may be the last thing that a process does."""

    def __init__(self, inner: Any, fuse: Fuse) -> None:
        self.__dict__.update(inner=inner, fuse=fuse)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name in {"counters", "erasure"}:
            return Mortal(found, self.fuse)
        return (lambda *args, **kwargs: self.fuse.call(found, *args, **kwargs)) if callable(found) else found


class MortalConversation(Conversation):
    """A conversation whose process can die at every call that leaves it, its own ledger included."""

    def __init__(self, directory: Path) -> None:
        self.fuse = Fuse()
        super().__init__(directory, RULES)

    def start(self) -> None:
        super().start()
        mortal: Any = {"ledger": self.ledger, "queue": self.renders, "pictures": self.pictures}
        mortal = {name: Mortal(port, self.fuse) for name, port in mortal.items()}
        self.parts = replace(self.parts, **mortal, platforms={"fake": Mortal(self.platform, self.fuse)})

    def everything(self) -> None:
        """Each step once, in the order in which a mention meets them."""
        self.poll()
        self.receive()
        self.renders.paint()
        self.deliver()
        self.post()

    def dies_in(self, step: Callable[[], None], calls: int | None, *, after: bool) -> None:
        """`step`, dying at its call number `calls`; then a new process starts."""
        self.fuse.left, self.fuse.after = calls, after
        try:
            step()
        except Died:
            self.restart()
        finally:
            self.fuse.left = None


TROUBLES = st.sampled_from(["", "", "after", "before", "unsent", "limit"])
PAUSES = st.sampled_from([0.0, 1.0, 4.0, 30.0, HORIZON_S + 1.0])
CALLS = st.sampled_from([None] * 30 + [*range(1, 13)] * 2 + [*range(13, 61)])
STEPS = st.sampled_from(["everything"] * 2 + ["receive"] * 3 + ["post"] * 2 + ["deliver", "care", "tidy"])
CODES = st.sampled_from([None, None, FailureCode.DIVERGED, FailureCode.PICTURE_MISSING])


def a_worker_dies(talk: MortalConversation, number: int) -> None:
    if talk.renders.queue:
        talk.renders.start()
        talk.renders.worker_dies()


def redis_is_wiped(talk: MortalConversation, number: int) -> None:
    talk.renders.flush()


def redis_comes_and_goes(talk: MortalConversation, number: int) -> None:
    talk.renders.is_down = not talk.renders.is_down


def somebody_sets_the_clock(talk: MortalConversation, number: int) -> None:
    talk.clock.wall += 3600 if number % 2 else -3600


def the_machine_reboots(talk: MortalConversation, number: int) -> None:
    talk.clock.boot += "+"
    talk.clock.since_boot = 3
    talk.restart()


def the_bot_is_started_again(talk: MortalConversation, number: int) -> None:
    talk.restart()


def the_ledger_is_lost(talk: MortalConversation, number: int) -> None:
    talk.lose_ledger()


def a_mention_is_deleted(talk: MortalConversation, number: int) -> None:
    if number <= len(talk.platform.mentions):
        talk.platform.gone.add(str(number))


def the_answer_to_a_note_is_lost(talk: MortalConversation, number: int) -> None:
    talk.platform.lost_notes = not talk.platform.lost_notes


MISFORTUNES = (
    a_worker_dies, redis_is_wiped, redis_comes_and_goes, somebody_sets_the_clock, the_machine_reboots,
    the_bot_is_started_again, the_ledger_is_lost, a_mention_is_deleted, the_answer_to_a_note_is_lost,
)  # fmt: skip
KINDS = st.lists(st.sampled_from(MISFORTUNES), min_size=1, max_size=3, unique=True)


class AnyDeath(RuleBasedStateMachine):
    """The world does its worst; the oracle is what the platform saw.

    Each life has misfortunes of a few kinds: with all of them, hardly a painting would get as far as a post.
    """

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(dir=MEMORY)
        self.talk = MortalConversation(Path(self.directory.name))
        self.talk.platform.visibility_lag_s = LATEST_S
        self.misfortunes: Sequence[Callable[[MortalConversation, int], None]] = ()

    def teardown(self) -> None:
        """At the end all troubles stop, and everybody must have had an answer."""
        talk = self.talk
        talk.renders.is_down = talk.platform.lost_notes = False
        talk.platform.before_post.clear()
        talk.platform.after_post.clear()
        self._to_the_end()
        for number in self.numbers():
            assert talk.state(number) in ENDS, f"mention {number} is still {talk.state(number)}"
            if str(number) not in talk.platform.gone:
                assert len(talk.replies(number)) == 1, f"mention {number}: {len(talk.replies(number))} replies"
        talk.ledger.close()
        self.directory.cleanup()

    def _to_the_end(self) -> None:
        """Until every mention has ended, and a few rounds more."""
        talk, ended = self.talk, 0
        for _ in range(60):
            talk.poll()
            talk.settle(rounds=1)
            talk.clock.pass_s(20)
            ended += all(talk.state(number) in ENDS for number in self.numbers())
            if ended > 3:
                return

    def numbers(self) -> range:
        return range(1, len(self.talk.platform.mentions) + 1)

    @invariant()
    def nobody_is_answered_twice(self) -> None:
        for number in self.numbers():
            assert len(self.talk.replies(number)) <= 1

    @invariant()
    def no_reply_without_a_posting_row_before_it(self) -> None:
        early = {State.NEW, State.READY, State.QUEUED}
        for row in self.talk.ledger.recent(100) if the_ledger_is_lost not in self.misfortunes else ():
            assert row.state not in early or not self.talk.replies(int(row.id))

    @initialize(people=st.integers(0, 3), misfortunes=KINDS, older_s=PAUSES)
    def some_ask_at_once(self, people: int, misfortunes: Sequence[Callable[..., None]], older_s: float) -> None:
        self.misfortunes = misfortunes
        self.talk.clock.since_boot = UP_S
        self.talk.restart()
        self.talk.clock.pass_s(older_s)
        for _ in range(people):
            self.somebody_asks(pictures=True)

    @rule(pictures=st.booleans())
    @precondition(lambda self: len(self.numbers()) < 8)
    def somebody_asks(self, pictures: bool) -> None:
        number = len(self.numbers()) + 1
        author = replace(ANN, id=str(number), handle=f"p{number}@home.example")
        asked = mention(number, author, at=self.talk.clock.now())
        self.talk.platform.mentions.append(asked if pictures else replace(asked, attachments=()))

    @rule(step=STEPS, calls=CALLS, after=st.booleans(), trouble=TROUBLES, then_s=PAUSES)
    def the_bot_works(self, step: str, calls: int | None, after: bool, trouble: str, then_s: float) -> None:
        lost: dict[str, Exception] = {
            "before": Unknown("reset"),
            "after": Unknown("reset"),
            "unsent": NotSent("refused"),
        }
        if trouble == "limit":
            lost[trouble] = RateLimited(datetime.fromtimestamp(self.talk.clock.now() + 10, UTC))
        platform = self.talk.platform
        platform.before_post = [lost[trouble]] if trouble in lost and trouble != "after" else []
        platform.after_post = [lost[trouble]] if trouble == "after" else []
        self.talk.dies_in(getattr(self.talk, step), calls, after=after)
        self.talk.clock.pass_s(then_s)

    @rule(code=CODES)
    def the_worker_paints(self, code: FailureCode | None) -> None:
        self.talk.renders.paint(code)

    @rule(kind=st.integers(0, 11), number=st.integers(1, 8))
    def something_happens(self, kind: int, number: int) -> None:
        self.misfortunes[kind % len(self.misfortunes)](self.talk, number)


def _tries(lives: int, steps: int, *, derandomize: bool) -> settings:
    return settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
    )


TestAnyDeath = AnyDeath.TestCase
TestAnyDeath.settings = _tries(120, 30, derandomize=True)


@pytest.mark.long
@pytest.mark.timeout(7200)
class TestAnyDeathForLong(AnyDeath.TestCase):  # type: ignore[misc, valid-type]  # hypothesis makes it at run time
    """Other lives each time."""

    settings = _tries(2000, 40, derandomize=False)
