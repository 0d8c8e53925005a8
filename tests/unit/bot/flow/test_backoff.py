"""A mention that always fails puts off itself alone, is tried ever more rarely, and ends; in words where it can."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import NotSent, NotTaken, RateLimited, Unauthorized, Unknown
from bot.flow.backoff import LONGEST_OWN_PAUSE_S
from bot.ledger import State
from bot.posts import Visibility
from bot.reply.wording import sentences
from tests.conversation import Conversation
from tests.fakes.mentions import ANN, BEN, EPOCH, mention, picture
from tests.fakes.platform import LOST

HOURS = 30


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


def for_hours(talk: Conversation, hours: float = HOURS, every_s: float = 30) -> None:
    """Time passes, and every row that is due is stepped."""
    until = talk.clock.now() + 3600 * hours
    while talk.clock.now() < until:
        talk.settle(rounds=1)
        talk.clock.pass_s(every_s - 5)  # settling takes 5 s


def said(talk: Conversation, number: int, group: str, key: str) -> bool:
    return talk.replies(number) != [] and talk.replies(number)[-1] in sentences("en")[group][key]


def test_a_painting_that_the_server_never_takes_is_tried_ever_more_rarely_and_told_of_in_words(
    talk: Conversation,
) -> None:
    talk.platform.unpostable["1"] = NotTaken("upload: 500")
    talk.hears(mention(1))
    for_hours(talk, 1)
    assert len(talk.platform.posts_tried) == talk.rules.posting_tries + 1
    assert talk.state(1) is State.FAILED
    assert said(talk, 1, "trouble", "not_taken")


def test_tries_are_counted_on_while_a_row_goes_to_and_fro_between_rendered_and_posting(talk: Conversation) -> None:
    talk.platform.unpostable["1"] = NotTaken("upload: 500")
    talk.hears(mention(1))
    for_hours(talk, 0.1)
    assert talk.row(1).attempts > 4
    assert talk.row(1).due_at - talk.clock.now() > 60


def test_a_post_of_which_nobody_can_ever_say_whether_it_happened_is_told_of_in_words(talk: Conversation) -> None:
    talk.platform.unpostable["1"] = LOST
    talk.hears(mention(1))
    for_hours(talk, 3)
    assert said(talk, 1, "trouble", "not_taken")


def test_a_mention_whose_answers_can_never_be_looked_for_ends_with_a_reason_after_a_day(talk: Conversation) -> None:
    talk.platform.unfindable["1"] = Unknown("503 from the server")
    talk.hears(mention(1, at=EPOCH - 100))
    for_hours(talk, 20)
    assert talk.state(1) is State.DECIDED
    for_hours(talk, 10)
    assert talk.state(1) is State.FAILED
    assert "Unknown" in talk.row(1).reason
    assert talk.replies(1) == []


def test_a_post_above_that_can_never_be_read_is_told_of_within_half_an_hour(talk: Conversation) -> None:
    talk.platform.unreadable["77"] = Unknown("503 from the server")
    talk.hears(replace(mention(1, ANN, "", picture("style")), in_reply_to="77"))
    for_hours(talk, 0.5)
    assert talk.state(1) is State.FAILED
    assert said(talk, 1, "trouble", "unread")


@pytest.mark.parametrize("trouble", [NotSent("refused"), Unauthorized("401"), RateLimited])
def test_what_concerns_everybody_is_no_trouble_of_a_row_and_ends_none(talk: Conversation, trouble: object) -> None:
    moment = datetime.fromtimestamp(talk.clock.now(), UTC)
    talk.platform.unpostable["1"] = RateLimited(moment) if trouble is RateLimited else trouble  # type: ignore[assignment]
    talk.hears(mention(1))
    for_hours(talk, HOURS, every_s=1800)
    assert talk.state(1) is State.DECIDED
    assert talk.row(1).attempts == 0
    talk.platform.unpostable.clear()
    for_hours(talk, 0.1)
    assert talk.state(1) is State.ANSWERED


def test_while_a_platform_serves_nothing_no_trouble_is_a_rows_own(talk: Conversation) -> None:
    talk.serves = False
    talk.platform.unpostable["1"] = Unknown("502")
    talk.hears(mention(1))
    for_hours(talk, HOURS, every_s=1800)
    talk.platform.unpostable.clear()
    for_hours(talk, 0.1)
    assert talk.state(1) is State.ANSWERED
    assert len(talk.replies(1)) == 1


def test_no_pause_is_longer_than_an_hour(talk: Conversation) -> None:
    talk.platform.unfindable["1"] = Unknown("503 from the server")
    talk.hears(mention(1, at=EPOCH - 100))
    for _ in range(23 * 60):
        talk.settle(rounds=1)
        assert talk.row(1).due_at - talk.clock.now() <= LONGEST_OWN_PAUSE_S
        talk.clock.pass_s(55)


def test_those_without_trouble_come_first(talk: Conversation) -> None:
    talk.hears(mention(1), mention(2, BEN))
    talk.ledger.put_off(talk.row(1), 0, "trouble", trouble=True)
    assert [row.id for row in talk.ledger.due(State.NEW)] == ["2", "1"]


def test_a_direct_mention_whose_painting_is_not_taken_is_told_of_it_directly(talk: Conversation) -> None:
    talk.platform.unpostable["1"] = NotTaken("upload: 500")
    talk.hears(replace(mention(1), visibility=Visibility.DIRECT))
    for_hours(talk, 1)
    assert [reply.visibility for reply in talk.platform.replies_to("1")] == [Visibility.DIRECT]
