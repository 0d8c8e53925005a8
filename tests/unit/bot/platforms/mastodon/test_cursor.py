"""No notification is lost and the cursor never goes back, whatever the order in which a server shows them."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.mastodon.cursor import DEEP_EVERY_S, DEEP_LOOKS, LATE_S, LaggingCursor
from bot.platforms.mastodon.entities import order

LATEST_S = int(LATE_S)
PAGE = 80


@dataclass
class Reader:
    """Reads a server's list the way the adapter does: from the trail's start, page by page."""

    shown_at: dict[int, float]
    now: float = 0.0
    cursor: str = "0"
    seen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.trail = LaggingCursor(40, lambda: self.now)

    def poll(self) -> None:
        position = int(self.trail.start(self.cursor))
        while page := sorted(n for n, at in self.shown_at.items() if n > position and at <= self.now)[:PAGE]:
            position = page[-1]
            self.seen += page
            before, self.cursor = self.cursor, self.trail.cursor(self.cursor, str(position))
            assert order(before) <= order(self.cursor)
        self.trail.ended(str(position))
        self.cursor = self.trail.cursor(self.cursor, self.trail.newest)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 200), st.floats(0, 20), st.integers(0, LATEST_S - 6)), max_size=60),
    st.booleans(),
)
def test_a_notification_that_shows_late_is_still_read(arrivals: list[tuple[int, float, int]], restarts: bool) -> None:
    number, at, shown = 0, 0.0, {}
    for step, gap_s, late_s in arrivals:
        number, at = number + step, at + gap_s
        shown[number] = at + late_s
    reader = Reader(shown)

    while reader.now <= at + 400:
        reader.poll()
        reader.now += 5.0
        if restarts and reader.now % 50 == 0:
            reader.trail = LaggingCursor(40, lambda: reader.now)

    assert set(reader.seen) == set(shown)


def test_the_first_run_never_reads_what_came_before_it() -> None:
    reader = Reader(dict.fromkeys(range(1, 101), 0.0), cursor="100")
    for _ in range(500):
        reader.poll()
        reader.now += 5.0

    assert reader.seen == []
    assert reader.cursor == "100"


def test_in_quiet_times_nothing_is_read_again_but_once_a_minute() -> None:
    reader = Reader(dict.fromkeys(range(1, 31), 0.0))
    for _ in range(240):
        reader.poll()
        reader.now += 5.0

    assert reader.cursor == "30"
    assert len(reader.seen) < 30 * 26


@pytest.mark.parametrize("ids", [["01HA", "01HB", "01HC"], ["9", "10", "100"]])
def test_ids_are_compared_by_length_and_letters(ids: list[str]) -> None:
    assert sorted([ids[2], ids[0], ids[1]], key=order) == ids


def looks(trail: LaggingCursor, cursor: str, newest: str) -> str:
    """One look that shows everything; the cursor after it."""
    trail.start(cursor)
    cursor = trail.cursor(cursor, newest)
    trail.ended(newest)
    return trail.cursor(cursor, newest)


def test_ids_that_are_no_numbers_have_a_cursor_that_lags_by_deep_looks() -> None:
    now, cursor = 0.0, "01HA"
    trail = LaggingCursor(40, lambda: now)
    cursors = []
    for _ in range(DEEP_LOOKS + 1):
        cursor = looks(trail, cursor, "01HB")
        cursors.append(cursor)
        now += max(DEEP_EVERY_S, LATE_S)

    assert cursors == ["01HA"] * DEEP_LOOKS + ["01HB"]


def test_a_deep_look_that_shows_less_than_is_known_moves_no_cursor() -> None:
    now, cursor = 0.0, "01HA"
    trail = LaggingCursor(40, lambda: now)
    cursor = looks(trail, cursor, "01HB")
    for _ in range(20):
        now += DEEP_EVERY_S
        trail.ended(trail.start(cursor))
        cursor = trail.cursor(cursor, trail.newest)

    assert cursor == "01HA"
