"""The map of rooms is the one that the code has, and the house stays small enough to know."""

from pathlib import Path

import pytest

from tests.architecture import rooms


def test_the_map_of_rooms_is_drawn_from_the_code() -> None:
    assert rooms.written() == rooms.table(), "run: python -m tests.architecture.rooms --write"


def test_of_worker_the_bot_imports_the_contract_and_what_a_process_needs() -> None:
    allowed = {"worker.contract", "worker.process"}
    found = {room: {name for name in to if name.startswith("worker")} for room, to in rooms.arrows().items()}
    strays = {room: names - allowed for room, names in found.items() if room.startswith("bot.") and names - allowed}
    assert set(strays) <= {"bot.cli"}, strays


@pytest.mark.parametrize(("package", "most_rooms", "most_files"), [("bot", 10, 15), ("worker", 7, 5)])
def test_what_stands_directly_in_a_package_can_be_kept_in_mind(package: str, most_rooms: int, most_files: int) -> None:
    here = Path(__file__).parents[2] / package
    assert len(list(here.glob("*/__init__.py"))) <= most_rooms
    assert len(list(here.glob("*.py"))) <= most_files
