"""A bot whose ledger the commands find."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conversation import Conversation
from tests.fakes.mentions import BEN
from tests.fakes.mentions import mention as a_mention


@pytest.fixture
def talk(memory_path: Path, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    monkeypatch.setenv("STYLESMITH_DATA_DIR", str(memory_path))
    talk = Conversation(memory_path)
    talk.platform.name = "mastodon"
    talk.hears(a_mention(1), replace(a_mention(2, BEN), attachments=()))
    talk.settle()
    return talk
