"""One process a ledger."""

import multiprocessing
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from bot.ledger.lock import Locked, lock


def _hold(directory: Path, held: Event) -> None:
    with lock(directory):
        held.set()
        threading.Event().wait(60)


def test_a_second_process_is_locked_out_until_the_first_is_killed(memory_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held = spawn.Event()
    holder = spawn.Process(target=_hold, args=(memory_path, held))
    holder.start()
    try:
        assert held.wait(30)
        with pytest.raises(Locked), lock(memory_path):
            pass
    finally:
        holder.kill()
        holder.join()
        holder.close()
    with lock(memory_path):
        pass
