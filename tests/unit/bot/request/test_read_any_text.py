"""Whatever people, or machines, may write: the grammar answers, quickly, with something that can be done."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.flow.repeat import repeated, slugs_of
from bot.ledger import Plan
from bot.posts import Attachment, Author, Media, Mention
from bot.request.photos_and_styles import MOST_PHOTOS, MOST_STYLES
from bot.request.read import read
from bot.request.reading import Command, Declined, Ignored, Wanted
from bot.request.vocabulary import PHRASES
from bot.request.vocabulary.phrase import Phrase
from bot.styles.catalogue import HouseStyle
from tests.unit.bot.request.builders import CATALOGUE, mention, ours
from worker.contract import Kind, Options, RenderJob

SAYINGS = """
    strong subtle wild dream texture of in the style last first all each blend #mosaic !sketch keep colours big strokes
    strength=1e999 size=-0 seed=99 70/30 again delete forget me help no don't 随便 强烈 每张 最后一张 保留颜色 梦 再来
    stronger wilder more less bit much too enough bigger finer 更 一点 太 风格 swap monet kind=style kind=texture styles
"""
WORDS = st.sampled_from([*SAYINGS.split(), "\x00", "\u202e"])
TEXTS = st.one_of(
    st.text(max_size=400), st.lists(WORDS, max_size=25).map(" ".join), st.lists(WORDS, max_size=9).map("".join)
)
ATTACHMENTS = st.lists(
    st.builds(Attachment, st.sampled_from(Media), st.sampled_from(["", "https://m.example/1", "https://m.example/2"])),
    max_size=6,
).map(tuple)
AUTHORS = st.builds(Author, st.sampled_from(["1", "2"]), st.just("ann"), st.just("h"), st.booleans(), st.booleans())
POSTS = st.builds(
    Mention,
    st.just("fedi"),
    st.just("5"),
    AUTHORS,
    TEXTS,
    ATTACHMENTS,
    by_us=st.booleans(),
    language=st.text(max_size=5),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(post=POSTS, parent=st.none() | POSTS)
def test_every_mention_is_read_and_everything_wanted_makes_a_valid_job(post: Mention, parent: Mention | None) -> None:
    reading = read(replace(post, in_reply_to="4" if parent else "", parent=parent), CATALOGUE)
    assert isinstance(reading, Wanted | Declined | Ignored | Command)
    if isinstance(reading, Wanted) and not reading.again_of:
        _assert_can_be_made(reading)


def _assert_can_be_made(reading: Wanted) -> None:
    assert len(reading.photos) <= MOST_PHOTOS
    assert len(reading.styles) <= MOST_STYLES
    styles = ("0" * 64,) * (len(reading.styles) or bool(reading.house))
    for _ in reading.photos or ("texture",):
        RenderJob(id="j", photo="1" * 64 if reading.photos else None, styles=styles, options=reading.options)
    assert reading.photos or reading.options.kind is Kind.TEXTURE


KEYS = st.lists(st.sampled_from(["1" * 64, "2" * 64, "3" * 64, "4" * 64]), max_size=3, unique=True).map(tuple)
HOUSES = st.lists(st.sampled_from([HouseStyle("mosaic", "M"), HouseStyle("glass", "G")]), max_size=3).map(tuple)
PLANS = st.builds(
    Plan,
    photos=KEYS,
    styles=KEYS,
    options=st.builds(
        Options, kind=st.sampled_from(Kind), strength=st.integers(0, 100), weights=st.sampled_from([(), (70.0, 30.0)])
    ),
    houses=HOUSES,
)


@given(text=TEXTS, before=PLANS)
@settings(max_examples=300, deadline=None)
def test_whatever_is_said_under_a_painting_makes_valid_jobs_or_none(text: str, before: Plan) -> None:
    said = mention(text, 0, parent=ours())
    reading = read(said, CATALOGUE)
    if not isinstance(reading, Wanted):
        return
    assert set(reading.changed) | {name for name, _ in reading.nudges} <= set(Options.model_fields)
    plan, slugs = repeated(before, reading, said), slugs_of(before, reading)
    assert not (plan.styles and slugs)
    styles = plan.styles or slugs[:1]
    texture = plan.options.kind is Kind.TEXTURE
    for photo in plan.photos or ((None,) if texture else ()):
        RenderJob(id="j", photo=photo, styles=tuple("5" * 64 for _ in styles), options=plan.options)


HEAVY = {
    "letters": "a" * 100_000,
    "spaces": " " * 100_000,
    "marks": "p" + "\u0301\u0316" * 50_000,
    "one wish again and again": "strong " * 15_000,
    "half a phrase": "keep the " * 11_000,
    "pairs": "a=b " * 25_000,
    "tags": "<p><a " * 16_000,
    "hashtags": "#mosaic" * 14_000,
    "numbers": "12/34/" * 16_000,
    "handles": "@a" * 50_000,
    "han": "保留" * 50_000,
    "all of the": "all of the " * 9_000,
    "colons": ":a" * 50_000,
    "links": "https://" * 12_000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_the_work_on_a_long_text_is_bounded(text: str) -> None:
    """Ten times the text takes no more than the work on its first part, whatever the machine's speed."""
    long, short = _cpu_s(text), _cpu_s(text[:10_000])
    assert long < 4 * short + 0.05


def _cpu_s(text: str) -> float:
    def once() -> float:
        start = time.process_time()
        read(mention(text), CATALOGUE)
        return time.process_time() - start

    return min(once() for _ in range(2))


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.english[:20])
def test_no_phrase_backtracks_without_bound(phrase: Phrase) -> None:
    assert "+)" not in phrase.english + phrase.chinese
    assert "*" not in phrase.english + phrase.chinese
    assert phrase.pattern.search("") is None
