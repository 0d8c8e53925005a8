"""Mentions and the posts above them, read from a fake X: in order, once, and for little money."""

import time
from dataclasses import replace

from bot.platforms.x.adapter import X
from bot.posts import Mention
from tests.fakes.x import FakeX
from tests.integration.bot.platforms.x.account import ANN, asked, read, reply, say


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


def test_an_edited_mention_is_the_same_mention(fake: FakeX, x: X) -> None:
    first = say(fake, "@stylesmith storng")
    edited = fake.world.edit(int(first), "@stylesmith strong")
    (mention,) = read(x)
    assert (mention.id, mention.text) == (first, "strong")
    assert next(iter(x.pages("1"))).cursor == str(edited.id)


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
