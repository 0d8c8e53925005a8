"""Whatever dies between whichever two calls, and in any order: the platform sees one reply for each mention."""

import tempfile
from collections.abc import Callable
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

RULES = with_rules(quota=Quota(10**6, 10**6, 10**6, 10**6))
HORIZON_S = 90
LATEST_S = 80.0


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


TROUBLES = st.sampled_from(["", "", "", "before", "after", "unsent", "limit"])
PAUSES = st.sampled_from([0.0, 1.0, 4.0, 30.0, HORIZON_S + 1.0])
CALLS = st.none() | st.integers(1, 40)
STEPS = st.sampled_from(["everything", "everything", "receive", "deliver", "post", "tidy", "care"])


class AnyDeath(RuleBasedStateMachine):
    """The world does its worst; the oracle is what the platform saw."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(dir=MEMORY)
        self.talk = MortalConversation(Path(self.directory.name))
        self.talk.platform.visibility_lag_s = LATEST_S
        self.count = 0

    def teardown(self) -> None:
        """At the end all troubles stop, and everybody must have had an answer."""
        talk = self.talk
        talk.renders.is_down = False
        talk.platform.before_post.clear()
        talk.platform.after_post.clear()
        for _ in range(60):
            talk.poll()
            talk.settle(rounds=1)
            talk.clock.pass_s(20)
        for number in range(1, self.count + 1):
            assert talk.state(number) in ENDS, f"mention {number} is still {talk.state(number)}"
            if str(number) not in talk.platform.gone:
                assert len(talk.replies(number)) == 1, f"mention {number}: {len(talk.replies(number))} replies"
        talk.ledger.close()
        self.directory.cleanup()

    @invariant()
    def nobody_is_answered_twice(self) -> None:
        for number in range(1, self.count + 1):
            assert len(self.talk.replies(number)) <= 1

    @invariant()
    def no_reply_without_a_posting_row_before_it(self) -> None:
        early = {State.NEW, State.READY, State.QUEUED}
        for row in self.talk.ledger.recent(100):
            assert row.state not in early or not self.talk.replies(int(row.id)) or self.lost_ledger

    lost_ledger = False

    @initialize(people=st.integers(1, 3))
    def some_ask_at_once(self, people: int) -> None:
        for _ in range(people):
            self.somebody_asks(pictures=True)

    @rule(pictures=st.booleans())
    @precondition(lambda self: self.count < 8)
    def somebody_asks(self, pictures: bool) -> None:
        self.count += 1
        author = replace(ANN, id=str(self.count), handle=f"p{self.count}@home.example")
        asked = mention(self.count, author, at=self.talk.clock.now())
        self.talk.platform.mentions.append(asked if pictures else replace(asked, attachments=()))

    @rule()
    def the_bot_polls(self) -> None:
        self.talk.poll()

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

    @rule(code=st.sampled_from([None, None, FailureCode.DIVERGED, FailureCode.PICTURE_MISSING]))
    def the_worker_paints(self, code: FailureCode | None) -> None:
        self.talk.renders.paint(code)

    @rule()
    @precondition(lambda self: self.talk.renders.queue)
    def a_worker_dies(self) -> None:
        self.talk.renders.start()
        self.talk.renders.worker_dies()

    @rule()
    def redis_is_wiped(self) -> None:
        self.talk.renders.flush()

    @rule(down=st.booleans())
    def redis_comes_and_goes(self, down: bool) -> None:
        self.talk.renders.is_down = down

    @rule(seconds=st.sampled_from([-3600, 3600]))
    def somebody_sets_the_clock(self, seconds: int) -> None:
        self.talk.clock.wall += seconds

    @rule()
    def the_machine_reboots(self) -> None:
        self.talk.clock.boot += "+"
        self.talk.clock.since_boot = 3
        self.talk.restart()

    @rule()
    def the_ledger_is_lost(self) -> None:
        self.lost_ledger = True
        self.talk.lose_ledger()

    @rule(which=st.integers(1, 8))
    def a_mention_is_deleted(self, which: int) -> None:
        if which <= self.count:
            self.talk.platform.gone.add(str(which))


def _tries(lives: int, steps: int, *, derandomize: bool) -> settings:
    return settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
    )


TestAnyDeath = AnyDeath.TestCase
TestAnyDeath.settings = _tries(150, 30, derandomize=True)


@pytest.mark.long
@pytest.mark.timeout(7200)
class TestAnyDeathForLong(AnyDeath.TestCase):  # type: ignore[misc, valid-type]  # hypothesis makes it at run time
    """Other lives each time."""

    settings = _tries(2000, 40, derandomize=False)
