"""The ledger itself: transactions, the lock, migrations, order, forgetting."""

import multiprocessing
import sqlite3
import threading
from dataclasses import dataclass, field, replace
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from bot.errors import LedgerUnavailable
from bot.ledger import About, Answer, Ledger, Moved, State
from bot.ledger.erasure import PORTION
from bot.ledger.lock import DirectoryLock, Locked
from bot.ledger.rows import MENTION
from bot.ledger.schema import FILE, MIGRATIONS, LedgerTooNew, connect
from bot.policy import Allowed, Quota, Retention, Wait
from tests.twins import ANN, BEN, TwinClock, mention


@dataclass
class OvertakenClock(TwinClock):
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
def clock() -> TwinClock:
    return TwinClock()


@pytest.fixture
def ledger(memory_path: Path, clock: TwinClock) -> Ledger:
    return Ledger(memory_path, clock)


def test_mentions_and_cursor_advance_together_or_not_at_all(ledger: Ledger) -> None:
    broken = replace(mention(2), platform=None)  # type: ignore[arg-type]  # what the database refuses
    with pytest.raises(sqlite3.IntegrityError):
        ledger.record("twin", [mention(1), broken], "2")
    assert (ledger.cursor("twin"), ledger.get("twin", "1")) == (None, None)


def test_a_mention_is_recorded_once_and_comes_back_as_it_was(ledger: Ledger) -> None:
    parent = mention(7, BEN, "what a view")
    original = mention(1, ANN, "in this style").with_parent(parent)
    assert ledger.record("twin", [original], "1") == 1
    assert ledger.record("twin", [original], "1") == 0
    row = ledger.get("twin", "1")
    assert row is not None
    assert row.mention == original


def test_only_one_of_two_moves_from_the_same_state_succeeds(ledger: Ledger) -> None:
    ledger.record("twin", [mention(1)], "1")
    (row,) = ledger.due(State.NEW)
    ledger.move(row, State.IGNORED, "old")
    with pytest.raises(Moved):
        ledger.decide(row, Answer(About.FAILURE, "internal"))


def test_everybodys_first_mention_comes_before_anybodys_second(ledger: Ledger) -> None:
    storm = [mention(number) for number in range(1, 50)]
    ledger.record("twin", [*storm, mention(99, BEN)], "99")
    assert [row.id for row in ledger.due(State.NEW, limit=3)] == ["1", "99", "2"]


def test_somebody_new_does_not_wait_for_all_that_another_asked_before(ledger: Ledger) -> None:
    ledger.record("twin", [mention(number) for number in range(1, 50)], "49")
    for row in ledger.due(State.NEW, limit=10):
        ledger.move(row, State.DECLINED, "quota")
    ledger.record("twin", [mention(99, BEN)], "99")
    assert [row.id for row in ledger.due(State.NEW, limit=2)] == ["99", "11"]


def test_a_turn_counts_the_last_ten_minutes_only(ledger: Ledger, clock: TwinClock) -> None:
    ledger.record("twin", [mention(1), mention(2)], "2")
    clock.pass_s(601)
    ledger.record("twin", [mention(3), mention(4, BEN)], "4")
    assert [row.id for row in ledger.due(State.NEW)] == ["1", "3", "4", "2"]


def test_a_quota_is_exact_when_many_threads_ask_at_once(ledger: Ledger) -> None:
    ledger.record("twin", [mention(number) for number in range(40)], "40")
    rows = ledger.due(State.NEW)
    verdicts: list[object] = []
    threads = [
        threading.Thread(target=lambda part=part: verdicts.extend(ledger.tally.admit(r, Quota()) for r in part))
        for part in (rows[n::8] for n in range(8))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts.count(Allowed()) == 3
    assert len(verdicts) == 40


def test_who_looks_at_the_clock_first_and_writes_last_still_sees_who_was_admitted(memory_path: Path) -> None:
    clock = OvertakenClock()
    ledger = Ledger(memory_path, clock)
    ledger.record("twin", [mention(1), mention(2)], "2")
    first, second = ledger.due(State.NEW)
    quota, verdicts = Quota(per_10_min=1), list[object]()

    def admit_the_second() -> None:
        verdicts.append(ledger.tally.admit(second, quota))

    clock.meanwhile = threading.Thread(target=admit_the_second)
    verdicts.append(ledger.tally.admit(first, quota))
    clock.overtaking.join()
    assert verdicts.count(Allowed()) == 1


def test_admitting_a_mention_twice_counts_once(ledger: Ledger) -> None:
    ledger.record("twin", [mention(1), mention(2)], "2")
    first, second = ledger.due(State.NEW)
    quota = Quota(per_10_min=1)
    assert ledger.tally.admit(first, quota) == ledger.tally.admit(first, quota) == Allowed()
    assert isinstance(ledger.tally.admit(second, quota), Wait)


def test_a_wait_says_when_there_is_room_again(ledger: Ledger, clock: TwinClock) -> None:
    ledger.record("twin", [mention(1), mention(2)], "2")
    first, second = ledger.due(State.NEW)
    ledger.tally.admit(first, Quota(per_10_min=1))
    clock.pass_s(100)
    assert ledger.tally.admit(second, Quota(per_10_min=1)) == Wait(500, "author")
    clock.pass_s(500)
    assert ledger.tally.admit(second, Quota(per_10_min=1)) == Allowed()


def test_a_quota_of_nothing_admits_nobody(ledger: Ledger) -> None:
    ledger.record("twin", [mention(1)], "1")
    (row,) = ledger.due(State.NEW)
    assert isinstance(ledger.tally.admit(row, Quota(per_day=0)), Wait)


def test_what_is_past_its_time_is_blanked_and_then_hashed(ledger: Ledger, clock: TwinClock) -> None:
    ledger.record("twin", [mention(1, ANN, "my secret")], "1")
    (row,) = ledger.due(State.NEW)
    ledger.move(row, State.IGNORED, "old")
    clock.pass_s(8 * 86_400)
    ledger.erasure.expire(Retention())
    blank = ledger.get("twin", "1")
    assert blank is not None
    assert (blank.mention.text, blank.mention.author.handle) == ("", "")
    clock.pass_s(90 * 86_400)
    ledger.erasure.expire(Retention())
    assert ledger.get("twin", "1") is None
    assert [row.id[:7] for row in ledger.recent()] == ["sha256:"]


def test_many_that_are_past_their_time_are_blanked_in_portions(ledger: Ledger, clock: TwinClock) -> None:
    ledger.record("twin", [mention(number, ANN, "my secret") for number in range(2 * PORTION + 1)], "1")
    for row in ledger.due(State.NEW, limit=1000):
        ledger.move(row, State.IGNORED, "old")
    begun: list[int] = []
    with ledger.store.write() as db:
        db.set_trace_callback(lambda sql: begun.append(1) if sql.startswith("BEGIN") else None)
    for days in (8, 90):
        clock.pass_s(days * 86_400)
        ledger.erasure.expire(Retention())
        assert len(begun) == 1 + 3
        begun.clear()
    assert {(row.id[:7], row.mention.text) for row in ledger.recent(1000)} == {("sha256:", "")}


def test_a_full_disk_changes_nothing_and_is_our_own_error(ledger: Ledger) -> None:
    ledger.record("twin", [mention(1)], "1")
    pages = ledger.store.rows("PRAGMA page_count")[0][0]
    ledger.store.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerUnavailable):
        ledger.record("twin", [mention(number, ANN, "x" * 9000) for number in range(2, 99)], "99")
    assert ledger.cursor("twin") == "1"
    ledger.store.rows("PRAGMA max_page_count = 1000000")
    assert ledger.record("twin", [mention(2)], "2") == 1


def test_every_commit_is_on_disk(ledger: Ledger) -> None:
    assert ledger.store.rows("PRAGMA synchronous")[0][0] == 2
    assert ledger.store.rows("PRAGMA journal_mode")[0][0] == "wal"


def test_a_ledger_of_a_newer_version_is_left_alone(memory_path: Path) -> None:
    connection = connect(memory_path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(LedgerTooNew):
        connect(memory_path)


def _hold(directory: Path, held: Event) -> None:
    with DirectoryLock(directory):
        held.set()
        threading.Event().wait(60)


def test_a_second_process_is_locked_out_until_the_first_is_killed(memory_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held = spawn.Event()
    holder = spawn.Process(target=_hold, args=(memory_path, held))
    holder.start()
    assert held.wait(30)
    with pytest.raises(Locked), DirectoryLock(memory_path):
        pass
    holder.kill()
    holder.join()
    holder.close()
    with DirectoryLock(memory_path):
        pass


@pytest.mark.parametrize(
    ("platform", "counted"), [("mastodon", {"author", "host", "platform"}), ("x", {"author", "platform"})]
)
def test_a_platform_of_one_host_has_no_share_for_each_host(platform: str, counted: set[str]) -> None:
    assert {window.of for window in Quota().windows(platform)} == counted


def test_a_ledger_of_the_first_version_keeps_its_rows_and_takes_turns(memory_path: Path, clock: TwinClock) -> None:
    old = sqlite3.connect(memory_path / FILE)
    old.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    words = MENTION.dump_json(mention(1)).decode()
    old.execute(
        "INSERT INTO mention (platform, id, state, author, host, thread, mention, recorded_at, changed_at, due_at)"
        " VALUES ('twin', '1', 'new', '1', 'h', '1', ?, 0, 0, 0)",
        (words,),
    )
    old.commit()
    old.close()
    ledger = Ledger(memory_path, clock)
    ledger.record("twin", [mention(2, BEN)], "2")
    assert [row.id for row in ledger.due(State.NEW)] == ["1", "2"]
    ledger.close()


def test_a_row_of_an_older_ledger_is_in_the_same_state_under_its_new_name(memory_path: Path, clock: TwinClock) -> None:
    before = len(MIGRATIONS) - 1
    old = sqlite3.connect(memory_path / FILE)
    for number, script in enumerate(MIGRATIONS[:before], 1):
        old.executescript(f"{script} PRAGMA user_version = {number};")
    states = [state.value if state is not State.DECIDED else "rendered" for state in State]
    for number, state in enumerate(states):
        old.execute(
            "INSERT INTO mention (platform, id, state, author, host, thread, mention, recorded_at, changed_at, due_at)"
            " VALUES ('twin', ?, ?, '1', 'h', '1', ?, 0, 0, 0)",
            (str(number), state, MENTION.dump_json(mention(number)).decode()),
        )
    old.commit()
    old.close()
    ledger = Ledger(memory_path, clock)
    found = [ledger.get("twin", str(number)) for number in range(len(states))]
    assert [row.state for row in found if row] == list(State)
    ledger.close()
