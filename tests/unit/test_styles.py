"""The operator's catalogue and the curator: what is listed, what is refused, and what suits a photo."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.styles.catalogue import HOUSE, SCENE, Catalogue, Style
from bot.styles.curator import MARGIN, SHORTLIST, Curator
from bot.styles.listing import CatalogueError, load
from bot.styles.similarity import Signature, Why, affinity, measure

ENTRY = (
    '[[style]]\nslug = "rose"\ntitle = "Röse Window"\nfile = "rose.png"\nartist = "A"\nyear = "1900"\nlicence = "CC0"\n'
)


def painting(colour: tuple[int, int, int], grain_px: int = 4, spread: int = 60) -> bytes:
    """Blocks of `grain_px` about a colour."""
    rng = np.random.default_rng(5)
    blocks = (
        rng.integers(-spread, spread + 1, (128 // grain_px, 128 // grain_px, 1)).repeat(grain_px, 0).repeat(grain_px, 1)
    )
    packed = io.BytesIO()
    Image.fromarray(np.clip(np.array(colour) + blocks, 0, 255).astype(np.uint8)).save(packed, "PNG")
    return packed.getvalue()


def folder(path: Path, listing: str = ENTRY) -> Path:
    path.mkdir(exist_ok=True)
    (path / "styles.toml").write_text(listing, encoding="utf-8")
    (path / "rose.png").write_bytes(painting((120, 40, 60)))
    return path


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    looks = {"warm": (200, 110, 40), "cool": (40, 90, 190), "green": (50, 140, 60), "grey": (128, 128, 128)}
    for slug, colour in looks.items():
        (tmp_path / f"{slug}.png").write_bytes(painting(colour))
    return Catalogue(tuple(Style(slug, slug.title(), tmp_path / f"{slug}.png") for slug in looks))


def test_a_style_is_read_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    (style,) = load(folder(tmp_path)).styles
    assert (style.slug, style.title, style.artist, style.year, style.licence) == (
        "rose",
        "Röse Window",
        "A",
        "1900",
        "CC0",
    )
    assert style.path.is_file()
    assert style.credited(chosen=True).chosen


def test_a_style_is_found_by_any_spelling(tmp_path: Path) -> None:
    names = load(folder(tmp_path, ENTRY + 'names = ["The Great Rose", "玫瑰窗"]\n')).names
    spellings = ("rose", "rose window", "rosewindow", "The Great Rose", "great rose", "thegreatrose", "玫瑰窗")
    assert {names.exact(spelling) for spelling in spellings} == {"rose"}


def test_an_earlier_folder_holds_and_a_folder_without_a_listing_is_empty(tmp_path: Path) -> None:
    first = folder(tmp_path / "a", ENTRY.replace("Röse Window", "Mine"))
    assert [style.title for style in load(first, folder(tmp_path / "b"), tmp_path / "none").styles] == ["Mine"]
    assert load(tmp_path / "none").styles == ()


@pytest.mark.parametrize(
    ("listing", "reason"),
    [
        ("[[style", "styles.toml"),
        ('style = "rose"', r"\[\[style\]\]"),
        ("style = [1]", r"\[\[style\]\]"),
        (ENTRY.replace('"rose"', '"Rose Window!"'), "slug"),
        (ENTRY.replace("Röse Window", " "), "no title"),
        (ENTRY.replace("rose.png", "gone.png"), "gone.png"),
        (ENTRY.replace("rose.png", "../../etc/passwd"), "not in the folder"),
    ],
)
def test_a_listing_that_cannot_be_used_says_why(tmp_path: Path, listing: str, reason: str) -> None:
    with pytest.raises(CatalogueError, match=reason):
        load(folder(tmp_path, listing))


def test_a_removed_style_is_no_longer_got(tmp_path: Path) -> None:
    catalogue = load(folder(tmp_path))
    assert catalogue.get("rose") is catalogue.styles[0]
    assert catalogue.get("lily") is None


def test_colours_near_the_photos_are_preferred(catalogue: Catalogue) -> None:
    curator = Curator(catalogue)
    for slug, colour in (("warm", (210, 120, 50)), ("cool", (30, 80, 200)), ("green", (60, 150, 70))):
        best = curator.ranking(painting(colour))[0]
        assert (best.style.slug, best.why) == (slug, Why.PALETTE)


def test_a_flat_photo_is_lifted_by_contrast_and_a_strong_one_not_drowned() -> None:
    flat, strong = measure(painting((128, 128, 128), spread=10)), measure(painting((128, 128, 128), spread=90))
    assert affinity(flat, strong)[Why.LIGHT] > affinity(strong, flat)[Why.LIGHT]


def test_grain_goes_with_grain() -> None:
    fine, coarse = measure(painting((128, 128, 128), 1)), measure(painting((128, 128, 128), 32))
    assert affinity(fine, fine)[Why.TEXTURE] > affinity(fine, coarse)[Why.TEXTURE]


def test_the_same_mention_gets_the_same_style_and_others_some_variety(catalogue: Catalogue) -> None:
    curator, photo = Curator(catalogue), painting((128, 110, 120), spread=90)
    choices = [curator.choose(photo, str(n)) for n in range(60)]
    assert choices == [curator.choose(photo, str(n)) for n in range(60)]
    ranking = curator.ranking(photo)
    slugs = {choice.style.slug for choice in choices if choice}
    assert slugs <= {choice.style.slug for choice in ranking[:SHORTLIST] if choice.score >= ranking[0].score - MARGIN}
    assert ranking[0].style.slug in slugs


def test_a_style_far_from_the_best_is_never_picked(catalogue: Catalogue) -> None:
    curator = Curator(catalogue)
    photo = painting((210, 120, 50))
    assert {choice.style.slug for n in range(40) if (choice := curator.choose(photo, str(n)))} == {"warm"}


def test_a_style_that_cannot_be_read_is_passed_over(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    broken = Catalogue((Style("bad", "Bad", tmp_path / "bad.png"), *catalogue.styles))
    assert "bad" not in {choice.style.slug for choice in Curator(broken).ranking(painting((9, 9, 9)))}
    assert Curator(Catalogue((broken.styles[0],))).choose(painting((9, 9, 9)), "1") is None
    assert Curator(Catalogue()).choose(painting((9, 9, 9)), "1") is None


@pytest.mark.parametrize("size", [(1, 1), (1, 200), (3, 2), (640, 480)])
def test_any_picture_can_be_measured(size: tuple[int, int]) -> None:
    packed = io.BytesIO()
    Image.new("RGB", size, (0, 0, 0)).save(packed, "PNG")
    signature = measure(packed.getvalue())
    assert isinstance(signature, Signature)
    assert np.isclose(sum(signature.hues), 1)
    assert all(np.isfinite(value) for value in affinity(signature, signature).values())


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


def test_the_curator_chooses_among_an_artists_paintings() -> None:
    curator, photo = Curator(load(HOUSE)), painting((60, 90, 140))
    chosen = {
        choice.style.artist for n in range(30) if (choice := curator.choose(photo, str(n), (), "vincent-van-gogh"))
    }
    assert chosen == {"Vincent van Gogh"}
    other = curator.choose(photo, "1", ["starry-night"], "vincent-van-gogh")
    assert other is not None
    assert other.style.slug == "wheat-field-with-cypresses"
    assert curator.choose(photo, "1", (), "nobody") is None


def test_a_lone_text_is_a_list_of_one_and_a_number_is_none(tmp_path: Path) -> None:
    assert load(folder(tmp_path / "a", ENTRY + 'names = "rosette"\n')).find("rosette")
    with pytest.raises(CatalogueError, match="names of rose"):
        load(folder(tmp_path / "b", ENTRY + "names = 3\n"))
