"""The page's words: the same in both languages, with the same gaps, and what it says to the bot is understood."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request

import bot.sandbox.page_words as page
from bot.request.said import Said
from bot.request.vocabulary.phrase import Mark
from bot.request.words import parse_words
from bot.sandbox.page_words import filled, language_of, words
from bot.sandbox.samples import LANGUAGES, house_styles
from bot.styles.catalogue import HOUSE
from bot.styles.listing import load
from bot.styles.names import Names
from worker.contract import Colours, DreamLayer, Faces, Film, Kind

NOBODY = Names({}, {})
PAGE = Path(page.__file__).parent / "page"


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    one, other = words("en"), words("zh")
    assert one.keys() == other.keys()
    assert one["say"].keys() == other["say"].keys()
    for table, twin in ((one, other), (one["say"], other["say"])):
        for key, text in table.items():
            if key != "say":
                assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", twin[key])), key


def _used() -> Iterator[str]:
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8")
        yield from re.findall(r"\{\{(\w+)\}\}", text)
        yield from re.findall(r'\bt\(\s*"(\w+)"', text)


def test_every_word_that_the_page_uses_is_there() -> None:
    given = {"view", "about", "title", "current_timeline", "current_gallery"}
    assert set(_used()) <= words("en").keys() | given


MARKS = {
    "again": {Mark.AGAIN},
    "another": {Mark.AGAIN, Mark.SURPRISE},
    "delete": {Mark.DELETE},
    "help": {Mark.HELP},
    "surprise": {Mark.SURPRISE},
    "each": {Mark.BATCH},
    "each_in_last": {Mark.BATCH, Mark.STYLE_LAST},
}
OPTIONS: dict[str, dict[str, object]] = {
    "how": {"film": Film.MP4},
    "keep_colours": {"colours": Colours.LUMINANCE},
    "protect_faces": {"faces": Faces.ON},
    "strength": {"strength": 35},
    "strokes": {"style_scale": 4.0},
    **{f"dream_{layer.value}": {"kind": Kind.DREAM, "layer": layer} for layer in DreamLayer},
}


def heard(key: str, language: str) -> Said:
    return parse_words(words(language)["say"][key].replace("{n}", "4" if key == "strokes" else "35"), NOBODY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_page_says_to_the_bot_is_understood(language: str) -> None:
    assert {key for key, marks in MARKS.items() if not marks <= heard(key, language).marks} == set()
    assert {key for key, options in OPTIONS.items() if heard(key, language).options != options} == set()
    assert set(heard("how", language).options) == {"film"}
    assert heard("stronger", language).nudges["strength"] > 0 > heard("softer", language).nudges["strength"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_style_that_was_clicked_is_found_alone_and_beside_wishes(language: str) -> None:
    catalogue, say = load(HOUSE), words(language)["say"]
    mark = "、" if language == "zh" else ", "
    for style in house_styles(catalogue):
        for wishes in ([], [say["each"]], [say["strength"].replace("{n}", "80"), say["keep_colours"]]):
            said = parse_words(mark.join([style.calls[language], *wishes]), catalogue.names)
            assert said.house == style.name, (style.calls[language], wishes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_at_once_is_understood(language: str) -> None:
    say = words(language)["say"]
    parts = [say["strength"].replace("{n}", "35"), say["strokes"].replace("{n}", "4"), say["keep_colours"]]
    said = parse_words(("、" if language == "zh" else ", ").join(parts), NOBODY)
    assert said.options == {"strength": 35, "style_scale": 4.0, "colours": Colours.LUMINANCE}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,zh;q=0.9", "en"), ("fr,zh-TW;q=0.5", "zh"), ("de", "en"),
        ("en;q=0.1,zh;q=0.2", "zh"), ("zh;q=nonsense,en;q=0.3", "en"), ("*", "en"), ("," * 5000, "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_that_the_browser_prefers(accepted: str, language: str) -> None:
    headers = [(b"accept-language", accepted.encode())]
    assert language_of(Request({"type": "http", "headers": headers})) == language


def test_what_fills_a_gap_is_text() -> None:
    assert filled("<p>{{it}}</p>", {"it": "<b>"}) == "<p>&lt;b&gt;</p>"
