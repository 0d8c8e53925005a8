"""The X adapter against a fake X at a port: its reading, its posting, its manners, and X's many ways to fail."""

import base64
import json
import logging
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Intercepted, NotSent, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.platforms.x.adapter import LIMITS, X
from bot.platforms.x.client import XClient
from bot.platforms.x.http import Keys
from bot.platforms.x.spending import PRICE_USD, Item, Spending
from bot.posts import Author, Media, Mention, Painting, Reply
from tests.fakes.x import FakeX, running

ANN = Author("101", "", "x.com")
KEYS = Keys("consumer", "consumer-secret", "9000-token", "access-secret")
PIXEL = b"\x89PNG\r\n not looked at by X's fake"


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with running() as server:
        yield server


@pytest.fixture
def x(fake: FakeX) -> X:
    return platform(fake)


def platform(fake: FakeX, budget_usd: float = 1.0, keys: Keys = KEYS, **options: Any) -> X:
    return X(XClient(keys, fake.address), Spending(budget_usd), **options)


def say(fake: FakeX, text: str = "@stylesmith", **wish: Any) -> str:
    return str(fake.world.write({"text": text, **wish}).id)


def reply(to: str, text: str = "Painted.", paintings: int = 1) -> Reply:
    painting = Painting(PIXEL, "image/png", "A cat. Painted in the style of “Stars”.")
    return Reply(to=to, handle="", text=text, key=f"reply-{to}", paintings=(painting,) * paintings)


def read(x: X, cursor: str = "1") -> list[Mention]:
    return [mention for page in x.pages(cursor) for mention in page.mentions]


def asked(fake: FakeX, route: str) -> list[dict[str, Any]]:
    return [one for one in fake.requests if one["event"] == "request" and one["route"].startswith(route)]


# Reading


def test_mentions_come_oldest_first_over_all_pages(fake: FakeX, x: X) -> None:
    ids = [say(fake, f"@stylesmith {n}") for n in range(230)]
    pages = list(x.pages("1"))
    assert [m.id for page in pages for m in page.mentions] == ids
    assert [page.cursor for page in pages] == [ids[29], ids[129], ids[229]]


def test_only_what_is_new_is_read_again_but_for_a_short_overlap(fake: FakeX, x: X) -> None:
    old = say(fake, at=time.time() - 3600)
    recent, newest = say(fake, "@stylesmith 1", at=time.time() - 10), say(fake, "@stylesmith 2")
    assert [m.id for m in read(x, newest)] == [recent, newest]
    assert [m.id for m in read(x, old)] == [old, recent, newest]


def test_a_post_that_shows_late_is_read_all_the_same(fake: FakeX, x: X) -> None:
    late = say(fake, "@stylesmith late", lag_s=0.15)
    newest = say(fake, "@stylesmith prompt")
    assert [m.id for m in read(x)] == [newest]
    time.sleep(0.16)
    assert late in [m.id for m in read(x, newest)]


def test_a_first_run_begins_at_the_newest(fake: FakeX, x: X) -> None:
    assert x.newest() == "1"
    say(fake, "@stylesmith 1")
    last = say(fake, "@stylesmith 2")
    assert x.newest() == last


def test_nothing_new_is_no_page_and_costs_nothing(fake: FakeX) -> None:
    spending = Spending(1)
    assert list(X(XClient(KEYS, fake.address), spending).pages("1")) == []
    assert spending.spent_usd == 0


def test_an_edited_mention_is_the_same_mention(fake: FakeX, x: X) -> None:
    first = say(fake, "@stylesmith storng")
    edited = fake.world.edit(int(first), "@stylesmith strong")
    (mention,) = read(x)
    assert (mention.id, mention.text) == (first, "strong")
    assert next(iter(x.pages("1"))).cursor == str(edited.id)


def test_pictures_keep_their_order_their_alt_texts_and_their_fallbacks(fake: FakeX, x: X) -> None:
    say(fake, media=[{"alt_text": "the photo", "width": 9}, {"alt_text": "the style"}, {"type": "video"}])
    (mention,) = read(x)
    assert [a.description for a in mention.images] == ["the photo", "the style"]
    assert mention.attachments[2].media is Media.OTHER
    assert mention.images[0].url.endswith("?name=orig")
    assert [url.rpartition("?")[2] for url in mention.images[0].fallback_urls][:2] == ["name=4096x4096", "name=large"]


def test_every_field_that_matters_is_asked_for(fake: FakeX, x: X) -> None:
    above = say(fake, "look", author="7")
    say(fake, media=[{}], in_reply_to=above, lang="zh")
    (mention,) = read(x)
    assert (mention.in_reply_to, mention.language, len(mention.images)) == (above, "zh", 1)
    posted = x.post(reply(mention.id))
    assert x.find(mention.id) == [posted]


def test_mentions_are_read_without_paying_for_people(fake: FakeX, x: X) -> None:
    say(fake, media=[{}])
    (mention,) = read(x)
    (request,) = asked(fake, "GET /2/users/9000/mentions")
    assert request["query"]["expansions"] == "attachments.media_keys"
    assert mention.author.id == "101"


def test_the_photo_above_is_fetched_once_it_can_matter(fake: FakeX, x: X) -> None:
    above = say(fake, "my cat", author="7", media=[{"alt_text": "a cat"}])
    say(fake, in_reply_to=above)
    (mention,) = read(x)
    parent = x.parent(mention)
    assert parent is not None
    assert ([a.description for a in parent.images], parent.author.opted_out) == (["a cat"], False)
    assert x.parent(replace(mention, attachments=parent.images * 2)) is None
    assert len(asked(fake, "GET /2/tweets/")) == 1


def test_an_owner_who_objects_is_seen(fake: FakeX, x: X) -> None:
    above = say(fake, "my cat", author="7", media=[{}], user={"description": "Painter. #NoAI"})
    parent = x.parent(Mention("x", "1", ANN, "", in_reply_to=above))
    assert parent is not None
    assert parent.author.opted_out


def test_a_parent_that_is_gone_is_none(fake: FakeX, x: X) -> None:
    assert x.parent(Mention("x", "1", ANN, "", in_reply_to="404")) is None


def test_an_answer_to_us_needs_no_request_for_its_parent(fake: FakeX, x: X) -> None:
    first = say(fake)
    ours = x.post(reply(first))
    say(fake, "@stylesmith again", in_reply_to=ours)
    again = read(x)[-1]
    parent = x.parent(again)
    assert parent is not None
    assert (parent.id, parent.by_us) == (ours, True)
    assert asked(fake, "GET /2/tweets/") == []


# Posting


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


# Failing

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
    ("route", "act"),
    [
        ("GET /2/users/9000/mentions", lambda x: list(x.pages("1"))),
        ("GET /2/users/9000/tweets", lambda x: x.find("1")),
        ("GET /2/tweets/", lambda x: x.parent(Mention("x", "1", ANN, "", in_reply_to="5"))),
        ("DELETE /2/tweets/", lambda x: x.delete("5")),
    ],
)
@pytest.mark.parametrize("kind", [401, 402, 429, 500, "html", "list", "reset"])
def test_nothing_foreign_crosses_the_border(fake: FakeX, x: X, route: str, act: Any, kind: int | str) -> None:
    fake.faults.append({"route": route, "kind": kind})
    with pytest.raises(PlatformError):
        act(x)


def test_a_closed_window_is_not_knocked_at_and_the_others_stay_open(fake: FakeX, x: X) -> None:
    fake.faults.append({"route": "GET /2/users/9000/mentions", "kind": 429, "reset_s": 600})
    for _ in range(3):
        with pytest.raises(RateLimited) as closed:
            list(x.pages("1"))
    assert closed.value.until > datetime.now(UTC) + timedelta(seconds=590)
    assert len(asked(fake, "GET /2/users/9000/mentions")) == 1
    assert x.post(reply(say(fake)))


@pytest.mark.parametrize("jump", [timedelta(0), timedelta(hours=-1)])
def test_a_window_opens_again_also_when_the_clock_was_set_back(fake: FakeX, jump: timedelta) -> None:
    now, steady = [datetime.now(UTC)], [1000.0]
    x = X(XClient(KEYS, fake.address, now=lambda: now[0], steady=lambda: steady[0]), Spending(1))
    fake.faults.append({"route": "GET /2/users/9000/mentions", "kind": 429, "reset_s": 600})
    with pytest.raises(RateLimited):
        x.newest()
    now[0] += jump
    with pytest.raises(RateLimited) as closed:
        x.newest()
    steady[0] += (closed.value.until - now[0]).total_seconds()
    assert steady[0] < 1700
    assert x.newest() == "1"


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


def test_no_credit_stops_reading_for_hours_and_alerts(fake: FakeX, x: X, caplog: pytest.LogCaptureFixture) -> None:
    fake.faults.append({"route": "GET /2/users/9000/mentions", "kind": 402})
    with pytest.raises(RateLimited) as closed:
        list(x.pages("1"))
    assert closed.value.until > datetime.now(UTC) + timedelta(hours=5)
    assert "developer console" in caplog.text


def test_a_spent_budget_pauses_the_poll_until_tomorrow_and_still_lets_replies_go(fake: FakeX) -> None:
    x = platform(fake, budget_usd=PRICE_USD[Item.OWNED_READ] * 2)
    ids = [say(fake, f"@stylesmith {n}") for n in range(2)]
    assert len(read(x)) == 2
    with pytest.raises(RateLimited) as closed:
        list(x.pages("1"))
    assert closed.value.until > datetime.now(UTC)
    assert x.post(reply(ids[0]))


def test_requests_without_a_users_signature_are_refused_by_the_fake(fake: FakeX) -> None:
    with pytest.raises(Unauthorized):
        list(platform(fake, keys=replace(KEYS, access_token="revoked-1")).pages("1"))
    bare = urllib.request.Request(f"{fake.address}/2/users/9000/mentions")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(bare)
    refused.value.close()
    assert refused.value.code == 401


def test_nobody_there_means_not_sent() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        x = X(XClient(KEYS, f"http://127.0.0.1:{reserved.getsockname()[1]}"), Spending(1))
        with pytest.raises(NotSent):
            x.newest()
        with pytest.raises(NotSent):
            x.post(reply("5", paintings=0))


def test_no_secret_is_ever_logged(fake: FakeX, x: X, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        x.post(reply(say(fake)))
    assert logging.getLogger("tweepy").level == logging.INFO
    assert not any(secret in caplog.text + repr(KEYS) for secret in ("consumer-secret", "access-secret", "9000-token"))


def test_the_fake_runs_as_a_process_and_writes_what_it_saw(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "x.jsonl"
    command = [sys.executable, "-m", "tests.fakes.x", "--port", str(port), "--log", str(log)]
    with subprocess.Popen(command) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wish = {"text": "@stylesmith", "media": [{"data": base64.b64encode(PIXEL).decode()}]}
            to = _told(f"{address}/_control/mention", wish)["id"]
            posted = X(XClient(KEYS, address), Spending(1)).post(reply(to))
        finally:
            process.terminate()
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(e["id"], e["to"]) for e in events if e["event"] == "post"] == [(posted, to)]


def _told(url: str, body: Any) -> Any:
    """Tells the fake something, as soon as it listens."""
    request = urllib.request.Request(url, json.dumps(body).encode(), method="POST")
    for _ in range(200):
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError("the fake X did not come up")


def test_the_same_words_to_many_people_reach_each_of_them(fake: FakeX, x: X) -> None:
    began_s = time.time() - 60
    for number in range(12):
        # So many milliseconds apart, one ornament and three are the same for all.
        wish = {"author": str(200 + number), "text": "@stylesmith hello", "at": began_s + number * 6**3 / 1000}
        to = str(fake.world.write(wish).id)
        x.post(Reply(to=to, handle="", text="The same words.", key=to))
    assert len({post.text for post in fake.world.own_posts()}) == 12
