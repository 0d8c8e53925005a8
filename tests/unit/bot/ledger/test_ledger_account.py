"""The ledger belongs to a server and an account."""

from pathlib import Path

import pytest

from tests.conversation import Conversation
from tests.fakes.mentions import BEN, mention


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


def test_another_account_is_a_first_look_and_takes_no_id_for_an_old_one(talk: Conversation) -> None:
    assert not talk.ledger.belong_to("fake", "large.example/1")
    talk.hears(mention(1), mention(2, BEN))
    talk.settle(rounds=1)
    talk.hears(mention(3))
    assert talk.ledger.belong_to("fake", "small.example/7")
    assert talk.ledger.cursor("fake") is None
    assert talk.ledger.get("fake", "3") is None
    assert not talk.ledger.belong_to("fake", "small.example/7")
    assert talk.ledger.record("fake", [mention(3)], "3") == 1
