"""'Again' right after an answer: it waits for its minute instead of being taken for a loop."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ledger import State
from bot.posts import Mention
from tests.conversation import MEMORY, Conversation
from tests.fakes.mentions import ANN, mention


@pytest.fixture
def talk() -> Iterator[Conversation]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        conversation = Conversation(Path(folder))
        yield conversation
        conversation.ledger.close()


def again(number: int, post_id: str, at: float) -> Mention:
    """`again` under our post."""
    ours = Mention("fake", post_id, ANN, "", by_us=True)
    return replace(mention(number, text="again", at=at), attachments=(), in_reply_to=post_id, parent=ours)


def answered(talk: Conversation) -> str:
    """A first mention, answered; the id of our reply."""
    talk.hears(mention(1))
    talk.settle(1)
    assert talk.state(1) is State.ANSWERED
    (post,) = talk.ledger.posts("fake", "1")
    return post.id


def test_again_at_once_is_painted_when_its_minute_comes(talk: Conversation) -> None:
    post_id = answered(talk)
    talk.hears(again(2, post_id, talk.clock.now()))
    talk.settle(1)
    assert (talk.state(2), talk.replies(2)) == (State.NEW, [])
    talk.clock.pass_s(60)
    talk.settle()
    assert talk.state(2) is State.ANSWERED
    assert len(talk.replies(2)) == 1


def test_again_and_again_still_ends_and_says_so_once(talk: Conversation) -> None:
    post_id = answered(talk)
    talk.hears(*(again(number, post_id, talk.clock.now()) for number in range(2, 8)))
    for _ in range(20):
        talk.settle(1)
        talk.clock.pass_s(61)
    answers = [talk.row(number).answer for number in range(1, 8)]
    codes = [answer.code for answer in answers if answer is not None]
    assert codes == [""] * talk.rules.replies_per_thread + ["thread_full"]
    assert sum(len(talk.replies(number)) for number in range(1, 8)) == talk.rules.replies_per_thread + 1
    assert {talk.state(number) for number in range(2, 8)} == {State.ANSWERED, State.DECLINED, State.IGNORED}


def test_help_at_once_waits_for_its_minute_too(talk: Conversation) -> None:
    post_id = answered(talk)
    talk.hears(replace(again(2, post_id, talk.clock.now()), text="help"))
    talk.settle()
    assert talk.state(2) is State.NEW
    talk.clock.pass_s(60)
    talk.settle()
    assert talk.state(2) is State.DECLINED
    assert len(talk.replies(2)) == 1


def test_a_wish_at_once_under_a_sentence_of_ours_waits_and_is_painted(talk: Conversation) -> None:
    talk.hears(replace(mention(1, text="like Picasso"), attachments=mention(1).attachments[:1]))
    talk.settle()
    assert talk.state(1) is State.DECLINED
    talk.hears(replace(again(2, "p0", talk.clock.now()), text="waves then"))
    talk.settle()
    assert talk.state(2) is State.NEW
    talk.clock.pass_s(60)
    talk.settle()
    assert talk.state(2) is State.ANSWERED
