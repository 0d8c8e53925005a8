"""A judge that cannot find anybody guilty proves nothing."""

import io

import pytest
from PIL import Image, PngImagePlugin

from bot.posts import Visibility
from tests.faults.hostile_worker import SECRET
from tests.faults.observations import pictures
from tests.faults.oracle import Ask, Ours, Verdict, judge
from tests.faults.scenarios.hostile_worker import is_bare_png

UNLISTED, DIRECT = Visibility.UNLISTED, Visibility.DIRECT


def post(
    number: int,
    mention: str = "1",
    media: int = 1,
    seen_by: Visibility = UNLISTED,
    *,
    note: bool = False,
    standing: bool = True,
) -> Ours:
    return Ours(str(number), mention, media, seen_by, 0.0, note=note, standing=standing)


def guilt(verdict: Verdict) -> list[str]:
    return [name for name, ids in vars(verdict).items() if ids]


@pytest.mark.parametrize(
    ("ask", "ours", "guilty"),
    [
        (Ask("1", "ann"), [post(9)], []),
        (Ask("1", "ann"), [], ["lost"]),
        (Ask("1", "ann"), [post(9, media=0, note=True)], ["lost"]),
        (Ask("1", "ann", pictures=True), [post(9, media=0)], ["lost"]),
        (Ask("1", "ann"), [post(9), post(10, media=0)], ["doubled"]),
        (Ask("1", "ann", most=2), [post(9), post(10)], ["doubled"]),
        (Ask("1", "ann", most=2), [post(9, standing=False), post(10)], []),
        (Ask("1", "ann", widest=DIRECT), [post(9)], ["leaked"]),
        (Ask("1", "ann", widest=DIRECT), [post(9, seen_by=DIRECT)], []),
        (Ask("1", "ann", pictures=False), [post(9)], ["leaked"]),
        (Ask("1", "ann", gone=True), [post(9)], ["left"]),
        (Ask("1", "ann", gone=True), [post(9, standing=False)], []),
        (Ask("1", "ann", bare=True), [post(9)], ["left"]),
        (Ask("1", "ann", bare=True), [post(9, media=0)], []),
        (Ask("1", "ann"), [post(9), post(10, mention="nobody's")], ["doubled"]),
    ],
)
def test_each_invariant_is_found_broken_where_it_is(ask: Ask, ours: list[Ours], guilty: list[str]) -> None:
    assert guilt(judge([ask], ours)) == guilty


def test_a_picture_with_more_than_pixels_is_seen() -> None:
    (bare,) = pictures(1, 1)
    assert is_bare_png(bare)
    about, file = PngImagePlugin.PngInfo(), io.BytesIO()
    about.add_text("Comment", SECRET.decode())
    Image.open(io.BytesIO(bare)).save(file, "PNG", pnginfo=about)
    for odd in (file.getvalue(), bare + b"PK", bare[:-3], b"<svg>", bare.replace(b"IDAT", b"IDaT")):
        assert not is_bare_png(odd)
