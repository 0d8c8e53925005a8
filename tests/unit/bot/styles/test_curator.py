"""The curator: which style suits a photo."""

from pathlib import Path

import pytest

from bot.styles.catalogue import HOUSE, Catalogue, Style
from bot.styles.curator import MARGIN, SHORTLIST, Curator
from bot.styles.listing import load
from bot.styles.similarity import Why
from tests.unit.bot.styles.paintings import painting as painted


def painting(colour: tuple[int, int, int], spread: int = 60) -> bytes:
    """Small, as every choice measures the photo anew."""
    return painted(colour, spread=spread, edge_px=32)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    looks = {"warm": (200, 110, 40), "cool": (40, 90, 190), "green": (50, 140, 60), "grey": (128, 128, 128)}
    for slug, colour in looks.items():
        (tmp_path / f"{slug}.png").write_bytes(painting(colour))
    return Catalogue(tuple(Style(slug, slug.title(), tmp_path / f"{slug}.png") for slug in looks))


def test_colours_near_the_photos_are_preferred(catalogue: Catalogue) -> None:
    curator = Curator(catalogue)
    for slug, colour in (("warm", (210, 120, 50)), ("cool", (30, 80, 200)), ("green", (60, 150, 70))):
        best = curator.ranking(painting(colour))[0]
        assert (best.style.slug, best.why) == (slug, Why.PALETTE)


def test_the_same_mention_gets_the_same_style_and_others_some_variety(catalogue: Catalogue) -> None:
    curator, photo = Curator(catalogue), painting((128, 110, 120), spread=90)
    choices = [curator.choose(photo, str(n)) for n in range(24)]
    assert choices == [curator.choose(photo, str(n)) for n in range(24)]
    ranking = curator.ranking(photo)
    slugs = {choice.style.slug for choice in choices if choice}
    assert slugs <= {choice.style.slug for choice in ranking[:SHORTLIST] if choice.score >= ranking[0].score - MARGIN}
    assert ranking[0].style.slug in slugs


def test_a_style_far_from_the_best_is_never_picked(catalogue: Catalogue) -> None:
    curator = Curator(catalogue)
    photo = painting((210, 120, 50))
    assert {choice.style.slug for n in range(16) if (choice := curator.choose(photo, str(n)))} == {"warm"}


def test_a_style_that_cannot_be_read_is_passed_over(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    broken = Catalogue((Style("bad", "Bad", tmp_path / "bad.png"), *catalogue.styles))
    assert "bad" not in {choice.style.slug for choice in Curator(broken).ranking(painting((9, 9, 9)))}
    assert Curator(Catalogue((broken.styles[0],))).choose(painting((9, 9, 9)), "1") is None
    assert Curator(Catalogue()).choose(painting((9, 9, 9)), "1") is None


def test_the_curator_chooses_among_an_artists_paintings() -> None:
    few = [style for style in load(HOUSE).styles if style.artist != "Stylesmith"]
    curator, photo = Curator(Catalogue(tuple(few))), painting((60, 90, 140))
    chosen = {
        choice.style.artist for n in range(16) if (choice := curator.choose(photo, str(n), (), "vincent-van-gogh"))
    }
    assert chosen == {"Vincent van Gogh"}
    other = curator.choose(photo, "1", ["starry-night"], "vincent-van-gogh")
    assert other is not None
    assert other.style.slug == "wheat-field-with-cypresses"
    assert curator.choose(photo, "1", (), "nobody") is None
