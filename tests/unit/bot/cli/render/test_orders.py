"""Which words of `stylesmith render` are photos, which are styles, and what goes where."""

from pathlib import Path

import pytest
import typer

from bot.cli.render.orders import StyleFile, sort_pictures, style_file
from worker.contract import Kind

A, B, C = Path("a.jpg"), Path("b/a.jpg"), Path("c.png")


@pytest.mark.parametrize(
    ("pictures", "style", "kind", "photos", "styles"),
    [
        (["a", "b"], [], Kind.STYLE, ["a"], ["b"]),
        (["a", "b", "c"], [], Kind.STYLE, ["a"], ["b", "c"]),
        (["a", "b"], ["c"], Kind.STYLE, ["a", "b"], ["c"]),
        (["a"], [], Kind.DREAM, ["a"], []),
        (["a", "b"], [], Kind.DREAM, ["a"], ["b"]),
        (["a", "b"], [], Kind.TEXTURE, [], ["a", "b"]),
    ],
    ids=["photo and style", "blend", "many photos", "dream", "guided dream", "texture"],
)
def test_the_first_picture_is_the_photo_unless_styles_are_named(
    pictures: list[str], style: list[str], kind: Kind, photos: list[str], styles: list[str]
) -> None:
    assert sort_pictures(pictures, style, kind) == (photos, styles)


@pytest.mark.parametrize(("pictures", "style", "kind"), [(["a"], [], Kind.STYLE), (["a"], ["b"], Kind.TEXTURE)])
def test_a_style_too_few_or_one_too_many_ends_the_command(pictures: list[str], style: list[str], kind: Kind) -> None:
    with pytest.raises(typer.Exit):
        sort_pictures(pictures, style, kind)


def style(name: str) -> StyleFile:
    return StyleFile(name, Path(f"{name}.png"))


def test_a_word_that_is_no_style_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        style_file("mosaik")
    assert ended.value.exit_code == 2
    assert "Did you mean mosaic?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", " ", "x" * 300], ids=["empty", "blank", "very long"])
def test_a_name_that_no_file_can_have_is_no_style(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        style_file(name)
    assert ended.value.exit_code == 2
    assert ("there is no such file" if name.strip() else "is empty") in capsys.readouterr().err
