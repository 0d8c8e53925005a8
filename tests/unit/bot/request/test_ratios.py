"""Shares of a blend, and the times, dates and aspect ratios that look like them."""

import pytest

from tests.unit.bot.request.builders import wanted

SHARES = [
    pytest.param("70/30", (70, 30), id="of a hundred"),
    pytest.param("in Rome, 70:30 please", (70, 30), id="of a hundred among words"),
    pytest.param("70-30", (70, 30), id="hyphen"),
    pytest.param("0.7/0.3", (0.7, 0.3), id="of one"),
    pytest.param("７０／３０", (70, 30), id="full width"),
    pytest.param("7:3", (7, 3), id="of ten"),
    pytest.param("2:1 please", (2, 1), id="some to one"),
    pytest.param("七比三", (7, 3), id="zh in words"),
    pytest.param("my dog with a blend of 2:1", (2, 1), id="a cue in front"),
    pytest.param("my dog, mix the two paintings 3/2", (3, 2), id="mix"),
    pytest.param("my dog in a 3:2 blend", (3, 2), id="a cue behind"),
    pytest.param("my dog, ratio 2:1", (2, 1), id="ratio"),
    pytest.param("我家狗，混合比例7:3", (7, 3), id="zh cue"),
    pytest.param("我家狗，按7比3混合", (7, 3), id="zh cue behind"),
    pytest.param("比例：2:1", (2, 1), id="zh key"),
    pytest.param("blend 70 to 30", (70, 30), id="to"),
    pytest.param("weights 2,1", (2, 1), id="key and a list"),
    pytest.param("weights 2 and 1", (2, 1), id="and"),
    pytest.param("weights: 2, 1", (2, 1), id="comma and space"),
    pytest.param("weights: 70%, 30%", (70, 30), id="percentages under the key"),
    pytest.param("weights=2:1", (2, 1), id="colon under the key"),
    pytest.param("weights=0,7/0,3", (0.7, 0.3), id="decimal commas"),
    pytest.param("weights 0,7 and 0,3", (0.7, 0.3), id="decimal commas and and"),
    pytest.param("blend 40 and 60", (40, 60), id="blend of a hundred"),
]


@pytest.mark.parametrize(("text", "weights"), SHARES)
def test_shares_are_read(text: str, weights: tuple[float, ...]) -> None:
    assert wanted(text, own=3).options.weights == weights


@pytest.mark.parametrize("text", ["50/30/20", "weights=50/30/20", "weights 50, 30, 20", "blend 50:30:20"])
def test_three_shares_are_read(text: str) -> None:
    assert wanted(text, own=4).options.weights == (50, 30, 20)


NO_SHARES = [
    "taken at 10:30 in Rome",
    "blend at 10:30 please",
    "see you at 8:02 pm",
    "16:9 please",
    "aspect ratio 16:9",
    "ratio 21:9",
    "photo from 5/12",
    "photo from 3/7",
    "12/25/2023",
    "in 2019-2020",
    "24/7",
    "1/250s",
    "1/250, f/2.8, iso 100",
    "we won 2:1",
    "I give it 8/10",
    "blend 2 and 3",
    "晚上10:30拍的",
    "１６：９",
]


@pytest.mark.parametrize("text", NO_SHARES)
def test_other_pairs_of_numbers_are_no_shares(text: str) -> None:
    options = wanted(text, own=3).options
    assert (options.weights, options.strength) == ((), wanted("", own=3).options.strength)
