"""Whether mentions on X still stand: asked rarely, cheaply, and believed only when X says so of the post itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import PlatformError
from bot.platforms.x.client import XClient
from bot.platforms.x.deletions import EVERY, MOST_LOOKUPS, Deletions
from bot.platforms.x.spending import Spending
from tests.fakes.x import FakeX, running
from tests.stages import X_KEYS


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with running() as server:
        yield server


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def spending(watch: Watch) -> Spending:
    return Spending(1.0, now=watch)


@pytest.fixture
def deletions(fake: FakeX, watch: Watch, spending: Spending) -> Deletions:
    watch.pass_(timedelta(seconds=5))  # the mentions of a test are older than its first look
    return Deletions(XClient(X_KEYS, fake.address), spending, now=watch)


def say(fake: FakeX, text: str = "@stylesmith") -> str:
    return str(fake.world.write({"text": text}).id)


def remove(fake: FakeX, post_id: str) -> None:
    fake.world.post(int(post_id)).deleted = True


def asked(fake: FakeX, route: str) -> int:
    return sum(one["route"].startswith(route) for one in fake.requests)


LIST, ONE = "GET /2/users/9000/mentions", "GET /2/tweets/"


def test_many_mentions_cost_one_reading_every_few_hours(
    fake: FakeX, deletions: Deletions, watch: Watch, spending: Spending
) -> None:
    ids = [say(fake) for _ in range(30)]
    assert all(map(deletions.exists, ids))
    assert spending.spent_usd == pytest.approx(0.03)
    for _ in range(2):
        watch.pass_(timedelta(minutes=30))  # perhaps over midnight, when the day's spending begins anew
        assert all(map(deletions.exists, ids))
    assert (asked(fake, LIST), asked(fake, ONE)) == (1, 0)


def test_a_deletion_is_noticed_at_the_next_reading_and_costs_nothing_itself(
    fake: FakeX, deletions: Deletions, watch: Watch, spending: Spending
) -> None:
    gone, kept = say(fake), say(fake)
    assert deletions.exists(gone)
    remove(fake, gone)
    assert deletions.exists(gone)
    watch.pass_(EVERY)
    before = spending.spent_usd
    assert not deletions.exists(gone)
    assert deletions.exists(kept)
    assert spending.spent_usd - before == pytest.approx(0 if watch.now.hour >= EVERY.seconds // 3600 else 0.001)


def test_a_post_that_mentions_us_no_more_is_not_gone(fake: FakeX, deletions: Deletions, spending: Spending) -> None:
    edited = say(fake)
    fake.world.posts[int(edited)].text = "never mind"
    assert deletions.exists(edited)
    assert deletions.exists(edited)
    assert asked(fake, ONE) == 1
    assert spending.spent_usd == pytest.approx(0.005)


def test_an_edited_mention_stands_under_its_first_id(fake: FakeX, deletions: Deletions) -> None:
    first = say(fake)
    fake.world.edit(int(first), "@stylesmith please")
    assert deletions.exists(first)
    assert asked(fake, ONE) == 0


def test_a_mention_from_after_the_reading_is_not_judged_by_it(fake: FakeX, deletions: Deletions, watch: Watch) -> None:
    assert deletions.exists(say(fake))
    later = fake.world.next_id((watch.now + timedelta(minutes=1)).timestamp())
    assert deletions.exists(str(later))
    assert asked(fake, ONE) == 0


def test_what_x_shows_no_more_is_not_judged(fake: FakeX, deletions: Deletions) -> None:
    old = say(fake)
    for _ in range(801):
        say(fake)
    assert deletions.exists(old)
    assert (asked(fake, LIST), asked(fake, ONE)) == (8, 0)


def test_a_list_that_is_empty_by_mistake_takes_nothing_down_and_costs_little(
    fake: FakeX, deletions: Deletions, spending: Spending
) -> None:
    ids = [say(fake) for _ in range(MOST_LOOKUPS + 10)]
    for post in fake.world.posts.values():
        post.text = "we are not found by our name any more"
    assert all(map(deletions.exists, ids))
    assert asked(fake, ONE) == MOST_LOOKUPS
    assert spending.spent_usd == pytest.approx(MOST_LOOKUPS * 0.005)


def test_with_the_budget_spent_nothing_is_asked(fake: FakeX, watch: Watch) -> None:
    deletions = Deletions(XClient(X_KEYS, fake.address), Spending(0.0, now=watch), now=watch)
    gone = say(fake)
    remove(fake, gone)
    assert deletions.exists(gone)
    assert fake.requests == []


@pytest.mark.parametrize("kind", [503, 429, "html", "reset"])
def test_trouble_is_no_deletion_and_the_next_look_asks_again(
    fake: FakeX, deletions: Deletions, watch: Watch, kind: object
) -> None:
    gone = say(fake)
    remove(fake, gone)
    fake.faults.append({"route": LIST, "kind": kind, "reset_s": 0})
    with pytest.raises(PlatformError):
        deletions.exists(gone)
    fake.faults.append({"route": ONE, "kind": 403, "detail": "not for you"})
    watch.pass_(timedelta(minutes=20))
    deletions = Deletions(XClient(X_KEYS, fake.address), Spending(1.0, now=watch), every=timedelta(0), now=watch)
    assert deletions.exists(gone)  # hidden from us is not gone
    remaining = Deletions(XClient(X_KEYS, fake.address), Spending(1.0, now=watch), now=watch)
    assert not remaining.exists(gone)
