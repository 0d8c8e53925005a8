"""The operator's listing of styles: what is read, and what is refused."""

from pathlib import Path

import pytest

from bot.styles.listing import CatalogueError, load
from tests.unit.bot.styles.paintings import painting

ENTRY = (
    '[[style]]\nslug = "rose"\ntitle = "Röse Window"\nfile = "rose.png"\nartist = "A"\nyear = "1900"\nlicence = "CC0"\n'
)


def folder(path: Path, listing: str = ENTRY) -> Path:
    path.mkdir(exist_ok=True)
    (path / "styles.toml").write_text(listing, encoding="utf-8")
    (path / "rose.png").write_bytes(painting((120, 40, 60)))
    return path


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


def test_a_lone_text_is_a_list_of_one_and_a_number_is_none(tmp_path: Path) -> None:
    assert load(folder(tmp_path / "a", ENTRY + 'names = "rosette"\n')).find("rosette")
    with pytest.raises(CatalogueError, match="names of rose"):
        load(folder(tmp_path / "b", ENTRY + "names = 3\n"))
