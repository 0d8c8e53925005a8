"""A fake X at a port, and the adapter that talks to it."""

from collections.abc import Iterator

import pytest

from bot.platforms.x.adapter import X
from tests.fakes.x import FakeX, running
from tests.integration.bot.platforms.x.account import platform


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with running() as server:
        yield server


@pytest.fixture
def x(fake: FakeX) -> X:
    return platform(fake)
