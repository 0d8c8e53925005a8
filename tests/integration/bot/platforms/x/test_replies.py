"""Looking for our answers on X: as sure as reading the whole timeline for each, in a fraction of the requests."""

import time
from typing import Any

import pytest

from bot.errors import Unknown
from bot.platforms.x.adapter import X
from bot.platforms.x.client import XClient
from bot.platforms.x.replies import KEPT_S, LATE_S, OwnReplies
from bot.platforms.x.spending import PRICE_USD, Item, Spending
from tests.fakes.x import FakeX
from tests.fakes.x_world import Post
from tests.stages import X_KEYS

ROUTE = "GET /2/users/9000/tweets"


class Clock:
    """Stands still until it is told."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answers(fake: FakeX, clock: Clock) -> OwnReplies:
    client = XClient(X_KEYS, fake.address)

    def page(above: str, token: str | None) -> dict[str, Any]:
        return client.own_posts(max_results=100, since_id=above, pagination_token=token)

    return OwnReplies(page, 0, clock)


def say(fake: FakeX, seconds_ago: float = 0) -> str:
    return str(fake.world.write({"text": "@stylesmith", "at": time.time() - seconds_ago}).id)


def answer(fake: FakeX, to: str, seconds_ago: float = 0, lag_s: float = 0) -> str:
    world = fake.world
    post_id = world.next_id(time.time() - seconds_ago)
    post = Post(post_id, world.own, f"For {to}.", [], int(to), visible_at=time.time() + lag_s)
    post.history = [post_id]
    world.posts[post_id] = post
    return str(post_id)


def show(fake: FakeX, post_id: str) -> None:
    """It becomes visible now."""
    fake.world.posts[int(post_id)].visible_at = 0.0


def pages(fake: FakeX) -> int:
    """How many pages of our timeline were asked for since this was called last."""
    count = len([one for one in fake.requests if one.get("route") == ROUTE])
    fake.requests.clear()
    return count


def test_after_one_reading_each_of_hundreds_costs_one_page(fake: FakeX, answers: OwnReplies) -> None:
    minutes = range(790, 0, -1)
    mentions = {minute: say(fake, minute * 60) for minute in minutes}
    ours = {mentions[minute]: answer(fake, mentions[minute], minute * 60 - 20) for minute in minutes if minute % 30}
    looked_for = list(mentions.values())[:40]
    assert [answers.to(to) for to in looked_for] == [[ours[to]] if to in ours else [] for to in looked_for]
    assert pages(fake) == 8 + 39


def test_an_answer_that_comes_after_the_reading_is_found(fake: FakeX, answers: OwnReplies) -> None:
    first, second = say(fake), say(fake)
    assert answers.to(first) == answers.to(second) == []
    posted = answer(fake, second)
    assert answers.to(second) == [posted]


def test_an_answer_that_shows_later_than_a_newer_one_is_found(fake: FakeX, answers: OwnReplies) -> None:
    first, second = say(fake, LATE_S), say(fake, LATE_S)
    late = answer(fake, first, LATE_S - 60, lag_s=3600)
    newer = answer(fake, second)
    assert (answers.to(first), answers.to(second)) == ([], [newer])
    show(fake, late)
    assert answers.to(first) == [late]


def test_a_horizon_longer_than_usual_is_read_back_that_far(fake: FakeX, answers: OwnReplies) -> None:
    long_s = 12 * LATE_S
    patient = OwnReplies(answers._page, long_s)
    first, second = say(fake, long_s), say(fake, long_s)
    late = answer(fake, first, long_s - 60, lag_s=3600)
    answer(fake, second)
    assert (answers.to(first), patient.to(first)) == ([], [])
    show(fake, late)
    assert (answers.to(first), patient.to(first)) == ([], [late])


def test_nothing_older_than_the_mention_is_read(fake: FakeX, answers: OwnReplies) -> None:
    before = say(fake, 800)
    for number in range(250):
        answer(fake, before, 700 - number)
    recent = say(fake, 60)
    assert len(answers.to(before)) == 250
    pages(fake)
    assert answers.to(recent) == []
    assert pages(fake) == 1


def test_what_shows_at_the_last_moment_is_found_until_the_whole_is_read_again(
    fake: FakeX, answers: OwnReplies, clock: Clock
) -> None:
    """It was written just before the whole was read, and the posts since then are of other mentions."""
    first, second = say(fake, KEPT_S + LATE_S), say(fake, KEPT_S + LATE_S)
    late = answer(fake, first, KEPT_S + LATE_S - 5, lag_s=3600)
    assert answers.to(first) == []
    clock.now_s += KEPT_S - 1
    newer = answer(fake, second)
    assert answers.to(second) == [newer]
    show(fake, late)
    assert answers.to(first) == [late]


def test_an_older_mention_is_looked_for_further_back(fake: FakeX, answers: OwnReplies) -> None:
    older, newer = say(fake, 9000), say(fake, 3000)
    posted = answer(fake, older, 6000)
    assert answers.to(newer) == []
    assert answers.to(older) == [posted]


def test_an_empty_page_by_mistake_hides_nothing_that_was_seen(fake: FakeX, answers: OwnReplies) -> None:
    mention = say(fake)
    posted = answer(fake, mention)
    assert answers.to(mention) == [posted]
    fake.world.posts[int(posted)].visible_at = time.time() + 60
    assert answers.to(mention) == [posted]


def test_a_reading_that_breaks_off_keeps_nothing(fake: FakeX, answers: OwnReplies) -> None:
    mention = say(fake, 9000)
    ours = [answer(fake, mention, 8000 - number) for number in range(150)]
    page, asked = answers._page, []

    def broken(above: str, token: str | None) -> dict[str, Any]:
        asked.append(token)
        if len(asked) == 2:
            raise Unknown("broke off")
        return page(above, token)

    answers._page = broken
    with pytest.raises(Unknown):
        answers.to(mention)
    assert answers.to(mention) == ours


def test_after_some_minutes_everything_is_read_again(fake: FakeX, answers: OwnReplies, clock: Clock) -> None:
    mention = say(fake, 9000)
    for number in range(150):
        answer(fake, mention, 8000 - number)
    answers.to(mention)
    assert pages(fake) == 2
    clock.now_s += KEPT_S - 1
    answers.to(mention)
    assert pages(fake) == 2
    gone = answers.to(mention)[0]
    fake.world.posts[int(gone)].deleted = True
    clock.now_s += 1
    assert gone not in answers.to(mention)


def test_a_reply_that_we_took_down_is_not_found(fake: FakeX) -> None:
    x = X(XClient(X_KEYS, fake.address), Spending(1))
    mention = say(fake)
    posted = answer(fake, mention)
    assert x.find(mention) == [posted]
    x.delete(posted)
    assert x.find(mention) == []


def test_what_is_read_again_is_billed_once(fake: FakeX) -> None:
    spending = Spending(1)
    x = X(XClient(X_KEYS, fake.address), spending)
    mentions = [say(fake) for _ in range(20)]
    for mention in mentions:
        answer(fake, mention)
    for mention in mentions:
        x.find(mention)
    assert spending.spent_usd == pytest.approx(20 * PRICE_USD[Item.OWNED_READ])
