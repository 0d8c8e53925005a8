"""What a server has not resolved yet is not absent: such a post is read again before it is judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.ledger import State
from bot.posts import Attachment, Author, Media, Mention, Visibility
from bot.request.read import read
from bot.request.reading import Command, Declined, Hint, Wanted
from bot.styles.catalogue import Catalogue
from tests.conversation import Conversation, with_rules
from tests.fakes.mentions import ANN, BEN, mention, picture

PHOTO = replace(mention(50, ANN), attachments=(picture("photo"),))
OURS = Mention("fake", "p0", Author("9", "stylesmith", "home.example"), "", by_us=True)
EMPTY = Catalogue(())


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    talk = Conversation(memory_path, with_rules(unfinished_s={"fake": 60.0}))
    talk.platform.parents["50"] = PHOTO
    return talk


@pytest.mark.parametrize(
    ("text", "own", "photos"),
    [
        ("", (), ["photo"]),
        ("as waves", (), ["photo"]),
        ("in this style", ("style",), ["photo"]),
        ("please", (), ["photo"]),
    ],
)
def test_a_parent_that_comes_late_is_waited_for(
    talk: Conversation, text: str, own: tuple[str, ...], photos: list[str]
) -> None:
    said = replace(mention(1, BEN, text), attachments=tuple(map(picture, own)))
    talk.hears(said)
    talk.settle(4)
    assert (talk.state(1), talk.replies(1)) == (State.NEW, [])
    talk.platform.edited["1"] = replace(said, in_reply_to="50")
    talk.settle(8)
    assert talk.state(1) is State.ANSWERED
    assert talk.pictures.fetched[0].endswith(photos[0])


@pytest.mark.parametrize("text", ["", "hello there", "again", "delete"])
def test_after_a_minute_what_is_missing_is_missing(talk: Conversation, text: str) -> None:
    talk.hears(replace(mention(1, BEN, text), attachments=()))
    talk.settle(10)
    assert talk.replies(1) == []
    talk.settle(12)
    assert (talk.state(1), len(talk.replies(1))) == (State.DECLINED, 1)


@pytest.mark.parametrize("text", ["", "strong", "on this wall"])
def test_two_pictures_and_questions_wait_for_nothing(talk: Conversation, text: str) -> None:
    talk.hears(mention(1, BEN, text), replace(mention(2, ANN, "help"), attachments=()))
    talk.settle(1)
    assert (talk.state(1), talk.state(2)) == (State.ANSWERED, State.DECLINED)


def test_a_photo_alone_waits_for_seconds_only(talk: Conversation) -> None:
    talk.hears(mention(1, BEN, "", picture("cat")))
    talk.settle(4)
    assert talk.state(1) is State.ANSWERED


def test_a_named_style_and_a_photo_wait_for_nothing(talk: Conversation) -> None:
    talk.hears(mention(1, BEN, "as waves", picture("cat")))
    talk.settle(1)
    assert talk.state(1) is State.ANSWERED


def test_a_picture_that_the_server_knows_nothing_of_yet_is_waited_for(talk: Conversation) -> None:
    said = mention(1, BEN, "", picture("photo"), Attachment(Media.UNKNOWN))
    talk.hears(replace(said, unresolved=True))
    talk.settle(4)
    assert talk.state(1) is State.NEW
    talk.platform.edited["1"] = mention(1, BEN, "", picture("photo"), picture("style"))
    talk.settle(6)
    assert [url.rpartition("/")[2] for url in talk.pictures.fetched] == ["photo", "style"]


def test_an_edit_before_painting_counts_and_one_after_does_not(talk: Conversation) -> None:
    said = mention(1, BEN)
    talk.platform.edited["1"] = replace(said, attachments=(picture("photo", "A cat"), picture("other")))
    talk.hears(said)
    talk.receive()
    assert [url.rpartition("/")[2] for url in talk.pictures.fetched] == ["photo", "other"]
    talk.platform.edited["1"] = said
    talk.settle()
    assert len(talk.replies(1)) == 1
    assert "A cat" in talk.platform.replies_to("1")[0].paintings[0].description


def test_a_warning_or_a_visibility_that_came_while_it_was_painted_holds(talk: Conversation) -> None:
    said = mention(1, BEN)
    talk.hears(said)
    talk.receive()
    talk.platform.edited["1"] = replace(said, warning="eyes", visibility=Visibility.DIRECT)
    talk.settle()
    (reply,) = talk.platform.replies_to("1")
    assert (reply.warning, reply.visibility) == ("eyes", Visibility.DIRECT)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (replace(PHOTO, author=replace(ANN, opted_out=True)), "owner_opted_out"),
        (replace(PHOTO, visibility=Visibility.FOLLOWERS), "not_public"),
        (None, "gone"),
    ],
)
@pytest.mark.parametrize("when", ["before posting", "at again"])
def test_the_owner_is_asked_again(talk: Conversation, now: Mention | None, reason: str, when: str) -> None:
    talk.hears(replace(mention(1, BEN, "as waves"), attachments=(), in_reply_to="50"))
    if when == "at again":
        talk.settle()
        talk.clock.pass_s(120)
    else:
        talk.receive()
    talk.platform.parents["50"] = now or PHOTO
    talk.platform.gone |= set() if now else {"50"}
    number = 1
    if when == "at again":
        number = 2
        again = mention(2, BEN, "again", at=talk.clock.now())
        talk.hears(replace(again, attachments=(), in_reply_to="p0", parent=OURS))
    talk.settle()
    (reply,) = talk.platform.replies_to(str(number))
    assert reply.paintings == ()
    assert talk.row(number).reason == ("nothing_to_repeat" if (reason, when) == ("gone", "at again") else reason)


def quoting(text: str, post: Mention, *own: Attachment, **more: object) -> Mention:
    wish = replace(mention(1, BEN, text), attachments=own, quotes=post.id, quoted=post)
    return replace(wish, **more)  # type: ignore[arg-type]  # fields of Mention


def test_a_quoted_picture_counts_like_one_above(talk: Conversation) -> None:
    talk.hears(quoting("as waves", PHOTO))
    talk.settle()
    assert (talk.state(1), talk.ledger.sources.owners(talk.row(1))) == (State.ANSWERED, {ANN.id})


@pytest.mark.parametrize(
    ("post", "hint"),
    [
        (replace(PHOTO, author=replace(ANN, opted_out=True)), Hint.OWNER_OPTED_OUT),
        (replace(PHOTO, visibility=Visibility.DIRECT), Hint.NOT_PUBLIC),
    ],
)
def test_the_owner_of_a_quoted_picture_has_the_same_say(post: Mention, hint: Hint) -> None:
    assert read(quoting("in this style", post, picture("style")), EMPTY) == Declined(hint)


def test_what_is_quoted_comes_before_what_is_answered() -> None:
    above = replace(mention(51, BEN), attachments=(picture("above"),))
    reading = read(quoting("please", PHOTO, picture("style"), in_reply_to="51", parent=above), EMPTY)
    assert isinstance(reading, Wanted)
    assert reading.photos == PHOTO.attachments


def test_our_own_painting_quoted_can_be_painted_again_and_deleted() -> None:
    again, delete = (read(quoting(text, OURS), EMPTY) for text in ("again", "delete"))
    assert isinstance(again, Wanted)
    assert again.again_of == "p0"
    assert isinstance(delete, Command)


def test_a_picture_quoted_under_a_painting_of_ours_is_what_is_meant() -> None:
    reading = read(quoting("in this style", PHOTO, picture("style"), in_reply_to="p0", parent=OURS), EMPTY)
    assert isinstance(reading, Wanted)
    assert (reading.photos, reading.again_of) == (PHOTO.attachments, "")
