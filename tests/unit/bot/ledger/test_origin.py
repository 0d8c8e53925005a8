"""Who may see an answer, and under which warning: as few, and every one, as of the posts it goes back to."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ledger.rows import PLAN
from bot.posts import Author, Mention, Reply, Visibility
from tests.conversation import Conversation
from tests.fakes.mentions import ANN, BEN, mention, picture

OURS = Mention("fake", "p0", Author("9", "stylesmith", "home.example"), "", by_us=True)
FEW = (Visibility.FOLLOWERS, Visibility.DIRECT)


@pytest.fixture
def talk(memory_path: Path) -> Conversation:
    return Conversation(memory_path)


def shown(talk: Conversation, *pictures: str, by: Author = ANN, **more: object) -> Mention:
    """A post that is no mention, id 50, with these pictures."""
    post = replace(mention(50, by), attachments=tuple(map(picture, pictures)), **more)  # type: ignore[arg-type]  # fields of Mention
    talk.platform.parents["50"] = post
    return post


def asks(talk: Conversation, number: int, text: str, *pictures: str, under: str = "", **more: object) -> Reply:
    """What Ben is answered."""
    talk.clock.pass_s(120)
    wish = mention(number, BEN, text, at=talk.clock.now())
    own = tuple(map(picture, pictures))
    talk.hears(replace(wish, attachments=own, in_reply_to=under, **more))  # type: ignore[arg-type]  # fields of Mention
    talk.settle()
    (reply,) = talk.platform.replies_to(str(number))
    return reply


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(Visibility, Visibility)))
def test_under_ones_own_post_the_answer_is_as_narrow_as_the_narrower(
    talk: Conversation, mine: Visibility, theirs: Visibility
) -> None:
    shown(talk, "photo", by=BEN, visibility=theirs)
    reply = asks(talk, 1, "in this style", "style", under="50", visibility=mine)
    assert reply.paintings
    assert reply.visibility is max(mine, theirs, Visibility.UNLISTED)


@pytest.mark.parametrize(("mine", "theirs", "own"), list(itertools.product(Visibility, Visibility, (0, 1))))
def test_anothers_post_is_painted_only_where_everybody_may_see_it(
    talk: Conversation, mine: Visibility, theirs: Visibility, own: int
) -> None:
    shown(talk, "photo", visibility=theirs)
    reply = asks(talk, 1, "as waves", *["style"][:own], under="50", visibility=mine)
    assert bool(reply.paintings) is (theirs not in FEW)
    assert reply.visibility is max(mine, theirs, Visibility.UNLISTED)
    assert theirs not in FEW or (talk.row(1).reason, talk.pictures.fetched) == ("not_public", [])


@pytest.mark.parametrize("theirs", FEW)
def test_pictures_of_ones_own_are_painted_under_any_post(talk: Conversation, theirs: Visibility) -> None:
    shown(talk, "photo", visibility=theirs, warning="theirs")
    reply = asks(talk, 1, "", "mine", "style", under="50")
    assert (len(reply.paintings), reply.visibility, reply.warning) == (1, Visibility.UNLISTED, "")


@pytest.mark.parametrize("words", ["again", "as waves", "swap", "now a dream", "another style"])
@pytest.mark.parametrize("narrow", FEW)
def test_again_stays_as_narrow_as_the_painting_it_builds_on(talk: Conversation, words: str, narrow: Visibility) -> None:
    asks(talk, 1, "", "photo", "style", visibility=narrow, warning="eyes", sensitive=True)
    second = asks(talk, 2, words, under="p0", parent=OURS)
    third = asks(talk, 3, "again", under="p1", parent=replace(OURS, id="p1"))
    assert [(bool(r.paintings), r.visibility, r.warning, r.sensitive) for r in (second, third)] == [
        (True, narrow, "eyes", True)
    ] * 2


def test_a_wish_under_a_sentence_of_ours_is_as_narrow_as_the_picture_it_is_about(talk: Conversation) -> None:
    asks(talk, 1, "like Picasso", "photo", visibility=Visibility.DIRECT, warning="eyes")
    reply = asks(talk, 2, "waves then", under="p0", parent=OURS)
    assert (bool(reply.paintings), reply.visibility, reply.warning) == (True, Visibility.DIRECT, "eyes")


@pytest.mark.parametrize("style", [[], ["style"]])
def test_a_warning_goes_wherever_the_picture_goes(talk: Conversation, style: list[str]) -> None:
    shown(talk, "photo", warning="theirs", sensitive=True)
    first = asks(talk, 1, "as waves", *style, under="50", warning="mine")
    second = asks(talk, 2, "again", under="p0", parent=OURS)
    assert [(r.warning, r.sensitive) for r in (first, second)] == [("mine; theirs", True), ("mine; theirs", True)]


def test_a_long_warning_and_the_words_fit_into_one_post(talk: Conversation) -> None:
    reply = asks(talk, 1, "", "photo", "style", warning="w" * 600)
    assert 0 < len(f"@{reply.handle} {reply.text}") + len(reply.warning) <= 500
    assert reply.paintings


@pytest.mark.parametrize("words", ["again", "swap"])
def test_a_painting_of_a_release_that_kept_no_sources_is_no_loophole(talk: Conversation, words: str) -> None:
    shown(talk, "photo", by=BEN, visibility=Visibility.FOLLOWERS, warning="eyes")
    asks(talk, 1, "in this style", "style", under="50")
    asks(talk, 2, "again", under="p0", parent=OURS)
    for number in (1, 2):
        forget_sources(talk, number)
    reply = asks(talk, 3, words, under="p1", parent=replace(OURS, id="p1"))
    assert (bool(reply.paintings), reply.visibility, reply.warning) == (True, Visibility.FOLLOWERS, "eyes")


def test_where_the_earlier_painting_is_not_known_any_more_the_answer_is_direct(talk: Conversation) -> None:
    asks(talk, 1, "", "photo", "style")
    asks(talk, 2, "again", under="p0", parent=OURS)
    forget_sources(talk, 2)
    with talk.ledger.store.write() as db:
        db.execute("DELETE FROM post WHERE id = 'p0'")
    assert asks(talk, 3, "again", under="p1", parent=replace(OURS, id="p1")).visibility is Visibility.DIRECT


def forget_sources(talk: Conversation, number: int) -> None:
    plan = talk.row(number).plan
    assert plan is not None
    old = PLAN.dump_json(replace(plan, sources=None), exclude_none=True).decode()
    with talk.ledger.store.write() as db:
        db.execute("UPDATE mention SET plan = ? WHERE id = ?", (old, str(number)))
