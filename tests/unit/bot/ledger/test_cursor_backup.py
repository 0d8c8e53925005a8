"""Where reading begins when the ledger is lost."""

from pathlib import Path

from bot.ledger.cursor_backup import FILE, CursorBackup
from tests.fakes.clock import FakeClock


def test_the_oldest_anchor_is_at_least_as_old_as_what_is_still_answered(tmp_path: Path) -> None:
    clock = FakeClock()
    anchors = CursorBackup(tmp_path, clock.now, kept_s=86_400)
    for hour in range(100):
        anchors.note("fake", str(hour))
        clock.pass_s(3600)
    found = CursorBackup(tmp_path, clock.now).oldest("fake")
    assert found is not None
    assert 100 - 27 <= int(found) <= 100 - 24


def test_a_first_run_has_no_anchor(tmp_path: Path) -> None:
    assert CursorBackup(tmp_path, FakeClock().now).oldest("fake") is None


def test_a_broken_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"fake": 3')
    anchors = CursorBackup(tmp_path, FakeClock().now)
    anchors.note("fake", "5")
    assert CursorBackup(tmp_path, FakeClock().now).oldest("fake") == "5"
