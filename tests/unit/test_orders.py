"""Which words of `stylesmith render` are photos, which are styles, and what goes where."""

from pathlib import Path

import pytest
import typer

from bot.cli.orders import orders, sort_pictures
from worker.contract import Format, Kind

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
    assert sort_pictures(pictures, style, kind) == ([Path(photo) for photo in photos], styles)


@pytest.mark.parametrize(("pictures", "style", "kind"), [(["a"], [], Kind.STYLE), (["a"], ["b"], Kind.TEXTURE)])
def test_a_style_too_few_or_one_too_many_ends_the_command(pictures: list[str], style: list[str], kind: Kind) -> None:
    with pytest.raises(typer.Exit):
        sort_pictures(pictures, style, kind)


def test_several_photos_get_their_own_names_in_the_folder_and_equal_names_are_numbered() -> None:
    wanted = orders([A, B, C], (C,), None, Path("out"), Format.PNG)
    assert [order.out for order in wanted] == [Path("out/a.png"), Path("out/a-2.png"), Path("out/c.png")]
    assert [order.photo for order in wanted] == [A, B, C]


def test_a_texture_is_named_for_its_style() -> None:
    (order,) = orders([], (C,), None, Path("out"), Format.JPEG)
    assert (order.photo, order.out, order.name) == (None, Path("out/c.jpg"), "c.png")


@pytest.mark.parametrize(
    ("photos", "out", "out_dir"),
    [([A], None, None), ([A], Path("o.jpg"), Path("out")), ([A, C], Path("o.jpg"), None)],
    ids=["nowhere", "two places", "two photos in one file"],
)
def test_it_must_be_clear_where_each_painting_goes(photos: list[Path], out: Path | None, out_dir: Path | None) -> None:
    with pytest.raises(typer.Exit):
        orders(photos, (C,), out, out_dir, Format.JPEG)
