"""Nasty posts and attachments (RELIABILITY's 1 to 34) that a grammar alone cannot settle, on both real networks.

The others of the 34 are in tests/unit/bot/request/test_read_nasty.py; numbers are the same.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.ledger import Row, State
from bot.pictures.decode import SafeDecoder
from bot.request.reading import Hint
from tests.integration.bot.flow.stepped_bot import Studio
from tests.sandboxes import picture
from tests.stages import MastodonStage, Said, Shot, Stage, XStage

CAT = Shot(picture((190, 90, 60), (40, 30)), "A cat")
STARS = Shot(picture((30, 60, 160), (40, 30)), "Stars")
FILM = Shot(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 400, "A film")


@pytest.fixture(scope="module")
def studio(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with SafeDecoder() as decoder:
        studio = Studio(stage, tmp_path_factory.mktemp("bot"), decoder)
        yield studio
        studio.close()


@pytest.fixture
def person(request: pytest.FixtureRequest) -> str:
    """Somebody new for each test: nobody is told how to ask twice a day."""
    return "p" + re.sub(r"\W", "", request.node.name)[5:21].lower()


def answers(stage: Stage, said: str) -> list[Said]:
    return [ours for ours in stage.ours() if ours.to == said]


def painted(studio: Studio, said: str) -> Row:
    """The mention, which was answered with one painting."""
    row = studio.settle(said)
    assert (row.state, len(answers(studio.stage, said))) == (State.ANSWERED, 1), row
    assert all(answer.descriptions for answer in answers(studio.stage, said))
    return row


def hinted(studio: Studio, said: str, hint: Hint) -> None:
    row = studio.settle(said)
    assert (row.state, row.answer and row.answer.code) == (State.DECLINED, hint.value)
    assert [answer.descriptions for answer in answers(studio.stage, said)] == [()]


def heard(studio: Studio, said: str) -> bool:
    studio.poll()
    return studio.ledger.get(studio.stage.name, said) is not None


def test_02_our_handle_in_the_warning_alone_is_no_mention(stage: Stage, studio: Studio, person: str) -> None:
    if stage.name == "x":
        pytest.skip("X has no content warnings")
    aside = stage.say("strong", [CAT, STARS], by=person, call=False, spoiler_text="for @stylesmith")
    assert not heard(studio, aside)
    warned = stage.say("strong", [CAT, STARS], by=person, spoiler_text="dream, delete")
    row = painted(studio, warned)
    assert row.plan is not None
    assert (row.plan.options.kind.value, row.mention.warning) == ("style", "dream, delete")


NOT_US = {
    "03 in an address": "look at https://example.com/@stylesmith please",
    "03 in a mail address": "write to me@stylesmith.example",
    "04 with a Cyrillic letter": "@stуlesmith paint this",
    "04 with a joiner": "@style\u200dsmith paint this",
    "05 a longer name": "@stylesmith_fan paint this",
    "05 the same name at another server": "@stylesmith@evil.example paint this",
}


@pytest.mark.parametrize("text", NOT_US.values(), ids=NOT_US)
def test_03_04_05_what_only_looks_like_our_handle_is_not_us(stage: Stage, studio: Studio, text: str) -> None:
    if stage.name == "x" and "@evil" in text:
        pytest.skip("X knows no servers: there, this is us with a word behind")
    assert not heard(studio, stage.say(text, [CAT, STARS], by="eve", call=False))


def test_03_a_repost_of_a_mention_is_no_mention(stage: Stage, studio: Studio) -> None:
    if not isinstance(stage, XStage):
        pytest.skip("a boost makes no notification of the kind that is asked for")
    boost = stage.fake.world.write({"text": "RT @ann: @stylesmith paint this", "repost": True})
    assert not heard(studio, str(boost.id))


def test_07_among_fifty_handles_only_the_author_is_answered(stage: Stage, studio: Studio, person: str) -> None:
    crowd = " ".join(f"@w{n}" for n in range(50))
    said = stage.say(f"{crowd} strong", [CAT, STARS], by=person)
    row = painted(studio, said)
    assert row.plan is not None
    assert row.plan.options.strength == 75
    (answer,) = answers(stage, said)
    handles = set(re.findall(r"@\w+", html.unescape(re.sub("<[^>]+>", "", answer.text))))
    assert len(handles) <= 1
    assert not handles & {f"@w{n}" for n in range(50)}


HOSTILE = [
    "size=99999999 steps=1e9 strength=NaN",
    "--help; rm -rf / ../../etc/passwd {{7*7}} %n%s ${jndi:ldap://x}",
    "<script>alert(1)</script> &lt;b&gt; &amp;amp; &#x202e;",
    "\u202estrong\u202c \u2067wild\u2069 p\u0301\u0316\u0489\u0301\u0316\u0489",
]


@pytest.mark.parametrize("text", HOSTILE, ids=["options", "injections", "entities", "bidi and marks"])
def test_08_11_15_hostile_words_are_painted_for_and_never_echoed(stage: Stage, studio: Studio, text: str) -> None:
    said = stage.say(text, [CAT, STARS], by="mallory" + str(HOSTILE.index(text)))
    painted(studio, said)
    (answer,) = answers(stage, said)
    for word in text.split():
        assert word == "/" or word not in html.unescape(answer.text), word


def test_10_a_hundred_kilobytes_are_read_at_their_beginning(stage: Stage, studio: Studio, person: str) -> None:
    if stage.name != "x":
        pytest.skip(
            "a client of the sandbox cannot write so much; tests/unit/bot/platforms/mastodon/test_html.py reads it"
        )
    row = painted(studio, stage.say("keep colours " + "lorem " * 17_000, [CAT, STARS], by=person))
    assert row.plan is not None
    assert row.plan.options.colours.value == "luminance"


def test_18_a_post_with_no_picture_of_any_kind_is_told_how_to_ask(stage: Stage, studio: Studio, person: str) -> None:
    hinted(studio, stage.say("which one? A or B", by=person), Hint.HOW_TO)


def test_19_an_edit_after_the_answer_brings_no_second_one(stage: Stage, studio: Studio, person: str) -> None:
    said = stage.say("strong", [CAT, STARS], by=person)
    painted(studio, said)
    if isinstance(stage, XStage):
        stage.fake.world.edit(int(said), "@stylesmith wild")
    studio.poll()
    studio.settle(said)
    assert len(answers(stage, said)) == 1


def test_20_somebody_who_shut_us_out_meanwhile_is_left_alone(stage: Stage, studio: Studio, person: str) -> None:
    said = stage.say("strong", [CAT, STARS], by=person)
    studio.poll()
    stage.shut_out(person)
    row = studio.settle(said)
    assert row.state is State.WITHDRAWN
    assert answers(stage, said) == []


def test_21_our_own_reply_makes_us_say_nothing(stage: Stage, studio: Studio, person: str) -> None:
    said = stage.say("", [CAT, STARS], by=person)
    painted(studio, said)
    before = len(stage.ours())
    studio.poll()
    for row in studio.ledger.due(State.NEW):
        assert studio.settle(row.id).state is State.IGNORED
    assert len(stage.ours()) == before


def test_22_a_reply_whose_parent_is_gone_is_read_alone(stage: Stage, studio: Studio, person: str) -> None:
    above = stage.say("my cat", [CAT], by="ben", call=False)
    said = stage.say("strong", [CAT, STARS], by=person, to=above)
    stage.remove("ben", above)
    painted(studio, said)
    orphan = stage.say("my dog", [CAT], by="ben", call=False)
    bare = stage.say("again", by=person, to=orphan)
    stage.remove("ben", orphan)
    hinted(studio, bare, Hint.NOTHING_TO_REPEAT)


def test_22_in_a_deep_thread_only_the_post_above_counts(stage: Stage, studio: Studio, person: str) -> None:
    above = stage.say("my cat", [CAT], by="ben", call=False)
    for depth in range(20):
        above = stage.say(f"and {depth}", by="ben", to=above, call=False)
    row = studio.settle(stage.say("lovely thread, everybody", by=person, to=above))
    assert row.state is State.IGNORED


def test_25_order_and_alt_texts_are_kept(stage: Stage, studio: Studio, person: str) -> None:
    said = stage.say("", [STARS, CAT], by=person)
    painted(studio, said)
    (answer,) = answers(stage, said)
    (description,) = answer.descriptions
    assert description.index("Stars") < description.index("Cat" if "Cat" in description else "A cat")


@pytest.mark.parametrize("shots", [[FILM], [FILM, FILM]], ids=["a film", "two films"])
def test_28_30_what_is_no_still_picture_is_said_so(stage: Stage, studio: Studio, shots: list[Shot]) -> None:
    """On Mastodon it is known by its kind; what calls itself an image is found out by its bytes."""
    said = _with_files(stage, shots, by=f"filmer{len(shots)}")
    row = studio.settle(said)
    assert row.state in {State.DECLINED, State.FAILED}, row
    assert [answer.descriptions for answer in answers(stage, said)] == [()]


def test_31_the_same_picture_twice_is_painted_once(stage: Stage, studio: Studio, person: str) -> None:
    said = stage.say("", [CAT, CAT], by=person)
    row = painted(studio, said)
    assert len(studio.jobs(row)) == 1


def test_32_a_photo_above_and_the_painting_below(stage: Stage, studio: Studio, person: str) -> None:
    above = stage.say("my cat", [CAT], by="ben", call=False)
    said = stage.say("like this", [STARS], by=person, to=above)
    painted(studio, said)
    (answer,) = answers(stage, said)
    assert answer.descriptions[0].startswith("A cat")


def test_33_one_sensitive_picture_makes_the_answer_sensitive(stage: Stage, studio: Studio, person: str) -> None:
    if stage.name == "x":
        pytest.skip("X takes no such flag with a post")
    above = stage.say("my cat", [CAT], by="ben", call=False, sensitive=True)
    said = stage.say("like this", [STARS], by=person, to=above)
    painted(studio, said)
    assert isinstance(stage, MastodonStage)
    (answer,) = answers(stage, said)
    assert stage.bot.status(answer.id).sensitive


def test_34_a_mention_that_is_gone_before_its_pictures_are_fetched(stage: Stage, studio: Studio, person: str) -> None:
    said = stage.say("", [CAT, STARS], by=person)
    studio.poll()
    stage.remove(person, said)
    row = studio.settle(said)
    assert row.state in {State.WITHDRAWN, State.FAILED}
    assert answers(stage, said) == []


def _with_files(stage: Stage, shots: list[Shot], by: str) -> str:
    """Attached as whatever the network takes them for."""
    if isinstance(stage, MastodonStage):
        api: Any = stage.person(by, "")
        media = [api.media_post(shot.data, mime_type="video/mp4", description=shot.alt) for shot in shots]
        return str(api.status_post("@stylesmith strong", media_ids=media[:1]).id)
    return stage.say("strong", shots, by=by)
