"""Wishes that are taken back ('no film', 'anything but Van Gogh', 不要梵高), and refusals."""

import pytest

from bot.request.read import read
from bot.request.reading import Ignored, IgnoreReason, Wanted
from bot.styles.catalogue import HOUSE
from bot.styles.listing import load
from tests.unit.bot.request.builders import mention, ours, set_options, theirs

CATALOGUE = load(HOUSE)
VAN_GOGH = ("starry-night", "wheat-field-with-cypresses")


def asked(text: str, own: int, **fields: object) -> Wanted:
    reading = read(mention(text, own, **fields), CATALOGUE)
    assert isinstance(reading, Wanted), reading
    return reading


RULED_OUT = [
    ("anything but Van Gogh please", VAN_GOGH),
    ("any painter except van gogh", VAN_GOGH),
    ("not Van Gogh", VAN_GOGH),
    ("without van gogh", VAN_GOGH),
    ("not in van gogh style", VAN_GOGH),
    ("please don't paint it like Van Gogh", VAN_GOGH),
    ("never ever van gogh", VAN_GOGH),
    ("i'm not a big fan of van gogh", VAN_GOGH),
    ("not van gough", VAN_GOGH),
    ("no mosaic please", ("mosaic",)),
    ("I don't want a mosaic", ("mosaic",)),
    ("surprise me, but no #mosaic", ("mosaic",)),
    ("no scream", ("the-scream",)),
    ("no mosaic or woodcut", ("mosaic", "woodcut")),
    ("neither mosaic nor woodcut", ("mosaic", "woodcut")),
    ("不要梵高", VAN_GOGH),
    ("别用梵高的风格", VAN_GOGH),
    ("除了梵高都可以", VAN_GOGH),
    ("梵高除外", VAN_GOGH),
    ("我不喜欢梵高", VAN_GOGH),
    ("千万别画成马赛克", ("mosaic",)),
    ("不要马赛克和木刻", ("mosaic", "woodcut")),
]


@pytest.mark.parametrize(("text", "unwanted"), RULED_OUT)
def test_a_style_that_is_ruled_out_is_left_out_by_the_curator(text: str, unwanted: tuple[str, ...]) -> None:
    for reading in (asked(text, 1), asked(text, 0, parent=ours())):
        assert (reading.house, reading.unwanted) == ("*", unwanted)


INSTEAD = [
    ("not van gogh but monet", "impression-sunrise", VAN_GOGH),
    ("mosaic instead of van gogh", "mosaic", VAN_GOGH),
    ("van gogh but not starry night", "vincent-van-gogh", ("starry-night",)),
    ("不要油画，要水墨", "ink-wash", ("impasto",)),
    ("不是星空而是呐喊", "the-scream", ("starry-night",)),
    ("why not mosaic", "mosaic", ()),
    ("nothing but mosaic", "mosaic", ()),
    ("can't wait to see this as mosaic", "mosaic", ()),
    ("要不要画成马赛克", "mosaic", ()),
]


@pytest.mark.parametrize(("text", "house", "unwanted"), INSTEAD)
def test_a_style_beside_one_that_is_ruled_out_is_wanted(text: str, house: str, unwanted: tuple[str, ...]) -> None:
    reading = asked(text, 1)
    assert (reading.house, reading.unwanted) == (house, unwanted)


@pytest.mark.parametrize(
    "text", ["not picasso style", "not in the style of Picasso", "no anime please", "不要毕加索风格"]
)
def test_a_style_we_do_not_have_is_easily_left_out(text: str) -> None:
    assert asked(text, 1).house == "*"
    assert asked(f"again, {text}", 0, parent=ours()).house == ""


TAKEN_BACK = [
    ("not wild", {}),
    ("never wild", {}),
    ("not stronger, but 2048 px", {"edge_px": 2048}),
    ("I don't want it stronger", {}),
    ("no big strokes", {}),
    ("not so big strokes", {}),
    ("don't use png", {}),
    ("not 4096 px", {}),
    ("without big strokes, strong", {"strength": 75}),
    ("strong, not subtle", {"strength": 75}),
    ("no deep dream", {}),
    ("no timelapse please", {}),
    ("不要强烈", {}),
    ("不要大笔触", {}),
    ("别用png", {}),
    ("强烈，不要高清", {"strength": 75}),
    ("没有延时", {}),
]


@pytest.mark.parametrize(("text", "options"), TAKEN_BACK)
def test_a_negated_option_is_not_set(text: str, options: dict[str, object]) -> None:
    assert set_options(asked(text, 2)) == options


KEPT = [
    ("not too strong", {"strength": 25}),
    ("don't make it too strong", {"strength": 25}),
    ("not strong enough", {"strength": 75}),
    ("no portrait", {"faces": "off"}),
    ("don't change the colours", {"colours": "luminance"}),
    ("不要那么强", {"strength": 25}),
    ("特别狂野", {"strength": 95}),
    ("能不能强烈一点", {"strength": 75}),
    ("don't forget the timelapse", {"film": "mp4"}),
    ("no problem, strong", {"strength": 75}),
    ("not only strong", {"strength": 75}),
    ("no make it stronger", {"strength": 75}),
    ("any style but stronger please", {"strength": 75}),
]


@pytest.mark.parametrize(("text", "options"), KEPT)
def test_what_only_looks_like_a_negation_holds(text: str, options: dict[str, object]) -> None:
    assert set_options(asked(text, 2)) == options


@pytest.mark.parametrize("text", ["don't swap", "do not swap them please", "别反过来"])
def test_pictures_that_shall_not_be_swapped_stay(text: str) -> None:
    assert "own0" in asked(text, 2).photos[0].url


def test_a_dream_in_passing_is_taken_back_like_a_firm_one() -> None:
    assert set_options(asked("no dream, just paint it", 1)) == {}


REPEATED = [
    ("again but not stronger", ("seed",), {}),
    ("again, not bigger", ("seed",), {}),
    ("again, no film", ("seed",), {}),
    ("do it again but don't swap", ("seed",), {}),
    ("don't delete it, again please", ("seed",), {}),
    ("not bad, again please", ("seed",), {}),
    ("stronger, no film", (), {"strength": 1}),
    ("wilder but not in png", (), {"strength": 1.5}),
    ("again but not so wild", (), {"strength": -1}),
    ("can't you make it stronger?", (), {"strength": 1}),
    ("再来一张，不要视频", ("seed",), {}),
    ("再来一张，不要更强", ("seed",), {}),
]


@pytest.mark.parametrize(("text", "changed", "nudges"), REPEATED)
def test_under_a_painting_the_rest_of_the_wish_is_repeated(
    text: str, changed: tuple[str, ...], nudges: dict[str, float]
) -> None:
    reading = asked(text, 0, parent=ours())
    assert (reading.changed, dict(reading.nudges), reading.swap) == (changed, nudges, False)


@pytest.mark.parametrize("text", ["another style but not van gogh", "换个风格，不要梵高"])
def test_another_style_is_none_that_is_ruled_out(text: str) -> None:
    reading = asked(text, 0, parent=ours())
    assert (reading.house, reading.unwanted) == ("*", VAN_GOGH)


REFUSED = """\
no, not again
please don't repaint
please don't repaint it again
never again
don't paint it again
I never want to see this again
don't do that again, please
not another style
not stronger
don't swap
no film
this is not van gogh
别再来了
不要再画了
不要更强
""".splitlines()


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_is_no_wish(text: str) -> None:
    assert read(mention(text, 0, parent=ours()), CATALOGUE) == Ignored(IgnoreReason.LOOP)


@pytest.mark.parametrize("text", ["not stronger", "no film", "no more", "don't paint this", "no way", "不要"])
def test_under_a_strangers_photo_a_negation_asks_for_nothing(text: str) -> None:
    assert read(mention(text, 0, parent=theirs()), CATALOGUE) == Ignored(IgnoreReason.NOT_FOR_US)
