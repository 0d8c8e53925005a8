"""Pictures and films on their way to X: in pieces, once, and with their alt texts."""

from dataclasses import replace

import pytest

from bot.errors import NotSent, PlatformError, RateLimited, Unauthorized, Unknown
from bot.platforms.x.adapter import X
from bot.platforms.x.client import XClient
from bot.platforms.x.spending import Spending
from bot.posts import Painting, Reply
from tests.fakes.x import FakeX
from tests.integration.bot.platforms.x.account import KEYS, asked, reply, say

FILM = b"\0\0\0\x18ftypisom" + bytes(1_500_000)


def film_for(to: str) -> Reply:
    return replace(reply(to), paintings=(Painting(FILM, "video/mp4", "A film of a painting."),))


def test_a_film_goes_up_in_pieces_and_is_posted_when_x_is_done_with_it(fake: FakeX, x: X) -> None:
    to = say(fake)
    x.post(film_for(to))
    (post,) = fake.world.own_posts()
    (media,) = (fake.world.media[key] for key in post.media)
    assert (media.type, media.data, media.alt_text) == ("video", FILM, "A film of a painting.")
    assert media.looks >= 2
    assert sum("append" in one["route"] for one in asked(fake, "POST /2/media/upload")) == 2


def test_a_film_is_posted_also_where_x_takes_no_alt_text_for_it(fake: FakeX, x: X) -> None:
    to = say(fake)
    fake.faults.append({"route": "POST /2/media/metadata", "kind": 400})
    assert x.post(film_for(to))


@pytest.mark.parametrize("kind", [500, "html", "reset", "after500"])
def test_a_fault_while_a_film_goes_up_posts_nothing_and_says_so(fake: FakeX, x: X, kind: int | str) -> None:
    to = say(fake)
    fake.faults.append({"route": "POST /2/media/upload", "kind": kind})
    with pytest.raises(NotSent):
        x.post(film_for(to))
    assert fake.world.own_posts() == []
    assert x.post(film_for(to))


@pytest.mark.parametrize("kind", [500, "html", "reset", "after", "after500"])
@pytest.mark.parametrize("route", ["POST /2/media/upload", "POST /2/media/metadata"])
def test_a_fault_while_uploading_posts_nothing_and_says_so(fake: FakeX, x: X, route: str, kind: int | str) -> None:
    to = say(fake)
    fake.faults.append({"route": route, "kind": kind})
    with pytest.raises(NotSent):
        x.post(reply(to))
    assert fake.world.own_posts() == []
    assert x.post(reply(to))


@pytest.mark.parametrize(
    ("kind", "error", "uploads"), [(429, RateLimited, 1), (401, Unauthorized, 1), (503, Unknown, 2)]
)
def test_a_picture_is_uploaded_once_however_often_its_post_has_to_wait(
    fake: FakeX, kind: int, error: type[PlatformError], uploads: int
) -> None:
    steady = [1000.0]
    x = X(XClient(KEYS, fake.address, steady=lambda: steady[0]), Spending(1))
    said = say(fake)
    for _ in range(2):
        fake.faults.append({"route": "POST /2/tweets", "kind": kind, "reset_s": 60})
        with pytest.raises(error):
            x.post(reply(said))
        steady[0] += 3600
        if kind == 503:  # perhaps it is attached: not again
            break
    assert x.post(reply(said))
    assert len(asked(fake, "POST /2/media/upload")) == uploads
    assert [len(post.media) for post in fake.world.own_posts()] == [1]
