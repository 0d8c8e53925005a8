"""What the pipeline may expect of any network, on each: one suite, two adapters, two real servers."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotSent, PlatformError, RateLimited, Refused, Unauthorized, Unknown
from bot.ports import Page
from bot.posts import Attachment, Mention, Painting, Reply, Visibility
from bot.reply.wording import Wording, is_note
from tests.fakes.x import running as running_x
from tests.sandboxes import Sandbox, picture
from tests.sandboxes import running as running_sandbox
from tests.stages import MastodonStage, Shot, Stage, XStage

RED, BLUE = Shot(picture((200, 30, 40)), "a red square"), Shot(picture((30, 40, 200)))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture(params=["mastodon", "x"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    if request.param == "mastodon":
        yield MastodonStage(request.getfixturevalue("sandbox"))
        return
    with running_x() as fake:
        yield XStage(fake)


def pages(stage: Stage, cursor: str) -> list[Page]:
    return list(stage.platform.pages(cursor))


def heard(stage: Stage, mention_id: str) -> Mention:
    """The mention as the adapter reads it."""
    found = [m for page in pages(stage, "0") for m in page.mentions if m.id == mention_id]
    assert len(found) == 1
    return found[0]


def answer(mention: Mention, text: str = "Painted.", paintings: int = 1, key: str = "") -> Reply:
    picture_ = Painting(picture((9, 99, 9)), "image/png", "A cat. Painted in the style of “Stars”.")
    return Reply(
        to=mention.id,
        handle=mention.author.handle,
        text=text,
        key=key or f"reply-{mention.platform}-{mention.id}",
        paintings=(picture_,) * paintings,
        visibility=max(mention.visibility, Visibility.UNLISTED),
        language="en",
    )


def to(stage: Stage, mention_id: str) -> list[Any]:
    return [said for said in stage.ours() if said.to == mention_id]


# Inbox


def test_the_first_answer_says_what_time_it_is_there(stage: Stage) -> None:
    assert stage.platform.first_contact() == 0
    began = time.time()
    stage.platform.newest()
    first = stage.platform.first_contact()
    assert began - 60 <= first <= time.time() + 60  # `Date` has whole seconds; only another hour would be wrong
    time.sleep(1)
    stage.platform.newest()
    assert stage.platform.first_contact() == first


def test_a_first_run_begins_after_everything_that_was_said(stage: Stage) -> None:
    stage.say("old", [RED])
    cursor = stage.platform.newest()
    before = {m.id for page in pages(stage, cursor) for m in page.mentions}
    new = stage.say("new", [RED])
    assert {m.id for page in pages(stage, cursor) for m in page.mentions} - before == {new}


def test_mentions_come_oldest_first_and_a_later_cursor_brings_no_old_ones(stage: Stage) -> None:
    ids = [stage.say(f"number {n}") for n in range(7)]
    found = [m.id for page in pages(stage, "1") for m in page.mentions]
    assert [one for one in found if one in ids] == ids
    last = pages(stage, "1")[-1].cursor
    more = stage.say("one more")
    assert [m.id for page in pages(stage, last) for m in page.mentions][-1] == more


def test_the_cursor_never_falls(stage: Stage) -> None:
    stage.say("one")
    cursor = pages(stage, "1")[-1].cursor
    assert all((len(p.cursor), p.cursor) >= (len(cursor), cursor) for p in pages(stage, cursor))


def test_reading_changes_nothing(stage: Stage) -> None:
    cursor = stage.platform.newest()
    said = [stage.say(word, [RED]) for word in ("one", "two")]
    for _ in range(2):
        assert [m.id for page in pages(stage, cursor) for m in page.mentions if m.id in said] == said


def test_a_mention_has_its_words_its_author_and_its_pictures_in_order(stage: Stage) -> None:
    mention = heard(stage, stage.say("strong & wild, keep colours", [RED, BLUE], lang="en"))
    assert mention.text == "strong & wild, keep colours"
    assert (mention.platform, mention.language, mention.by_us) == (stage.name, "en", False)
    assert [image.description for image in mention.images] == ["a red square", ""]
    assert mention.author.id
    assert mention.created_at is not None
    assert mention.created_at.tzinfo is not None


def test_chinese_words_arrive_whole(stage: Stage) -> None:
    mention = heard(stage, stage.say("强烈一点，保留颜色 🎨", [RED], lang="zh"))
    assert (mention.text, mention.language) == ("强烈一点，保留颜色 🎨", "zh")


def test_what_mentions_somebody_else_is_not_for_us(stage: Stage) -> None:
    aside = stage.say("a word to nobody", call=False)
    assert aside not in {m.id for page in pages(stage, "1") for m in page.mentions}


def test_the_parent_of_a_reply_has_its_pictures(stage: Stage) -> None:
    above = stage.say("my cat", [RED], by="ben", call=False)
    mention = heard(stage, stage.say("paint this", to=above))
    parent = stage.platform.parent(mention)
    assert parent is not None
    assert (parent.id, parent.by_us, [image.description for image in parent.images]) == (above, False, ["a red square"])
    assert not parent.author.opted_out
    assert parent.author.id != mention.author.id


def test_an_owner_who_objects_is_known(stage: Stage) -> None:
    above = stage.say("my cat", [RED], by="objector", call=False, bio="I paint. #NoBot")
    parent = stage.platform.parent(heard(stage, stage.say("paint this", to=above)))
    assert parent is not None
    assert parent.author.opted_out


def test_a_parent_of_ours_is_known_as_ours(stage: Stage) -> None:
    first = heard(stage, stage.say("one", [RED]))
    posted = stage.platform.post(answer(first))
    again = heard(stage, stage.say("again", to=posted))
    parent = again.parent or stage.platform.parent(again)
    assert parent is not None
    assert (parent.id, parent.by_us) == (posted, True)


def test_a_parent_that_is_gone_is_none(stage: Stage) -> None:
    above = stage.say("my cat", [RED], by="ben", call=False)
    mention = heard(stage, stage.say("paint this", to=above))
    stage.remove("ben", above)
    assert stage.platform.parent(mention) is None


def test_a_mention_that_is_gone_is_known_to_be_gone(stage: Stage) -> None:
    gone, kept = (heard(stage, stage.say(word, [RED])) for word in ("one", "two"))
    assert stage.platform.exists(gone.id)
    stage.remove("ann", gone.id)
    assert not stage.platform.exists(gone.id)
    assert stage.platform.exists(kept.id)


def test_our_own_posts_never_come_as_somebodys(stage: Stage) -> None:
    posted = stage.platform.post(answer(heard(stage, stage.say("one", [RED]))))
    ours = [m for page in pages(stage, "1") for m in page.mentions if m.id == posted]
    assert all(m.by_us for m in ours)


# Outbox


def test_a_reply_stands_under_its_mention_with_picture_and_alt_text(stage: Stage) -> None:
    mention = heard(stage, stage.say("one", [RED, BLUE]))
    posted = stage.platform.post(answer(mention))
    (said,) = to(stage, mention.id)
    assert said.id == posted
    assert "Painted." in said.text
    assert said.descriptions == ("A cat. Painted in the style of “Stars”.",)


def test_a_batch_is_one_post(stage: Stage) -> None:
    mention = heard(stage, stage.say("all of these", [RED, BLUE]))
    stage.platform.post(answer(mention, paintings=4))
    (said,) = to(stage, mention.id)
    assert len(said.descriptions) == 4


def test_a_sentence_goes_without_a_picture(stage: Stage) -> None:
    mention = heard(stage, stage.say("help"))
    stage.platform.post(answer(mention, "Attach a photo, then a painting.", 0))
    assert [said.descriptions for said in to(stage, mention.id)] == [()]


def test_our_replies_are_found_by_their_mention(stage: Stage) -> None:
    mention, other = (heard(stage, stage.say(word)) for word in ("one", "two"))
    assert list(stage.platform.find(mention.id)) == []
    posted = stage.platform.post(answer(mention, "For one.", 0))
    stage.platform.post(answer(other, "For two.", 0))
    assert list(stage.platform.find(mention.id)) == [posted]


def test_a_deleted_reply_is_gone_and_deleting_again_is_no_error(stage: Stage) -> None:
    mention = heard(stage, stage.say("one"))
    posted = stage.platform.post(answer(mention))
    stage.platform.delete(posted)
    assert to(stage, mention.id) == []
    assert list(stage.platform.find(mention.id)) == []
    stage.platform.delete(posted)


def test_a_reply_to_a_mention_that_is_gone_is_refused_for_good(stage: Stage) -> None:
    mention = heard(stage, stage.say("one", [RED]))
    stage.remove("ann", mention.id)
    with pytest.raises(Refused):
        stage.platform.post(answer(mention))
    assert to(stage, mention.id) == []


def test_limits_hold_what_the_network_says(stage: Stage) -> None:
    limits = stage.platform.limits()
    assert limits.text_length >= 280
    assert limits.description_length >= 1000
    assert limits.paintings == 4
    assert limits.one_reply_only == (stage.name == "x")


def test_the_longest_text_and_alt_text_are_taken(stage: Stage) -> None:
    mention = heard(stage, stage.say("one"))
    limits = stage.platform.limits()
    reply = answer(mention, "a" * (limits.text_length - len(f"@{mention.author.handle} ")))
    painting = Painting(reply.paintings[0].data, "image/png", "b" * limits.description_length)
    longest = Reply(reply.to, reply.handle, reply.text, reply.key, (painting,), reply.visibility)
    stage.platform.post(longest)
    assert [len(d) for d in to(stage, mention.id)[0].descriptions] == [limits.description_length]


# Manners


def test_signs_beside_a_reply_never_raise_for_trifles(stage: Stage) -> None:
    mention = heard(stage, stage.say("one", [RED]))
    stage.platform.accept(mention)
    note = stage.platform.note(mention, "You are number 4 in the queue.")
    assert bool(note) == (not stage.platform.limits().one_reply_only)
    stage.remove("ann", mention.id)
    stage.platform.accept(mention)


def test_a_note_is_read_back_as_one(stage: Stage) -> None:
    """Where the ledger is lost, its words and its want of pictures tell it from the answer."""
    mention = heard(stage, stage.say("one", [RED]))
    limits = stage.platform.limits()
    note = stage.platform.note(mention, Wording(mention.id, "ann", "en", limits).waiting(4, timedelta(minutes=3)))
    if not limits.one_reply_only:
        assert (read := stage.platform.look(note)) is not None
        assert read.attachments == ()
        assert is_note(read.text)


# When it goes wrong

NOT_POSTED = [
    ("limit", RateLimited),
    ("limit_untold", RateLimited),
    ("unauthorized", Unauthorized),
    ("forbidden", Refused),
]
IN_DOUBT = [("before", 0), ("reset", 0), ("after", 1), ("reset_after", 1)]


@pytest.mark.parametrize(("how", "error"), NOT_POSTED)
def test_a_refused_post_was_not_posted(stage: Stage, how: str, error: type[PlatformError]) -> None:
    mention = heard(stage, stage.say("one"))
    stage.fail("post", how)
    with pytest.raises(error):
        stage.platform.post(answer(mention, paintings=0))
    assert to(stage, mention.id) == []


@pytest.mark.parametrize(("how", "stands"), IN_DOUBT)
def test_a_post_in_doubt_is_unknown_and_found_if_it_stands(stage: Stage, how: str, stands: int) -> None:
    mention = heard(stage, stage.say("one"))
    stage.fail("post", how)
    with pytest.raises(Unknown):
        stage.platform.post(answer(mention))
    assert len(stage.platform.find(mention.id)) == len(to(stage, mention.id)) == stands


@pytest.mark.parametrize("how", ["before", "after", "reset", "reset_after", "html"])
def test_an_upload_in_doubt_posts_nothing_and_can_be_tried_again(stage: Stage, how: str) -> None:
    mention = heard(stage, stage.say("one"))
    stage.fail("upload", how)
    with pytest.raises(NotSent):
        stage.platform.post(answer(mention))
    assert to(stage, mention.id) == []
    stage.platform.post(answer(mention))
    assert len(to(stage, mention.id)) == 1


@pytest.mark.parametrize("how", ["before", "reset", "html", "limit", "unauthorized", "forbidden"])
def test_a_poll_that_fails_raises_ours_and_the_next_one_loses_nothing(stage: Stage, how: str) -> None:
    cursor = stage.platform.newest()
    said = stage.say("one", [RED])
    stage.fail("poll", how)
    with pytest.raises(PlatformError) as failed:
        pages(stage, cursor)
    if not isinstance(failed.value, RateLimited):
        assert said in [m.id for page in pages(stage, cursor) for m in page.mentions]


def test_a_limit_says_when_to_come_back_and_is_kept_to(stage: Stage) -> None:
    cursor = stage.platform.newest()
    stage.fail("poll", "limit")
    with pytest.raises(RateLimited) as first:
        pages(stage, cursor)
    with pytest.raises(RateLimited) as second:
        pages(stage, cursor)
    assert abs((first.value.until - second.value.until).total_seconds()) < 5


def test_an_attachment_can_be_fetched_where_it_says(stage: Stage, tmp_path: Path) -> None:
    from urllib.request import urlopen

    mention = heard(stage, stage.say("one", [RED]))
    image: Attachment = mention.images[0]
    with urlopen(image.url) as answer_:
        assert answer_.read()[:4] == b"\x89PNG"
