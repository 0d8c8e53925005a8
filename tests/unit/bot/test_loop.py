"""The loops themselves, in threads over fakes: nothing kills them, one bad row holds up no other, they stop."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.errors import NotSent, TransportDown, Unknown
from bot.flow import backoff
from bot.flow.parts import Parts
from bot.flow.steps import step
from bot.health import Health
from bot.ledger import Row, State
from bot.ledger.cursor_backup import CursorBackup
from bot.loop import Bot, Intervals, Loops
from tests.conversation import Conversation
from tests.fakes.clock import FakeClock
from tests.fakes.mentions import ANN, BEN, EPOCH, mention
from tests.fakes.platform import FakePlatform
from tests.fakes.queue import FakeQueue

PATIENCE_S = 30.0


@dataclass
class Passing(FakeClock):
    """A fake clock that goes by itself from when it is made: mentions are as old as it is, whenever the test runs."""

    began: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        return self.wall + time.monotonic() - self.began

    def steady(self) -> float:
        return self.since_boot + time.monotonic() - self.began


class Stage:
    """A bot's loops in threads over fakes, and a worker that paints whatever is queued."""

    def __init__(self, directory: Path) -> None:
        self.talk = Conversation(directory, clock=Passing())
        talk = self.talk
        self.stop = threading.Event()
        self.bot = Bot(parts=talk.parts, cursor_backup=CursorBackup(directory, talk.clock.now), health=Health())
        self.intervals = Intervals(poll_s={"fake": 0.02}, look_s=0.05, chores_s=0.05, grace_s=5)
        self.loops = Loops(self.bot, self.intervals, self.stop)
        self.thread = threading.Thread(target=self._listen)
        self.painter = threading.Thread(target=self._paint)

    def _listen(self) -> None:
        self.loops.run()

    def _paint(self) -> None:
        while not self.stop.is_set():
            self.talk.renders.paint()
            time.sleep(0.01)

    def start(self) -> None:
        self.thread.start()
        self.painter.start()

    def until(self, there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not there():
            assert time.monotonic() < deadline, f"it did not happen: {self.states()}"
            time.sleep(0.01)

    def states(self) -> list[State]:
        return [row.state for row in self.talk.ledger.recent()]


@pytest.fixture
def stage(memory_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # The fake queue's wait returns at once; a real one sleeps.
    monkeypatch.setattr(FakeQueue, "wait", _wait)
    for pause in ("LONGEST_PAUSE_S", "REDIS_PAUSE_S", "NOT_SENT_PAUSE_S"):
        monkeypatch.setattr(backoff, pause, 0.05)
    stage = Stage(memory_path)
    yield stage
    stage.stop.set()
    if stage.thread.ident:
        stage.thread.join()
        stage.painter.join()
    stage.talk.ledger.close()


def _wait(renders: FakeQueue, limit_s: float) -> tuple[str, ...]:
    if renders.is_down:
        raise TransportDown("the fake is down")
    time.sleep(0.02)
    return ()


def test_mentions_are_followed_from_the_first_look_on(stage: Stage) -> None:
    stage.talk.platform.mentions.append(mention(1))
    stage.start()
    stage.until(lambda: stage.talk.ledger.cursor("fake") is not None)
    stage.talk.platform.mentions += [mention(2), mention(3, BEN)]
    stage.until(lambda: stage.states() == [State.ANSWERED] * 2)
    assert [len(stage.talk.replies(number)) for number in (1, 2, 3)] == [0, 1, 1]


def test_a_lost_ledger_is_read_again_from_the_anchor(stage: Stage) -> None:
    stage.bot.cursor_backup.note("fake", "0")
    stage.talk.platform.mentions += [mention(1), mention(2, BEN)]
    stage.start()
    stage.until(lambda: stage.states() == [State.ANSWERED] * 2)


def test_redis_being_away_kills_no_loop(stage: Stage) -> None:
    stage.bot.cursor_backup.note("fake", "0")
    stage.talk.renders.is_down = True
    stage.talk.platform.mentions.append(mention(1))
    stage.start()
    stage.until(lambda: stage.states() == [State.READY])
    stage.talk.renders.is_down = False
    stage.until(lambda: stage.states() == [State.ANSWERED])


def test_a_platform_that_fails_kills_no_loop(stage: Stage) -> None:
    stage.bot.cursor_backup.note("fake", "0")
    stage.talk.platform.before_post = [NotSent("refused"), NotSent("refused")]
    stage.talk.platform.mentions.append(mention(1))
    stage.start()
    stage.until(lambda: stage.states() == [State.ANSWERED])


def test_a_row_that_trips_over_our_own_mistake_holds_up_no_other(stage: Stage) -> None:
    stage.bot.cursor_backup.note("fake", "0")

    def stumbles(parts: Parts, row: Row) -> None:
        if row.id == "1":
            raise ZeroDivisionError
        step(parts, row)

    stage.loops = Loops(replace(stage.bot, step=stumbles), stage.intervals, stage.stop)
    stage.talk.platform.mentions += [mention(1, ANN), mention(2, BEN)]
    stage.start()
    stage.until(lambda: stage.talk.ledger.get("fake", "2") is not None and stage.talk.state(2) is State.ANSWERED)
    assert stage.talk.row(1).reason == "unexpected"


def test_mentions_whose_answers_cannot_be_looked_for_hold_up_no_other(stage: Stage) -> None:
    stage.talk.ledger.record("fake", (), "0")
    stage.talk.clock.since_boot += 100  # the ledger is older than a horizon
    people = [replace(ANN, id=str(number)) for number in range(1, 9)]
    stage.talk.platform.mentions += [mention(number, author, at=EPOCH) for number, author in enumerate(people, 1)]
    stage.talk.platform.unfindable = {str(number): Unknown("503 from the server") for number in range(1, 9)}
    stage.start()
    stage.until(lambda: stage.states().count(State.DECIDED) == 8 and stage.talk.row(8).attempts > 1)
    stage.talk.platform.mentions += [mention(number, replace(BEN, id=str(number))) for number in range(11, 15)]
    stage.until(lambda: stage.states().count(State.ANSWERED) == 4)
    assert stage.states().count(State.DECIDED) == 8


def test_after_a_pause_of_the_platform_the_round_goes_on_behind_the_row_tried_last(stage: Stage) -> None:
    stage.talk.hears(*(mention(number, replace(ANN, id=str(number))) for number in range(1, 5)))
    stage.talk.receive()
    stage.talk.renders.paint()
    stage.talk.deliver()
    stage.talk.platform.before_post = [NotSent("refused")] * 3
    for _ in range(3):
        with pytest.raises(NotSent):
            stage.loops._post_round("fake")
    stage.loops._post_round("fake")
    assert stage.talk.platform.posts_tried[:4] == ["1", "2", "3", "4"]


def test_a_slow_download_holds_up_no_delivery(stage: Stage) -> None:
    stage.bot.cursor_backup.note("fake", "0")
    fetch, slow = stage.talk.pictures.fetch, threading.Event()

    def waits(attachment: object) -> str:
        if threading.current_thread().name.endswith("_0"):
            slow.wait(PATIENCE_S)
        return fetch(attachment)  # type: ignore[arg-type]  # an attachment

    stage.talk.pictures.fetch = waits  # type: ignore[method-assign]  # one slow host
    stage.talk.platform.mentions += [mention(number, ANN if number < 3 else BEN) for number in range(1, 5)]
    stage.start()
    stage.until(lambda: stage.states().count(State.ANSWERED) == 3)
    slow.set()
    stage.until(lambda: stage.states().count(State.ANSWERED) == 4)


def test_it_stops_when_it_is_told_to(stage: Stage) -> None:
    stage.start()
    stage.until(lambda: stage.talk.ledger.cursor("fake") is not None)
    stage.stop.set()
    stage.thread.join(PATIENCE_S)
    assert not stage.thread.is_alive()


def test_what_was_never_begun_is_not_waited_for(stage: Stage) -> None:
    stage.bot.cursor_backup.note("fake", "0")
    fetch = stage.talk.pictures.fetch

    def waits(attachment: object) -> str:
        stage.stop.wait(PATIENCE_S)
        return fetch(attachment)  # type: ignore[arg-type]  # an attachment

    stage.talk.pictures.fetch = waits  # type: ignore[method-assign]  # every host is slow
    stage.talk.platform.mentions += [mention(number, ANN if number < 15 else BEN) for number in range(1, 30)]
    stage.start()
    stage.until(lambda: len(stage.loops._busy) > stage.intervals.fetchers)
    began_s = time.monotonic()
    stage.stop.set()
    stage.thread.join(PATIENCE_S)
    assert time.monotonic() - began_s < stage.intervals.grace_s / 2


def polled_again(stage: Stage) -> Callable[[], None]:
    """A poll of the next process on the same directory."""
    stage.talk.restart()
    parts = replace(stage.talk.parts, platforms=stage.bot.parts.platforms)
    stage.bot = replace(stage.bot, parts=parts)
    loops = Loops(stage.bot, stage.intervals, stage.stop)
    return lambda: loops.poll("fake")


def test_what_the_first_poll_of_a_process_finds_may_have_been_there_before_it(stage: Stage) -> None:
    stage.talk.ledger.record("fake", (), "0")
    poll = polled_again(stage)
    for number in (1, 2):
        stage.talk.platform.mentions.append(mention(number))
        poll()
    assert [stage.talk.row(number).process_id for number in (1, 2)] == ["", stage.talk.ledger.process_id]


class Hurried(FakePlatform):
    """Somebody mentions us right after the first look."""

    def newest(self) -> str:
        newest = super().newest()
        self.mentions.append(mention(1))
        return newest


def test_what_comes_after_the_very_first_look_is_new_to_everybody(stage: Stage) -> None:
    stage.bot = replace(stage.bot, parts=replace(stage.talk.parts, platforms={"fake": Hurried(stage.talk.clock)}))
    poll = polled_again(stage)
    poll()
    assert stage.talk.row(1).process_id == stage.talk.ledger.process_id


class Rewound(FakePlatform):
    """Its database was set up anew: everything there is far below the cursor that is kept."""

    asked = 0

    def rewound(self, cursor: str) -> str | None:
        self.asked += 1
        return "0" if int(cursor) > 1000 else None


def test_a_platform_that_counts_anew_is_read_from_where_it_says_and_told_of(stage: Stage) -> None:
    platform = Rewound(stage.talk.clock)
    stage.talk.ledger.record("fake", (), "480123456")
    stage.bot.cursor_backup.note("fake", "480123456")
    stage.bot = replace(stage.bot, parts=replace(stage.talk.parts, platforms={"fake": platform}))
    loops = Loops(stage.bot, stage.intervals, stage.stop)
    platform.mentions += [mention(1), mention(2, BEN)]
    for _ in range(3):
        loops.poll("fake")
    assert [stage.talk.row(number).state for number in (1, 2)] == [State.NEW] * 2
    assert platform.asked == 1, "once an hour"
    assert 'stylesmith_cursor_rewound_total{platform="fake"} 1.0' in stage.talk.metrics.text().decode()
    assert stage.bot.cursor_backup.oldest("fake") != "480123456", "a lost ledger would go back to it"


def test_each_platforms_silence_is_judged_by_how_often_it_is_polled(stage: Stage) -> None:
    """Health as the loops keep it, by a clock that is set: one platform is polled every minute, the other always."""
    now = [1000.0]
    health = Health(clock=lambda: now[0])
    seldom = FakePlatform(stage.talk.clock, "seldom")
    platforms = {"fake": stage.talk.platform, "seldom": seldom}
    stage.bot = replace(stage.bot, health=health, parts=replace(stage.talk.parts, platforms=platforms))
    intervals = replace(stage.intervals, poll_s={"fake": 0.02, "seldom": 60.0})
    stage.loops = Loops(stage.bot, intervals, stage.stop)
    stage.start()
    stage.until(lambda: stage.talk.ledger.cursor("seldom") is not None and stage.talk.ledger.cursor("fake") is not None)
    now[0] += 110
    stage.until(health.is_well)
    stage.talk.platform.newest = stage.talk.platform.pages = fails  # type: ignore[method-assign,assignment]  # silent
    time.sleep(0.2)  # a poll that was under way
    now[0] += 61
    assert not health.is_well(), "the one that is polled always"
    assert health.is_alive(), "a silent platform is no reason for a restart"


def fails(*_: object) -> None:
    raise NotSent("nobody there")


def test_a_loop_that_stands_still_is_not_alive(stage: Stage) -> None:
    now = [1000.0]
    health, held = Health(clock=lambda: now[0]), threading.Event()

    def stands(parts: Parts, row: Row) -> None:
        if row.state is State.DECIDED:
            held.set()
            stage.stop.wait(PATIENCE_S)
        step(parts, row)

    stage.bot.cursor_backup.note("fake", "0")
    stage.bot = replace(stage.bot, health=health, step=stands)
    stage.loops = Loops(stage.bot, stage.intervals, stage.stop)
    stage.talk.platform.mentions.append(mention(1))
    stage.start()
    stage.until(held.is_set)
    assert health.is_alive()
    now[0] += 3600
    time.sleep(0.2)  # all the others turn
    assert not health.is_alive()
