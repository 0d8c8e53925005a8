"""The styles that come with the bot: named in both languages, small, credited, worth painting in."""

import pytest
from PIL import Image

from bot.styles.catalogue import HOUSE, SCENE
from bot.styles.listing import load
from bot.styles.similarity import measure


def test_a_style_is_called_so_that_it_can_be_asked_for_in_either_language() -> None:
    catalogue = load(HOUSE)
    for style in catalogue.styles:
        assert catalogue.find(style.called("en")) == catalogue.find(style.called("zh")) == (style,)
    (ink,) = catalogue.find("ink-wash")
    assert [ink.called(language) for language in ("en", "zh", "de")] == ["ink wash", "水墨", "ink wash"]


def test_the_pictures_that_come_with_us_are_small_and_credited() -> None:
    styles = load(HOUSE).styles
    files = [style.path for style in styles] + [SCENE]
    assert len(styles) >= 18
    assert max(path.stat().st_size for path in files) <= 150_000
    assert sum(path.stat().st_size for path in files) <= 3_000_000
    for style in styles:
        assert style.artist and style.licence in {"public domain", "CC0-1.0"}
        assert f"`{style.path.name}`" in (HOUSE / "CREDITS.md").read_text(encoding="utf-8")
        with Image.open(style.path) as picture:
            assert picture.format == "JPEG" and max(picture.size) <= 768 and not picture.getexif()


@pytest.mark.parametrize("slug", [style.slug for style in load(HOUSE).styles])
def test_a_style_that_comes_with_us_has_contrast_and_detail(slug: str) -> None:
    style = load(HOUSE).get(slug)
    assert style
    signature = measure(style.path)
    assert signature.contrast > 0.05
    assert min(signature.detail) > 0.04
