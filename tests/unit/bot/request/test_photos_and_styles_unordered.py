"""Where a server keeps no order of attachments: a photo and a painting told apart by their alt texts."""

from dataclasses import replace
from typing import Any

import pytest

from bot.posts import Attachment
from bot.request.reading import Wanted
from tests.unit.bot.request.builders import pictures, theirs, wanted

APART = [
    pytest.param("The Kiss by Klimt", "a ginger cat", id="a painter"),
    pytest.param("Starry Night", "a ginger cat", id="a painting of ours"),
    pytest.param("a painting of a harbour", "", id="a painting and nothing"),
    pytest.param("", "selfie at the beach", id="nothing and a selfie"),
    pytest.param("style", "photo", id="their parts"),
    pytest.param("Ein Gemälde von einem Hafen", "Foto meiner Katze", id="German"),
    pytest.param("一幅油画", "我家猫的照片", id="Chinese"),
    pytest.param(
        "Great Wave, woodblock print", "Photo of the Mona Lisa, a painting", id="a photo of a painting is neither"
    ),
]
KEPT = [
    pytest.param("a ginger cat", "The Kiss by Klimt", id="as they should be"),
    pytest.param("", "", id="nothing"),
    pytest.param("a ginger cat", "a white dog", id="neither"),
    pytest.param("a painting of a cat", "a drawing of waves", id="two paintings"),
    pytest.param("a photo", "selfie", id="two photos"),
    pytest.param("Art Deco hotel, Victorian style porch", "", id="words that paintings do not own"),
    pytest.param("a horse-drawn carriage beside a painted door", "", id="nor these"),
]


def pair(*alts: str) -> tuple[Attachment, ...]:
    return tuple(replace(each, description=alt) for each, alt in zip(pictures(2), alts, strict=True))


def says(reading: Wanted) -> tuple[list[str], list[str]]:
    return [each.description for each in reading.photos], [each.description for each in reading.styles]


def asked(first: str, second: str, text: str = "", **fields: Any) -> tuple[list[str], list[str]]:
    return says(wanted(text, attachments=pair(first, second), **{"unordered": True, **fields}))


@pytest.mark.parametrize(("painting", "photo"), APART)
def test_they_are_told_apart_by_what_they_are(painting: str, photo: str) -> None:
    assert asked(painting, photo) == asked(photo, painting) == ([photo], [painting])


@pytest.mark.parametrize(("first", "second"), KEPT)
def test_where_the_texts_tell_nothing_they_stay_as_they_were_uploaded(first: str, second: str) -> None:
    assert asked(first, second) == ([first], [second])


@pytest.mark.parametrize("text", ["", "please"])
def test_where_the_server_keeps_an_order_it_holds(text: str) -> None:
    assert asked("a painting", "a photo", text, unordered=False) == (["a painting"], ["a photo"])


@pytest.mark.parametrize(
    ("text", "photo"),
    [("style first", "a photo"), ("swap", "a photo"), ("style last", "a painting"), ("照片是第二张", "a photo")],
)
def test_words_that_name_an_order_hold(text: str, photo: str) -> None:
    assert asked("a painting", "a photo", text)[0] == [photo]
    assert asked("a photo", "a painting", text)[0] == ["a photo" if photo == "a painting" else "a painting"]


def test_a_painting_under_somebodys_photo_stays_the_style_whatever_they_say() -> None:
    above = replace(theirs(), unordered=True)
    above = replace(above, attachments=(replace(above.attachments[0], description="a painting"),))
    mine = (replace(pictures(1)[0], description="a photo"),)
    assert says(wanted(own=1, attachments=mine, parent=above, unordered=True)) == (["a painting"], ["a photo"])


def test_more_than_a_pair_and_dreams_stay_as_they_are() -> None:
    three = (*pair("a painting", "a photo"), pictures(3)[2])
    assert says(wanted(attachments=three, unordered=True)) == (["a painting"], ["a photo", ""])
    assert asked("a painting", "a photo", "deep dream") == (["a painting"], ["a photo"])
