"""What the unit tests share: a directory in memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation import MEMORY


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """Like tmp_path, where the machine has it in memory: the ledger syncs at every commit."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as directory:
        yield Path(directory)
