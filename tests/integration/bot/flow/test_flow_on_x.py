"""On the fake X from the mention to its end: a post that is quoted, and an answer that nobody knows of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import Unknown
from bot.flow.deletions import delete_posts, seek_strays
from bot.flow.steps import step
from bot.ledger import State
from bot.pictures.decode import SafeDecoder
from tests.fakes.x import running
from tests.integration.bot.flow.stepped_bot import Studio
from tests.sandboxes import picture
from tests.stages import Shot, XStage

PHOTO = Shot(picture((190, 90, 60), (40, 30)), "A cat")
STARS = Shot(picture((30, 60, 160), (40, 30)), "Stars")


@pytest.fixture
def x() -> Iterator[XStage]:
    with running() as fake:
        yield XStage(fake)


@pytest.fixture
def studio(x: XStage, tmp_path: Path) -> Iterator[Studio]:
    with SafeDecoder() as decoder:
        studio = Studio(x, tmp_path / "bot", decoder)
        yield studio
        studio.close()


def quoting(x: XStage, post: str, text: str) -> str:
    """Ben quotes a post and asks for something; the mention's id."""
    wish = {"text": f"@stylesmith {text}", "author": "902", "quoted": post, "lang": "en", "user": {"description": ""}}
    return str(x.fake.world.write(wish).id)


def test_the_photo_of_a_quoted_post_is_painted_and_is_its_authors_to_take_away(x: XStage, studio: Studio) -> None:
    theirs = x.say("look", [PHOTO], by="ann", call=False)
    said = quoting(x, theirs, "a mosaic please")
    row = studio.settle(said)
    assert row.state is State.ANSWERED
    assert studio.ledger.sources.owners(row) == {x._people["ann"]}
    (painting,) = [one for one in x.ours() if one.to == said]
    assert "A cat" in painting.descriptions[0]
    studio.settle(x.say("delete this please", to=painting.id, by="ann"))
    studio.care()
    assert [one for one in x.ours() if one.to == said] == []


def test_the_photo_of_a_quoted_post_whose_author_objects_is_not_painted(x: XStage, studio: Studio) -> None:
    theirs = x.say("look", [PHOTO], by="shy", call=False, bio="please #nobot")
    said = quoting(x, theirs, "a mosaic please")
    assert studio.settle(said).state is State.DECLINED
    (answer,) = [one for one in x.ours() if one.to == said]
    assert answer.descriptions == ()


def test_an_answer_of_which_nobody_knows_goes_after_its_mention_did(x: XStage, studio: Studio) -> None:
    said, other = (x.say("", [PHOTO, STARS], by=person) for person in ("eve", "fay"))
    studio.settle(other)
    for _ in range(2):
        step(studio.parts, studio.row(said))
    studio.renders.paint()
    step(studio.parts, studio.row(said))
    x.fail("post", "reset_after")
    with pytest.raises(Unknown):
        step(studio.parts, studio.row(said))
    assert studio.row(said).state is State.POSTING
    assert [one.to for one in x.ours()] == [other, said]
    x.remove("eve", said)
    studio.ledger.erasure.withdraw(studio.row(said), "deleted")
    seek_strays(studio.parts, x.name)
    delete_posts(studio.parts, x.name)
    assert [one.to for one in x.ours()] == [other]
