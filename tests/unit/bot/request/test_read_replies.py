"""What people answer to a painting: comparisons, another style, a swap, a complaint, praise, a farewell."""

import pytest

from bot.request.adjustments import A_LITTLE, A_LOT
from bot.request.read import read
from bot.request.reading import Command, CommandKind, Declined, Hint, Ignored, IgnoreReason
from tests.unit.bot.request.builders import ANN, CATALOGUE, mention, ours, theirs, wanted

COMPARED = [
    ("again, wilder", {"strength": 1.5}),
    ("again, a bit subtler", {"strength": -A_LITTLE}),
    ("more", {"strength": 1}),
    ("MORE!!", {"strength": 1}),
    ("less", {"strength": -1}),
    ("a little less", {"strength": -A_LITTLE}),
    ("stronger", {"strength": 1}),
    ("weaker", {"strength": -1}),
    ("much stronger", {"strength": A_LOT}),
    ("even wilder please", {"strength": 1.5}),
    ("can you make it wilder?", {"strength": 1.5}),
    ("could you do it again but with bigger brush strokes?", {"style_scale": 1}),
    ("smaller strokes", {"style_scale": -1}),
    ("finer details pls", {"style_scale": -1}),
    ("too strong", {"strength": -1}),
    ("that's too strong for me", {"strength": -1}),
    ("way too wild", {"strength": -A_LOT}),
    ("not strong enough", {"strength": 1}),
    ("too subtle", {"strength": 1}),
    ("not so wild", {"strength": -1}),
    ("tone it down", {"strength": -1}),
    ("dial it down a little", {"strength": -A_LITTLE}),
    ("crank it up", {"strength": 1}),
    ("more like the painting", {"strength": 1}),
    ("closer to the original", {"strength": -1}),
    ("no, a bit subtler", {"strength": -A_LITTLE}),
    ("hmm a bit too wild for me, softer please", {"strength": -1}),
    ("Love it! Could you make it a bit stronger?", {"strength": A_LITTLE}),
    ("bigger", {"edge_px": 1}),
    ("higher resolution", {"edge_px": 1}),
    ("更狂野", {"strength": 1.5}),
    ("再来一张，更狂野", {"strength": 1.5}),
    ("更强", {"strength": 1}),
    ("再强一点", {"strength": 1}),
    ("稍微强一点", {"strength": A_LITTLE}),
    ("柔和一点", {"strength": -1}),
    ("再淡一点", {"strength": -1}),
    ("不要那么强", {"strength": -1}),
    ("太强了", {"strength": -1}),
    ("太淡了", {"strength": 1}),
    ("不够强", {"strength": 1}),
    ("再多一点", {"strength": 1}),
    ("少一点", {"strength": -1}),
    ("笔触再大一点", {"style_scale": 1}),
    ("更小的笔触", {"style_scale": -1}),
    ("细一点", {"style_scale": -1}),
    ("更大", {"edge_px": 1}),
    ("太好看了，能不能再强一点", {"strength": 1}),
]


@pytest.mark.parametrize(("text", "nudges"), COMPARED)
def test_a_comparison_is_measured_from_the_painting_it_answers(text: str, nudges: dict[str, float]) -> None:
    reading = wanted(text, 0, parent=ours())
    assert (reading.again_of, dict(reading.nudges), reading.changed) == ("50", nudges, ())


ABSOLUTE = [
    ("again, wild", {"strength": 95}),
    ("strength 30", {"strength": 30}),
    ("wilder, no, strength=40", {"strength": 40}),
    ("again with my original colours", {"colours": "luminance"}),
    ("you ruined my face", {"faces": "on"}),
    ("脸都毁了", {"faces": "on"}),
    ("dream", {"kind": "dream"}),
    ("now dream of eyes", {"kind": "dream", "layer": "eyes"}),
    ("再来一张 强度八十", {"strength": 80}),
]


@pytest.mark.parametrize(("text", "changed"), ABSOLUTE)
def test_what_is_no_comparison_holds_as_it_is_said(text: str, changed: dict[str, object]) -> None:
    reading = wanted(text, 0, parent=ours())
    options = reading.options.model_dump(mode="json")
    assert {name: options[name] for name in reading.changed} == changed
    assert reading.nudges == ()


def test_a_comparison_and_another_wish_go_together() -> None:
    reading = wanted("Can I get this but with my original colours and finer strokes?", 0, parent=ours())
    assert (reading.changed, reading.nudges) == (("colours",), (("style_scale", -1),))


def test_the_later_of_a_comparison_and_a_number_holds() -> None:
    first, last = (wanted(text, 0, parent=ours()) for text in ("wilder strength=40", "strength=40 wilder"))
    assert (first.changed, first.nudges) == (("strength",), ())
    assert (last.changed, last.nudges) == ((), (("strength", 1.5),))


FIRST = [("wilder", 95), ("a bit subtler", 25), ("stronger", 75), ("再强一点", 75), ("柔和一点", 30), ("less", 30)]


@pytest.mark.parametrize(("text", "strength"), FIRST)
def test_with_nothing_to_compare_with_a_comparison_is_a_plain_word(text: str, strength: int) -> None:
    assert wanted(text).options.strength == strength
    assert wanted(text).nudges == ()


AGAIN = [
    "agian",
    "one more pls",
    "another!",
    "Beautiful! Again please 🙏",
    "new seed",
    "重新来一张",
    "换一张",
    "🔁",
    "不喜欢，再来",
]


@pytest.mark.parametrize("text", AGAIN)
def test_again_has_many_words(text: str) -> None:
    assert wanted(text, 0, parent=ours()).changed == ("seed",)


@pytest.mark.parametrize("text", ["another style", "different style please", "换个风格", "surprise me", "🎲"])
def test_another_style_is_left_to_the_curator(text: str) -> None:
    assert wanted(text, 0, parent=ours()).house == "*"


@pytest.mark.parametrize("text", ["swap them", "the other way round", "反过来", "顺序反了"])
def test_a_swap_makes_the_style_the_photo(text: str) -> None:
    assert wanted(text, 0, parent=ours()).swap
    own = wanted(text, 2)
    assert ("own1" in own.photos[0].url, "own0" in own.styles[0].url) == (True, True)


@pytest.mark.parametrize("text", ["again in the style of Monet", "now as Picasso", "monet style please", "毕加索风格"])
def test_a_style_we_do_not_have_is_said_so_under_a_painting_too(text: str) -> None:
    assert read(mention(text, 0, parent=ours()), CATALOGUE).__class__ is Declined


KINDNESS = [
    "wow so intense",
    "stop it, that's so good",
    "don't stop, this is great",
    "I will never forget this",
    "this is so much stronger than the last one",
    "no more",
    "no thanks",
    "please don't delete this",
    "perfect, thank you",
    "不喜欢",
    "哈哈 太好看了",
    "?",
]


@pytest.mark.parametrize("text", KINDNESS)
def test_a_kind_word_is_no_wish(text: str) -> None:
    assert read(mention(text, 0, parent=ours()), CATALOGUE) == Ignored(IgnoreReason.LOOP)


DEEDS = [
    ("Delete this please, I changed my mind", CommandKind.DELETE),
    ("I don't like it, delete", CommandKind.DELETE),
    ("can you delete this?", CommandKind.DELETE),
    ("please take this picture down, it shows my daughter", CommandKind.DELETE),
    ("把这张删掉，里面有我女儿", CommandKind.DELETE),
    ("不要了", CommandKind.DELETE),
    ("forget about me", CommandKind.FORGET_ME),
    ("delete all my data", CommandKind.FORGET_ME),
    ("把我忘了吧", CommandKind.FORGET_ME),
]


@pytest.mark.parametrize(("text", "kind"), DEEDS)
def test_a_farewell_is_heard_among_other_words(text: str, kind: CommandKind) -> None:
    reading = read(mention(text, 0, parent=ours()), CATALOGUE)
    assert isinstance(reading, Command)
    assert reading.kind is kind


QUESTIONS = [
    ("what styles do you have?", Hint.STYLES),
    ("which styles do you know", Hint.STYLES),
    ("list styles", Hint.STYLES),
    ("有哪些风格？", Hint.STYLES),
    ("what can I say?", Hint.HELP),
    ("who are you?", Hint.HELP),
    ("你会什么", Hint.HELP),
    ("怎么用呀", Hint.HELP),
]


@pytest.mark.parametrize(("text", "hint"), QUESTIONS)
@pytest.mark.parametrize("above", [None, ours(), theirs(0, author=ANN)], ids=["alone", "under ours", "under one's own"])
def test_a_question_is_answered_wherever_it_is_put(text: str, hint: Hint, above: object) -> None:
    reading = read(mention(text, 0, parent=above), CATALOGUE)
    assert isinstance(reading, Declined)
    assert reading.hint is hint


def test_more_under_a_strangers_photo_is_no_wish() -> None:
    talk = mention("tell me more", 0, parent=theirs())
    assert read(talk, CATALOGUE) == Ignored(IgnoreReason.NOT_FOR_US)
