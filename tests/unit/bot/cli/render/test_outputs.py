"""Where the paintings of `stylesmith render` go."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from PIL import Image

from bot.cli.render.orders import Order, StyleFile
from bot.cli.render.outputs import FileFormat, OutputOptions, outputs
from worker.contract import DreamLayer, Format, Kind, Options
from worker.render.provenance import encode

A, B, C = Path("a.jpg"), Path("b/a.jpg"), Path("c.png")


def style(name: str) -> StyleFile:
    return StyleFile(name, Path(f"{name}.png"))


def place(orders: list[Order], *, options: Options | None = None, **wish: Any) -> list[Path]:
    return [output.path for output in outputs(orders, OutputOptions(**wish), options or Options())]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one stands, with a photo, another of the same name in a folder, and a style."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    for name in ("a.jpg", "b/a.jpg", "c.png", "photo.png"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def test_a_painting_gets_a_new_name_beside_its_photo(folder: Path) -> None:
    assert place([Order(B, (style("mosaic"), style("woodcut")))]) == [Path("b/a-mosaic-woodcut.jpg")]
    (folder / "b/a-mosaic-woodcut.jpg").touch()
    (folder / "b/a-mosaic-woodcut-2.jpg").touch()
    assert place([Order(B, (style("mosaic"), style("woodcut")))]) == [Path("b/a-mosaic-woodcut-3.jpg")]
    assert place([Order(B, (style("mosaic"), style("woodcut")))], force=True) == [Path("b/a-mosaic-woodcut.jpg")]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (Options(kind=Kind.DREAM, layer=DreamLayer.EYES), "a-dream-eyes.png"),
        (Options(kind=Kind.STYLE), "a-mosaic.png"),
    ],
)
def test_the_name_says_what_was_made(folder: Path, options: Options, named: str) -> None:
    order = Order(A, (style("mosaic"),))
    assert place([order], options=options, format=FileFormat.PNG) == [Path(named)]


def test_a_texture_is_named_for_its_style_and_lies_where_one_stands(folder: Path) -> None:
    order = Order(None, (StyleFile("c", C),))
    assert place([order], options=Options(kind=Kind.TEXTURE)) == [Path("c-texture.jpg")]
    assert order.name == "c.png"


def test_several_photos_get_their_own_names_in_the_folder_and_equal_names_are_numbered(folder: Path) -> None:
    orders = [Order(photo, (style("mosaic"),)) for photo in (A, B, C)]
    assert place(orders, folder=Path("out"), format=FileFormat.PNG) == [
        Path("out/a.png"),
        Path("out/a-2.png"),
        Path("out/c.png"),
    ]


@pytest.mark.parametrize("force", [False, True])
def test_no_painting_takes_the_place_of_a_photo(folder: Path, force: bool) -> None:
    orders = [Order(A, (style("mosaic"),)), Order(Path("photo.png"), (style("mosaic"),))]
    assert place(orders, folder=Path(), force=force) == [Path("a-2.jpg"), Path("photo.jpg")]
    (folder / "photo.jpg").touch()
    assert place(orders, folder=Path(), force=force)[1] == Path("photo.jpg" if force else "photo-2.jpg")


def test_a_very_long_name_is_cut(folder: Path) -> None:
    photo = Path("b") / f"{'画' * 80}.jpg"
    photo.touch()
    (path,) = place([Order(photo, (style("mosaic"),))])
    assert path.name.endswith("-mosaic.jpg")
    assert len(path.name.encode()) < 200


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"out": Path("o.jpg"), "folder": Path("out")}, "one place"),
        ({"out": Path("b")}, "ending"),
        ({"out": Path("o.gif")}, ".jpg, .png or .webp"),
        ({"out": Path("painting")}, ".jpg, .png or .webp"),
        ({"out": Path("o.jpg"), "format": FileFormat.PNG}, "contradict"),
        ({"out": Path("dir.jpg")}, "is a folder"),
        ({"out": Path("a.jpg")}, "pictures to paint from"),
        ({"out": Path("a.jpg"), "force": True}, "pictures to paint from"),
        ({"out": Path("hard.jpg"), "force": True}, "pictures to paint from"),
        ({"out": Path("link.jpg"), "force": True}, "pictures to paint from"),
        ({"out": Path("there.jpg")}, "is there already"),
        ({"out": Path("dangling.jpg")}, "is there already"),
        ({"out": Path("/proc/x.jpg")}, "/proc"),
        ({"out": Path("a.jpg/x.jpg")}, "a.jpg"),
        ({"folder": Path("a.jpg")}, "a.jpg"),
    ],
    ids=lambda case: " ".join(f"{name}={value}" for name, value in case.items()) if isinstance(case, dict) else "",
)
def test_a_place_that_cannot_be_had_is_said_before_anything_is_painted(
    folder: Path, wish: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "dir.jpg").mkdir()
    (folder / "there.jpg").touch()
    (folder / "hard.jpg").hardlink_to(folder / "a.jpg")
    (folder / "link.jpg").symlink_to("a.jpg")
    (folder / "dangling.jpg").symlink_to("nothing.jpg")
    with pytest.raises(typer.Exit) as ended:
        place([Order(A, (style("mosaic"),))], **wish)
    assert ended.value.exit_code == 2
    assert told in capsys.readouterr().err
    assert (folder / "a.jpg").read_bytes() == b"a.jpg"


def test_several_photos_do_not_fit_into_one_file(folder: Path) -> None:
    with pytest.raises(typer.Exit):
        place([Order(A, ()), Order(C, ())], out=Path("o.jpg"))


def test_a_full_disk_is_said_before_anything_is_painted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=2_000_000))
    with pytest.raises(typer.Exit):
        place([Order(A, (style("mosaic"),))], options=Options(edge_px=4096))
    assert "make room" in capsys.readouterr().err


def test_a_file_that_came_while_it_was_painted_is_kept(folder: Path) -> None:
    (output,) = outputs([Order(A, (style("mosaic"),))], OutputOptions(), Options())
    output.path.write_bytes(b"somebody else's")
    assert output.save(b"ours") == Path("a-mosaic-2.jpg")
    assert output.path.read_bytes() == b"somebody else's"
    assert Path("a-mosaic-2.jpg").read_bytes() == b"ours"


def test_with_force_a_file_is_replaced_whole_also_behind_a_link(folder: Path) -> None:
    (folder / "b/old.jpg").write_bytes(b"old")
    (folder / "o.jpg").symlink_to("b/old.jpg")
    (output,) = outputs([Order(A, (style("mosaic"),))], OutputOptions(out=Path("o.jpg"), force=True), Options())
    assert output.save(b"new") == Path("o.jpg")
    assert (folder / "b/old.jpg").read_bytes() == b"new"
    assert (folder / "o.jpg").is_symlink()
    assert sorted(path.name for path in (folder / "b").iterdir()) == ["a.jpg", "old.jpg"]


def test_a_webp_says_how_it_was_made(folder: Path) -> None:
    painted = encode(Image.new("RGB", (20, 10), "red"), Options(format=Format.PNG, seed=7), "lite")
    (output,) = outputs([Order(A, (style("mosaic"),))], OutputOptions(out=Path("o.webp")), Options())
    output.save(painted)
    with Image.open("o.webp") as picture:
        assert (picture.format, picture.size) == ("WEBP", (20, 10))
        assert b"compositeWithTrainedAlgorithmicMedia" in picture.info["xmp"]
