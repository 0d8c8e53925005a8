"""Quotas and reply slots: exact, whoever asks at once."""

import threading
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path

import pytest

from bot.ledger import Ledger, State
from bot.policy import Quota, Wait
from tests.fakes.clock import FakeClock
from tests.fakes.mentions import mention


@dataclass
class OvertakenClock(FakeClock):
    """Time goes on between two looks at it; during the next look, a thread gets the chance to overtake."""

    meanwhile: threading.Thread | None = None
    overtaking: threading.Thread = field(default_factory=threading.Thread)

    def now(self) -> float:
        self.pass_s(0.001)
        seen = self.wall
        if self.meanwhile is not None:
            self.overtaking, self.meanwhile = self.meanwhile, None
            self.overtaking.start()
            self.overtaking.join(timeout=0.5)
        return seen


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ledger(memory_path: Path, clock: FakeClock) -> Ledger:
    return Ledger(memory_path, clock)


def test_a_quota_is_exact_when_many_threads_ask_at_once(ledger: Ledger) -> None:
    ledger.record("fake", [mention(number) for number in range(40)], "40")
    rows = ledger.due(State.NEW)
    verdicts: list[object] = []
    threads = [
        threading.Thread(target=lambda part=part: verdicts.extend(ledger.counters.take_quota(r, Quota()) for r in part))
        for part in (rows[n::8] for n in range(8))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts.count(None) == 3
    assert len(verdicts) == 40


def test_who_looks_at_the_clock_first_and_writes_last_still_sees_who_was_admitted(memory_path: Path) -> None:
    clock = OvertakenClock()
    ledger = Ledger(memory_path, clock)
    ledger.record("fake", [mention(1), mention(2)], "2")
    first, second = ledger.due(State.NEW)
    quota, verdicts = Quota(per_10_min=1), list[object]()

    def admit_the_second() -> None:
        verdicts.append(ledger.counters.take_quota(second, quota))

    clock.meanwhile = threading.Thread(target=admit_the_second)
    verdicts.append(ledger.counters.take_quota(first, quota))
    clock.overtaking.join()
    assert verdicts.count(None) == 1


def test_admitting_a_mention_twice_counts_once(ledger: Ledger) -> None:
    ledger.record("fake", [mention(1), mention(2)], "2")
    first, second = ledger.due(State.NEW)
    quota = Quota(per_10_min=1)
    assert [ledger.counters.take_quota(first, quota) for _ in range(2)] == [None, None]
    assert isinstance(ledger.counters.take_quota(second, quota), Wait)


def test_a_wait_says_when_there_is_room_again(ledger: Ledger, clock: FakeClock) -> None:
    ledger.record("fake", [mention(1), mention(2)], "2")
    first, second = ledger.due(State.NEW)
    ledger.counters.take_quota(first, Quota(per_10_min=1))
    clock.pass_s(100)
    assert ledger.counters.take_quota(second, Quota(per_10_min=1)) == Wait(500, "author")
    clock.pass_s(500)
    assert ledger.counters.take_quota(second, Quota(per_10_min=1)) is None


def test_a_quota_of_nothing_admits_nobody(ledger: Ledger) -> None:
    ledger.record("fake", [mention(1)], "1")
    (row,) = ledger.due(State.NEW)
    assert isinstance(ledger.counters.take_quota(row, Quota(per_day=0)), Wait)


@pytest.mark.parametrize(
    ("platform", "counted"), [("mastodon", {"author", "host", "platform"}), ("x", {"author", "platform"})]
)
def test_a_platform_of_one_host_has_no_share_for_each_host(platform: str, counted: set[str]) -> None:
    assert {window.of for window in Quota().windows(platform)} == counted


def test_of_three_that_ask_at_once_in_a_thread_two_wait_a_minute_and_none_is_told_that_it_is_full(
    ledger: Ledger,
) -> None:
    ledger.record("fake", [replace(mention(number), platform_root="t") for number in range(3)], "3")
    waits: list[float] = []
    threads = [
        threading.Thread(target=lambda row=row: waits.append(ledger.counters.claim_reply_slot(row, per_thread=3)))
        for row in ledger.due(State.NEW)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [0, 60, 60]


def test_a_slot_is_claimed_once_and_a_full_thread_waits_for_ever(ledger: Ledger, clock: FakeClock) -> None:
    ledger.record("fake", [replace(mention(number), platform_root="t") for number in range(2)], "2")
    first, second = ledger.due(State.NEW)
    assert [ledger.counters.claim_reply_slot(first, per_thread=1) for _ in range(2)] == [0, 0]
    assert ledger.counters.claim_reply_slot(second, per_thread=1) == inf
    clock.pass_s(59)
    assert ledger.counters.claim_reply_slot(second, per_thread=2) == pytest.approx(1)
    clock.pass_s(1)
    assert ledger.counters.claim_reply_slot(second, per_thread=2) == 0
