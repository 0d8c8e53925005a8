"""Percentages: a strength, shares of the paintings, or no wish at all."""

import pytest

from tests.unit.bot.request.builders import set_options, wanted

STRENGTHS = [
    pytest.param("80%", 80, id="alone"),
    pytest.param("80% please, keep it", 80, id="with fillers"),
    pytest.param("百分之八十", 80, id="zh alone"),
    pytest.param("strength at 80% for my dog", 80, id="a cue in front"),
    pytest.param("80 per cent strength for my dog", 80, id="a cue behind"),
    pytest.param("70% of the style for my dog", 70, id="of the style"),
    pytest.param("我家狗，强度百分之八十", 80, id="zh cue"),
    pytest.param("我家狗，八成强度", 80, id="zh cue behind"),
    pytest.param("我家狗，风格80%", 80, id="zh style"),
    pytest.param("paint my dog at 80%", 80, id="painted at"),
    pytest.param("make it 60%, my dog likes it", 60, id="make it"),
]


@pytest.mark.parametrize(("text", "strength"), STRENGTHS)
def test_a_percentage_with_a_cue_or_alone_is_a_strength(text: str, strength: int) -> None:
    assert set_options(wanted(text)) == {"strength": strength}


NOTHING = [
    "I agree 100%",
    "I agree 100 percent",
    "100% cotton",
    "make my cat 100% cotton",
    "battery at 5%",
    "love it 100%",
    "我100%同意",
    "百分之百同意",
    "50% off, 100% cotton",
]


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize("own", [2, 3])
def test_a_percentage_of_anything_else_is_no_wish(text: str, own: int) -> None:
    assert set_options(wanted(text, own)) == {}


SHARES = [
    "70% the first, 30% the second",
    "30% the second, 70% the first",
    "first painting 70%, second 30%",
    "70% and 30%",
    "70 % of the first and 30 % of the second",
    "70% of the first painting and 30% of the second painting",
    "70% like the first one, 30% like the last one",
    "the first one should be 70% and the second 30%",
    "picture 2 70%, picture 3 30%",
    "70% van gogh and 30% monet",
    "70 percent first, 30 percent second",
    "70% the first",
    "the other 30%",
    "７０％和３０％",
    "第一张70%，第二张30%",
    "70%第一张，30%第二张",
    "第一张：70%，最后一张：30%",
    "第一张七成，第二张三成",
    "第一张占百分之七十，第二张占百分之三十",
]


@pytest.mark.parametrize("text", SHARES)
def test_percentages_of_paintings_are_shares(text: str) -> None:
    reading = wanted(text, own=3)
    assert set_options(reading) == {"weights": [70, 30]}
    assert (len(reading.photos), len(reading.styles)) == (1, 2)


def test_shares_and_a_strength_are_told_apart() -> None:
    assert set_options(wanted("80% strength, first 60%, second 40%", own=3)) == {"strength": 80, "weights": [60, 40]}


@pytest.mark.parametrize("text", ["starry night 70% and mosaic 30%", "blend of starry night 60% and mosaic 30%"])
def test_shares_of_house_styles_are_no_strength(text: str) -> None:
    assert set_options(wanted(text, own=1)) == {}
