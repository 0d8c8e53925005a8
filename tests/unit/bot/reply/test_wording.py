"""Every sentence exists in every language, fits its platform, and says nothing that it should not."""

import re
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import PictureReason
from bot.posts import Limits
from bot.reply.wording import LANGUAGES, Wording, is_note, sentences
from bot.request.reading import CommandKind, Difference, Hint, Trouble
from bot.styles.catalogue import HouseStyle
from bot.styles.similarity import Why
from bot.text import cut, has_link, weight
from worker.contract import DreamLayer, FailureCode, Kind, Options

X = Limits(280, 1000, 4, 5 << 20, one_reply_only=True)
MASTODON = Limits(500, 1500, 4, 16 << 20)
TINY = Limits(120, 200, 4, 1 << 20)
LONGEST_HANDLE = "a" * 30 + "@" + "b" * 30 + ".example"
ROSE = HouseStyle("rose", "Rose Window", "Stylesmith", "2026", chosen=True)


def voice(language: str = "en", limits: Limits = X, mention: str = "1", handle: str = "ann") -> Wording:
    return Wording(mention, handle, language, limits)


CODES: list[tuple[str, StrEnum]] = [
    *(("declined", hint) for hint in Hint),
    *(("failed", code) for code in FailureCode),
    *(("unusable", reason) for reason in PictureReason),
    *(("command", kind) for kind in CommandKind),
    *(("trouble", trouble) for trouble in Trouble),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("group", "code"), CODES, ids=str)
def test_every_code_has_varied_sentences_in_every_language(group: str, code: StrEnum, language: str) -> None:
    variants = sentences(language)[group][code.value]
    assert len(set(variants)) == len(variants) >= 2


@given(mention=st.text(max_size=5), place=st.integers(1, 10**4), wait_s=st.integers(1, 10**6))
def test_a_note_is_known_by_its_words(mention: str, place: int, wait_s: int) -> None:
    """Where the ledger is lost, nothing else tells it from an answer."""
    for language in LANGUAGES:
        note = voice(language, MASTODON, mention).waiting(place, timedelta(seconds=wait_s))
        assert is_note(note)
        assert is_note(f"@ann {note}\n\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_sentence_is_a_note(language: str) -> None:
    groups: Any = sentences(language).values()
    texts = [text for group in groups for key, texts in group.items() if key != "waiting" for text in texts]
    assert not [text for text in texts if is_note(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_without_a_code(language: str) -> None:
    table = sentences(language)
    groups = ("declined", "failed", "unusable", "command", "trouble")
    assert {(group, key) for group in groups for key in table[group]} == {(group, code.value) for group, code in CODES}
    assert set(table["layer"]) == {layer.value for layer in DreamLayer}
    assert {kind.value for kind in Kind} <= set(table["painted"])
    turns = {key for key in table["painted"] if key.startswith("turn_")}
    assert turns == {f"turn_{turn.value}" for turn in Difference}


def test_the_languages_have_the_same_sentences_with_the_same_gaps() -> None:
    english, chinese = sentences("en"), sentences("zh")
    assert {g: set(keys) for g, keys in english.items()} == {g: set(keys) for g, keys in chinese.items()}
    for group, keys in english.items():
        for key, value in keys.items():
            assert _gaps(value) == _gaps(chinese[group][key]), (group, key)


def _gaps(value: str | list[str]) -> set[str | None]:
    """The names filled into a sentence; every one occurs in some variant."""
    variants = [value] if isinstance(value, str) else value
    return {name for v in variants for _, name, _, _ in Formatter().parse(v) if name}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for item in (value.values() if isinstance(value, dict) else value) for text in _texts(item)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_calls_anybody_links_anywhere_or_makes_a_hashtag(language: str) -> None:
    for text in _texts(sentences(language)):
        assert not re.search(r"[@#<>*_`]|https?:", text), text
        assert not has_link(text), text


@pytest.mark.parametrize("limits", [X, MASTODON], ids=["x", "mastodon"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("group", "code"), CODES, ids=str)
def test_every_answer_fits_uncut_beside_a_long_handle(group: str, code: StrEnum, language: str, limits: Limits) -> None:
    for number in range(8):
        text = _said(voice(language, limits, str(number), LONGEST_HANDLE), group, code)
        assert 0 < weight(f"@{LONGEST_HANDLE} {text}") <= limits.text_length
        assert "…" not in text
        assert "{" not in text


def _said(speaker: Wording, group: str, code: StrEnum) -> str:
    if isinstance(code, Hint):
        return speaker.declined(code, ["Rose Window", "Noon in Tesserae"] * 9)
    return speaker.told(group, code.value)


@pytest.mark.parametrize("limits", [X, MASTODON, TINY], ids=["x", "mastodon", "tiny"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_a_painting_is_announced_within_the_limits(kind: Kind, language: str, limits: Limits) -> None:
    for number in range(20):
        speaker = voice(language, limits, str(number))
        text = speaker.painted(Options(kind=kind), [ROSE] * 2, count=1 + number % 4, missing=number % 2, seconds=33)
        assert 0 < weight(f"@ann {text}") <= limits.text_length


def test_a_mention_always_hears_the_same_and_different_ones_rarely_do() -> None:
    texts = [voice(mention=str(n)).painted(Options(), [ROSE], seconds=20 + n % 30) for n in range(200)]
    assert texts == [voice(mention=str(n)).painted(Options(), [ROSE], seconds=20 + n % 30) for n in range(200)]
    assert len(set(texts)) > 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_house_style_is_credited(language: str) -> None:
    text = voice(language).painted(Options(), [ROSE])
    assert all(part in text for part in ("Rose Window", "Stylesmith", "2026"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", Why)
def test_the_curator_says_why(why: Why, language: str) -> None:
    speaker = voice(language, MASTODON)
    house = replace(ROSE, why=why)
    text = speaker.painted(Options(), [house])
    variants = sentences(language)["painted"][f"credit_{why}"]
    assert any(variant.format(style=speaker.credit(house)) in text for variant in variants)


def test_a_series_in_several_styles_gives_no_single_reason() -> None:
    houses = [replace(ROSE, why="light"), HouseStyle("a", "Noon", chosen=True, why="palette")]
    text = voice(limits=MASTODON).painted(Options(), houses, count=2)
    assert any(
        v.format(style="Rose Window by Stylesmith (2026), Noon") in text
        for v in sentences("en")["painted"]["credit_chosen"]
    )


def test_a_credit_says_only_what_is_known() -> None:
    assert voice().credit(HouseStyle("a", "Rose Window")) == "Rose Window"
    assert voice().credit(HouseStyle("a", "Rose Window", year="2026")) == "Rose Window (2026)"
    assert voice("zh").credit(HouseStyle("a", "Rose Window", "Stylesmith")) == "Stylesmith的《Rose Window》"
    night = HouseStyle("a", "The Starry Night", "Vincent van Gogh", "1889", title_zh="星月夜", artist_zh="梵高")
    assert voice("zh").credit(night) == "梵高的《星月夜（The Starry Night）》（1889）"
    assert voice().credit(night) == "The Starry Night by Vincent van Gogh (1889)"


def test_what_was_probably_meant_is_asked_before_the_list() -> None:
    for language in LANGUAGES:
        text = voice(language).declined(Hint.UNKNOWN_STYLE, ["mosaic", "woodcut"], "mosaic")
        assert text.index("mosaic") < text.index("woodcut")
        assert text.count("mosaic") == 2


def test_an_operators_title_never_becomes_a_link_a_handle_or_a_hashtag() -> None:
    text = voice().painted(Options(), [HouseStyle("a", "www.art.example @bob #tag\u202e", chosen=True)])
    assert not has_link(text)
    assert not re.search("[@#\u202e]", text)


def test_an_unknown_style_lists_as_many_as_fit() -> None:
    titles = [f"A Rather Long Title, Number {n}" for n in range(40)]
    text = voice(limits=TINY).declined(Hint.UNKNOWN_STYLE, titles)
    assert weight(text) <= TINY.text_length
    assert "Number 0" in text
    assert voice().declined(Hint.UNKNOWN_STYLE) != ""


@pytest.mark.parametrize(
    ("wait", "english", "chinese"),
    [
        (timedelta(seconds=1), "1 second", "1 秒"),
        (timedelta(seconds=45), "45 seconds", "45 秒"),
        (timedelta(seconds=61), "61 seconds", "61 秒"),
        (timedelta(seconds=91), "2 minutes", "2 分钟"),
        (timedelta(hours=2), "2 hours", "2 小时"),
        (timedelta(0), "1 second", "1 秒"),
    ],
)
def test_a_wait_is_told_as_people_say_it(wait: timedelta, english: str, chinese: str) -> None:
    assert (voice("en").duration(wait), voice("zh").duration(wait)) == (english, chinese)
    assert english in voice().waiting(4, wait)
    assert chinese in voice("zh").cooldown(wait)


def test_an_alt_text_uses_the_alt_texts_that_were_given() -> None:
    text = voice().description(Options(), "A cat on a sofa.", ["Stars over a village"])
    assert text == "A cat on a sofa. Painted in the style of “Stars over a village”."


def test_an_alt_text_invents_nothing() -> None:
    text = voice().description(Options(), "", [""])
    assert text.count("without a description") == 2
    assert voice("zh").description(Options(), "", [""]).count("没有附说明") == 2


def test_alt_texts_name_the_house_style_the_dream_and_the_blend() -> None:
    assert "Rose Window by Stylesmith (2026)" in voice().description(Options(), "A cat", house=ROSE)
    assert "eyes and creatures" in voice().description(Options(kind=Kind.DREAM, layer=DreamLayer.EYES), "A cat")
    assert "2 styles" in voice().description(Options(), "A cat", ["One", "Two"])
    assert "guided by “One”" in voice().description(Options(kind=Kind.DREAM), "A cat", ["One"])


ANYTHING = st.text(max_size=3_000)


@settings(max_examples=80, deadline=None)
@given(photo=ANYTHING, styles=st.lists(ANYTHING, max_size=3), language=st.sampled_from(LANGUAGES))
def test_an_alt_text_is_never_empty_never_too_long_and_one_line(photo: str, styles: list[str], language: str) -> None:
    for limits in (X, MASTODON, TINY):
        text = voice(language, limits).description(Options(), photo, styles or [""])
        assert 0 < len(text) <= limits.description_length
        assert not re.search("[\x00-\x1f\u202a-\u202e]", text)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("hello", 5),
        ("画", 2),
        ("🎨", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇨🇳", 2),
        ("👍🏽", 2),
        ("see https://example.com/a/very/long/path?with=query", 27),
        ("“quoted”…", 10),
        ("é", 1),
    ],
)
def test_text_weighs_what_x_says(text: str, units: int) -> None:
    assert weight(text) == units


@given(text=st.text(max_size=300), room=st.integers(0, 300))
@settings(deadline=None)
def test_cut_text_fits(text: str, room: int) -> None:
    assert weight(cut(text, room)) <= room


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_that_a_frame_was_left_out(language: str) -> None:
    text = voice(language).painted(Options(), [ROSE], unframed=True)
    assert any(said in text for said in sentences(language)["painted"]["unframed"])
    assert text != voice(language).painted(Options(), [ROSE])
