"""One reply a mention, whatever gets lost: posting, reconciling, amnesia. The oracle is the platform's own log."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import NotSent, PictureRefused, RateLimited
from bot.flow.notes import note
from bot.ledger import State
from bot.ports import Waiting
from bot.posts import Reply
from bot.reply.compose import compose
from bot.reply.wording import sentences
from tests.conversation import Conversation, with_rules
from tests.fakes.mentions import BEN, EPOCH, mention
from tests.fakes.platform import LOST, FakePlatform


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


def until_rendered(talk: Conversation) -> None:
    talk.receive()
    talk.renders.paint()
    talk.deliver()


def answered_once(talk: Conversation, lag_s: float) -> None:
    talk.platform.visibility_lag_s = lag_s
    talk.clock.pass_s(100)
    talk.hears(mention(1, at=talk.clock.now()))
    talk.settle(rounds=1)
    assert len(talk.replies(1)) == 1


def test_a_lost_answer_is_looked_for_after_the_horizon_and_not_posted_again(talk: Conversation) -> None:
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    talk.settle()
    assert talk.state(1) is State.POSTING
    talk.clock.pass_s(90)
    talk.settle()
    assert talk.state(1) is State.ANSWERED
    assert len(talk.replies(1)) == 1


def test_a_post_that_did_not_happen_is_made_after_the_horizon(talk: Conversation) -> None:
    talk.platform.before_post = [LOST]
    talk.hears(mention(1))
    talk.settle()
    assert talk.replies(1) == []
    talk.clock.pass_s(90)
    talk.settle()
    assert len(talk.replies(1)) == 1


def test_a_reply_that_becomes_visible_late_is_waited_for(talk: Conversation) -> None:
    talk.platform.visibility_lag_s = 80
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    for _ in range(40):
        talk.settle(rounds=1)
    assert len(talk.replies(1)) == 1


def test_a_horizon_shorter_than_the_lag_makes_duplicates(talk: Conversation) -> None:
    """The control: were this test to fail, the ones above would prove nothing."""
    talk.platform.visibility_lag_s = 200
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    for _ in range(40):
        talk.settle(rounds=1)
    assert len(talk.replies(1)) == 2


def test_a_post_that_never_left_is_made_again_at_once(talk: Conversation) -> None:
    talk.platform.before_post = [NotSent("connection refused")]
    talk.hears(mention(1))
    talk.settle()
    assert len(talk.replies(1)) == 1


def test_a_death_while_posting_is_settled_by_looking(talk: Conversation) -> None:
    talk.hears(mention(1))
    until_rendered(talk)
    row = talk.ledger.begin_posting(talk.row(1))
    reply = compose(row, talk.ledger.jobs(row), talk.platform.limits(), talk.pictures, talk.house.names)
    talk.platform.post(reply)
    talk.restart()
    talk.settle()
    assert talk.state(1) is State.POSTING
    talk.clock.pass_s(90)
    talk.settle()
    assert len(talk.replies(1)) == 1
    assert talk.state(1) is State.ANSWERED


def test_a_clock_set_forward_does_not_shorten_the_horizon(talk: Conversation) -> None:
    talk.platform.after_post = [LOST]
    talk.platform.visibility_lag_s = 3680
    talk.hears(mention(1))
    talk.settle()
    talk.clock.wall += 3600
    talk.settle()
    assert talk.state(1) is State.POSTING


def test_after_a_reboot_the_horizon_begins_anew(talk: Conversation) -> None:
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    talk.settle()
    talk.clock.boot, talk.clock.since_boot = "another", 5.0
    talk.restart()
    talk.settle()
    assert talk.state(1) is State.POSTING
    talk.clock.pass_s(90)
    talk.settle()
    assert len(talk.replies(1)) == 1


def test_a_clock_set_back_does_not_hold_a_row_for_an_hour(talk: Conversation) -> None:
    talk.platform.before_post = [NotSent("connection refused")]
    talk.hears(mention(1))
    talk.settle(rounds=1)
    talk.clock.wall -= 3600
    talk.settle()
    assert talk.state(1) is State.ANSWERED


def test_a_clock_set_back_while_the_platform_takes_no_posts_closes_it_no_longer(talk: Conversation) -> None:
    until = datetime.fromtimestamp(talk.clock.now() + 10, UTC)
    talk.platform.before_post = [RateLimited(until)]
    talk.hears(mention(1), mention(2, BEN))
    talk.settle(rounds=1)
    talk.clock.wall -= 3600
    talk.clock.pass_s(10)
    talk.settle(rounds=1)
    assert (talk.state(1), talk.state(2)) == (State.ANSWERED, State.ANSWERED)


def test_a_lost_ledger_answers_nobody_twice_and_everybody_once(talk: Conversation) -> None:
    talk.hears(mention(1, at=EPOCH + 1), mention(2, at=EPOCH + 1))
    talk.receive()
    talk.renders.paint()
    talk.deliver()
    talk.ledger.move(talk.row(2), State.QUEUED)
    talk.post()
    assert (len(talk.replies(1)), len(talk.replies(2))) == (1, 0)
    talk.clock.pass_s(30)
    talk.lose_ledger()
    talk.poll()
    for _ in range(40):
        talk.settle(rounds=1)
    assert (len(talk.replies(1)), len(talk.replies(2))) == (1, 1)


@pytest.mark.parametrize("set_s", [-3600, 3600])
@pytest.mark.parametrize("lag_s", [0, 80])
def test_a_ledger_lost_while_the_clock_is_wrong_answers_nobody_twice(
    talk: Conversation, set_s: float, lag_s: float
) -> None:
    answered_once(talk, lag_s)
    talk.hears(mention(2, at=talk.clock.now()))
    talk.clock.wall += set_s
    talk.lose_ledger()
    talk.poll()
    for _ in range(40):
        talk.settle(rounds=1)
    assert (len(talk.replies(1)), len(talk.replies(2))) == (1, 1)
    assert talk.state(1) is State.ANSWERED


@pytest.mark.parametrize("lag_s", [0, 80])
def test_a_ledger_lost_while_the_clock_is_behind_and_the_first_look_shows_nothing_answers_nobody_twice(
    talk: Conversation, lag_s: float
) -> None:
    """By the order of the mentions and by our own clock the old one looks new; by the platform's it does not."""
    answered_once(talk, lag_s)
    talk.clock.wall -= 3600
    talk.lose_ledger()
    talk.platform.empty_pages = 1
    for _ in range(40):
        talk.poll()
        talk.settle(rounds=1)
    assert len(talk.replies(1)) == 1
    assert talk.state(1) is State.ANSWERED


def test_a_restored_old_ledger_answers_nobody_twice(talk: Conversation) -> None:
    talk.hears(mention(1, at=EPOCH - 50))
    until_rendered(talk)
    talk.ledger.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = (talk.directory / "ledger.sqlite").read_bytes()
    talk.post()
    talk.clock.pass_s(3600)
    talk.ledger.close()
    for file in talk.directory.glob("ledger.sqlite*"):
        file.unlink()
    (talk.directory / "ledger.sqlite").write_bytes(copy)
    talk.start()
    talk.settle()
    assert len(talk.replies(1)) == 1
    assert talk.state(1) is State.ANSWERED


def test_a_withdrawal_during_the_post_takes_the_post_back(talk: Conversation) -> None:
    talk.hears(mention(1))
    until_rendered(talk)

    def withdraw(reply: Reply) -> None:
        talk.ledger.erasure.withdraw(talk.row(1), "asked")

    talk.platform.on_post = withdraw
    talk.post()
    talk.tidy()
    assert talk.platform.deleted == ["p0"]


def noted_and_lost(talk: Conversation) -> None:
    """Somebody who waits long gets a note, and we never learn its id; then the painting is done."""
    talk.platform.lost_notes = True
    talk.hears(*(mention(n, replace(BEN, id=str(n))) for n in range(1, 5)))
    talk.receive()
    talk.care()
    talk.renders.paint()
    talk.deliver()


@pytest.mark.parametrize("trouble", [[], [LOST], [LOST, LOST]])
@pytest.mark.parametrize("restarts", [False, True])
def test_a_note_that_is_listed_late_is_never_taken_for_the_answer(
    talk: Conversation, trouble: list[Exception], restarts: bool
) -> None:
    talk.platform.visibility_lag_s = 80
    noted_and_lost(talk)
    if restarts:
        talk.restart()
    talk.platform.before_post = [*trouble]
    for _ in range(120):
        talk.settle(rounds=1)
    talk.tidy()
    assert [len(reply.paintings) for reply in talk.platform.replies_to("4")] == [1]
    assert talk.platform.deleted == ["n1"]


def test_a_note_of_a_ledger_that_was_lost_is_not_taken_for_the_answer(talk: Conversation) -> None:
    talk.hears(*(mention(n, replace(BEN, id=str(n))) for n in range(1, 5)))
    talk.receive()
    talk.care()
    assert [to for to, _ in talk.platform.notes] == ["4"]
    talk.lose_ledger()
    talk.poll()
    for _ in range(20):
        talk.settle(rounds=1)
    talk.tidy()
    assert [len(reply.paintings) for reply in talk.platform.replies_to("4")] == [1]
    assert talk.platform.deleted == ["n1"]


def test_an_answer_of_a_ledger_that_was_lost_is_not_taken_for_the_note(talk: Conversation) -> None:
    talk.hears(mention(1))
    talk.settle()
    talk.lose_ledger()
    talk.platform.lost_notes, talk.rules = True, with_rules(note_after_s=0.0)
    talk.restart()
    talk.poll()
    talk.receive()
    talk.care()
    assert [to for to, _ in talk.platform.notes] == ["1"]
    for _ in range(20):
        talk.settle(rounds=1)
    talk.tidy()
    assert len(talk.replies(1)) == 1
    assert talk.platform.deleted == ["n1"]


def test_an_answer_waits_no_longer_than_a_horizon_for_a_note_that_was_never_posted(talk: Conversation) -> None:
    talk.platform.visibility_lag_s = 10**6
    noted_and_lost(talk)
    for _ in range(20):
        talk.settle(rounds=1)
    assert talk.state(4) is State.ANSWERED


def test_a_note_is_not_sent_for_a_mention_that_is_no_longer_queued(talk: Conversation) -> None:
    talk.hears(*(mention(n, replace(BEN, id=str(n))) for n in range(1, 5)))
    talk.receive()
    late = talk.row(4)
    waiting = talk.renders.waiting

    def meanwhile(job_id: str) -> Waiting:
        place = waiting(job_id)
        talk.settle(rounds=1)
        return place

    talk.renders.waiting = meanwhile  # type: ignore[method-assign]  # the painting is done while the place is asked for
    note(talk.parts, late)
    assert talk.state(4) is State.ANSWERED
    assert talk.platform.notes == []


def test_a_picture_that_is_refused_is_told_of_in_words(talk: Conversation) -> None:
    talk.platform.unpostable["1"] = PictureRefused(422, "unsupported")
    talk.hears(mention(1))
    talk.settle()
    assert talk.state(1) is State.FAILED
    assert talk.replies(1)[0] in sentences("en")["trouble"]["not_taken"]


class TakesOnly(FakePlatform):
    """A server behind a proxy that takes less than the server says."""

    most = 0
    sizes: list[int]

    def post(self, reply: Reply) -> str:
        self.sizes += [len(painting.data) for painting in reply.paintings]
        if any(len(painting.data) > self.most for painting in reply.paintings):
            raise PictureRefused(413, "too large")
        return super().post(reply)


@pytest.mark.parametrize(("most", "sizes"), [(90_000, [160_000, 80_000]), (45_000, [160_000, 80_000, 40_000])])
def test_a_picture_that_is_too_large_for_a_server_goes_smaller(talk: Conversation, most: int, sizes: list[int]) -> None:
    platform = narrow(talk, most)
    assert platform.sizes == sizes
    assert [[len(one.data) for one in reply.paintings] for reply in platform.replies_to("1")] == [sizes[-1:]]
    assert talk.state(1) is State.ANSWERED


def test_a_picture_that_no_size_helps_is_told_of_in_words(talk: Conversation) -> None:
    platform = narrow(talk, 0)
    talk.post()
    assert platform.sizes == [160_000, 80_000, 40_000]
    assert talk.replies(1)[0] in sentences("en")["trouble"]["not_taken"]
    assert (talk.state(1), len(talk.replies(1))) == (State.FAILED, 1)


def narrow(talk: Conversation, most: int) -> TakesOnly:
    """A painting of 160,000 bytes for a platform that takes `most`."""
    platform = TakesOnly(talk.clock)
    platform.most, platform.sizes = most, []
    talk.platform = talk.parts.platforms["fake"] = platform  # type: ignore[index]  # a dict
    talk.hears(mention(1))
    until_rendered(talk)
    (job,) = talk.ledger.jobs(talk.row(1))
    talk.pictures.stored[job.painting] = b"\xff\xd8\xff" + bytes(159_997)
    talk.post()
    return platform


def test_a_mistake_of_ours_while_posting_is_looked_into_for_a_day_before_it_ends(talk: Conversation) -> None:
    """Perhaps the answer is there: it is found even then, and none is sent beside it."""
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    until_rendered(talk)
    talk.post()
    assert talk.state(1) is State.POSTING

    def stumbles(mention_id: str) -> list[str]:
        raise ZeroDivisionError

    find, talk.platform.find = talk.platform.find, stumbles  # type: ignore[method-assign]  # our own mistake
    for _ in range(12):
        talk.clock.pass_s(3700)
        talk.post()
    assert (talk.state(1), len(talk.replies(1))) == (State.POSTING, 1)
    talk.platform.find = find  # type: ignore[method-assign]
    talk.clock.pass_s(3700)
    talk.post()
    assert (talk.state(1), talk.row(1).reason, len(talk.replies(1))) == (State.ANSWERED, "", 1)


def test_a_mistake_of_ours_while_posting_ends_after_a_day_without_another_answer(talk: Conversation) -> None:
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    until_rendered(talk)
    talk.post()

    def stumbles(mention_id: str) -> list[str]:
        raise ZeroDivisionError

    talk.platform.find = stumbles  # type: ignore[method-assign]  # our own mistake
    for _ in range(30):
        talk.clock.pass_s(3700)
        talk.post()
    assert (talk.state(1), talk.row(1).reason, len(talk.replies(1))) == (State.FAILED, "unexpected", 1)


def test_a_replayed_mention_whose_first_answer_shows_late_is_not_answered_twice(talk: Conversation) -> None:
    talk.platform.visibility_lag_s = 80
    talk.platform.after_post = [LOST]
    talk.hears(mention(1))
    talk.settle(rounds=1)
    talk.ledger.move(talk.row(1), State.FAILED, "unexpected")
    talk.ledger.replay(talk.row(1))
    for _ in range(60):
        talk.settle(rounds=1)
    assert len(talk.replies(1)) == 1
    assert talk.state(1) is State.ANSWERED
