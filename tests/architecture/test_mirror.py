"""Tests lie where what they test lies: the test of bot/flow/publish.py is tests/unit/bot/flow/test_publish.py."""

from pathlib import Path

import pytest

from tests import ROOT


def is_named_for_its_room(test: Path, room: Path) -> bool:
    """A test is named for a module of its room or for the room as a whole; more words may follow."""
    about = test.stem.removeprefix("test_")
    subjects = {room.name, *(path.stem.strip("_") for path in room.iterdir())} if room.is_dir() else set()
    return any(about == name or about.startswith(f"{name}_") for name in subjects)


@pytest.mark.parametrize("floor", ["unit", "integration"])
def test_each_test_lies_in_the_room_of_what_it_tests_and_is_named_for_it(floor: str) -> None:
    top = ROOT / "tests" / floor
    tests = sorted(top.rglob("test_*.py"))
    assert tests
    strays = [test for test in tests if not is_named_for_its_room(test, ROOT / test.parent.relative_to(top))]
    assert not strays, f"no module or room of that name: {[str(test.relative_to(ROOT)) for test in strays]}"
