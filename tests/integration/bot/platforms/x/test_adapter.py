"""The X adapter against a fake X at a port: its posting, its manners, and X's many ways to fail."""

import time
from typing import Any

import pytest

from bot.errors import Intercepted, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.x.adapter import LIMITS, X
from bot.posts import Mention, Reply
from tests.fakes.x import FakeX, running
from tests.integration.bot.platforms.x.account import PIXEL, asked, platform, read, reply, say


def test_a_reply_has_its_picture_its_alt_text_and_its_parent(fake: FakeX, x: X) -> None:
    to = say(fake)
    posted = fake.world.post(int(x.post(reply(to))))
    media = fake.world.media[posted.media[0]]
    assert (posted.in_reply_to, posted.text, posted.labelled) == (int(to), "Painted.", False)
    assert (media.data, media.alt_text) == (PIXEL, "A cat. Painted in the style of “Stars”.")


def test_a_batch_is_one_post_with_several_pictures(fake: FakeX, x: X) -> None:
    assert len(fake.world.post(int(x.post(reply(say(fake), paintings=3)))).media) == 3


def test_a_link_never_goes_out_beside_a_picture(fake: FakeX, x: X) -> None:
    assert fake.world.post(int(x.post(reply(say(fake), "see https://art.example")))).text == ""


def test_the_label_is_sent_where_it_is_taken_and_dropped_where_not(fake: FakeX) -> None:
    assert fake.world.post(int(platform(fake, made_with_ai=True).post(reply(say(fake))))).labelled
    with running(label=False) as older:
        x = platform(older, made_with_ai=True)
        assert not older.world.post(int(x.post(reply(say(older))))).labelled
        x.post(reply(say(older), "Another."))
        assert [one["status"] for one in asked(older, "POST /2/tweets")] == [400, 201, 201]


def test_words_that_were_said_to_another_are_varied(fake: FakeX, x: X) -> None:
    first, second = say(fake), say(fake)
    x.post(reply(first, paintings=0))
    posted = fake.world.post(int(x.post(reply(second, paintings=0))))
    assert posted.in_reply_to == int(second)
    assert posted.text.startswith("Painted. ")


def test_a_duplicate_that_is_our_own_lost_attempt_is_found_and_not_posted_twice(fake: FakeX, x: X) -> None:
    to = say(fake)
    first = x.post(reply(to, paintings=0))
    assert x.post(reply(to, paintings=0)) == first
    assert len(fake.world.own_posts()) == 1


def test_our_replies_are_found_on_our_timeline_oldest_first(fake: FakeX, x: X) -> None:
    to, other = say(fake), say(fake)
    ids = [x.post(reply(to, f"Take {n}.", 0)) for n in range(2)]
    x.post(reply(other, "Elsewhere.", 0))
    assert x.find(to) == ids
    assert x.find("1234567") == []


def test_a_reply_is_taken_down_and_one_that_is_gone_is_no_error(fake: FakeX, x: X) -> None:
    posted = x.post(reply(say(fake)))
    x.delete(posted)
    assert fake.world.own_posts() == []
    x.delete(posted)


def test_there_are_no_likes_and_no_notes(fake: FakeX, x: X) -> None:
    mention = read_one(fake, x)
    before = len(fake.requests)
    x.accept(mention)
    assert x.note(mention, "4th in the queue") == ""
    assert len(fake.requests) == before
    assert LIMITS.one_reply_only


def read_one(fake: FakeX, x: X) -> Mention:
    say(fake)
    return read(x)[0]


@pytest.mark.parametrize("summons", ["deleted", "never"])
def test_a_reply_that_x_forbids_for_good_is_refused(fake: FakeX, x: X, summons: str) -> None:
    to = say(fake, "@stylesmith" if summons == "deleted" else "I never called you")
    fake.world.post(int(to)).deleted = summons == "deleted"
    with pytest.raises(Refused) as refused:
        x.post(reply(to))
    assert refused.value.status == 403


FAULTS = [
    pytest.param({"kind": 401}, Unauthorized, 0, id="token revoked"),
    pytest.param({"kind": 403, "detail": "client-not-enrolled"}, Unauthorized, 0, id="app not enrolled"),
    pytest.param({"kind": 429, "reset_s": 600}, RateLimited, 0, id="429 with reset"),
    pytest.param({"kind": 429}, RateLimited, 0, id="429 without reset"),
    pytest.param({"kind": 402}, RateLimited, 0, id="no credit"),
    pytest.param({"kind": 400}, Refused, 0, id="bad request"),
    pytest.param({"kind": "list"}, Intercepted, 0, id="an error that is a list"),
    pytest.param({"kind": 500}, Unknown, 0, id="500 before"),
    pytest.param({"kind": 503}, Unknown, 0, id="503 before"),
    pytest.param({"kind": "html"}, Unknown, 0, id="200 with HTML"),
    pytest.param({"kind": "html", "status": 502}, Unknown, 0, id="502 with HTML"),
    pytest.param({"kind": "reset"}, Unknown, 0, id="hung up before"),
    pytest.param({"kind": "after"}, Unknown, 1, id="posted, then hung up"),
    pytest.param({"kind": "after500"}, Unknown, 1, id="posted, then 500"),
]


@pytest.mark.parametrize(("fault", "error", "posts"), FAULTS)
def test_a_fault_while_posting_is_told_apart(
    fake: FakeX, x: X, fault: dict[str, Any], error: type[PlatformError], posts: int
) -> None:
    to = say(fake)
    fake.faults.append({"route": "POST /2/tweets", **fault})
    with pytest.raises(error):
        x.post(reply(to))
    assert len(fake.world.own_posts()) == len(x.find(to)) == posts


def test_the_same_words_to_many_people_reach_each_of_them(fake: FakeX, x: X) -> None:
    began_s = time.time() - 60
    for number in range(12):
        # So many milliseconds apart, one ornament and three are the same for all.
        wish = {"author": str(200 + number), "text": "@stylesmith hello", "at": began_s + number * 6**3 / 1000}
        to = str(fake.world.write(wish).id)
        x.post(Reply(to=to, handle="", text="The same words.", key=to))
    assert len({post.text for post in fake.world.own_posts()}) == 12
