"""The bot's proof that what a worker calls a film is frames and nothing else."""

import struct
from pathlib import Path

import pytest

from bot.errors import PictureError
from bot.pictures.decode import SafeDecoder
from bot.pictures.fetch import Fetcher
from bot.pictures.film import is_film
from bot.pictures.store import StoredPictures
from tests.films import short_film
from worker.contract import Film, Format, Options, Rendered, RenderJob

pytest.importorskip("av", reason="films need stylesmith[worker]: pip install av")


@pytest.fixture(scope="module")
def mp4() -> bytes:
    return short_film(Film.MP4)


@pytest.fixture(scope="module")
def gif() -> bytes:
    return short_film(Film.GIF)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def with_in_moov(mp4: bytes, more: bytes) -> bytes:
    """With another box at the end of moov, which grows by it."""
    at = mp4.index(b"moov") - 4
    length = struct.unpack_from(">I", mp4, at)[0]
    return mp4[:at] + struct.pack(">I", length + len(more)) + mp4[at + 4 : at + length] + more + mp4[at + length :]


def test_a_film_that_our_worker_makes_is_one(mp4: bytes, gif: bytes) -> None:
    assert is_film(mp4, Film.MP4)
    assert is_film(gif, Film.GIF)
    assert not is_film(mp4, Film.GIF)
    assert not is_film(gif, Film.MP4)
    assert not is_film(mp4, Film.NONE)


@pytest.mark.parametrize("cut", [0, 3, 8, 40, 700, -1])
def test_half_a_film_is_none(mp4: bytes, gif: bytes, cut: int) -> None:
    assert not is_film(mp4[:cut], Film.MP4)
    assert not is_film(gif[:cut], Film.GIF)


def test_nothing_may_stand_beside_the_frames_of_an_mp4(mp4: bytes) -> None:
    message = b"\x06" + b"who and where"
    hidden = struct.pack(">I", len(message)) + message
    mdat = mp4.index(b"mdat") - 4
    length = struct.unpack_from(">I", mp4, mdat)[0]
    grown = mp4[:mdat] + struct.pack(">I", length + len(hidden)) + mp4[mdat + 4 :] + hidden
    for wrong in (
        mp4 + b"\0",
        mp4 + box(b"uuid", b"secret"),
        mp4 + box(b"free", b"secret"),
        with_in_moov(mp4, box(b"free", b"secret")),
        with_in_moov(mp4, box(b"udta", box(b"meta", b"secret"))),
        with_in_moov(mp4, mp4[mp4.index(b"trak") - 4 : mp4.index(b"udta") - 4]),
        mp4.replace(b"VideoHandler", b"It was Ann !"),
        mp4.replace(b"vide", b"soun"),
        mp4.replace(b"avc1\0", b"hvc1\0"),
        mp4.replace(b"ilst", b"Ann!"),
        grown,
    ):
        assert wrong != mp4
        assert not is_film(wrong, Film.MP4)


def test_a_film_is_short_and_of_a_common_size(mp4: bytes) -> None:
    mvhd, entry = mp4.index(b"mvhd") + 4, mp4.rindex(b"avc1", 0, mp4.index(b"avcC")) + 4
    long = mp4[: mvhd + 16] + struct.pack(">I", 31_000) + mp4[mvhd + 20 :]
    wide = mp4[: entry + 24] + struct.pack(">H", 4000) + mp4[entry + 26 :]
    assert not is_film(long, Film.MP4)
    assert not is_film(wide, Film.MP4)


def test_nothing_may_stand_beside_the_frames_of_a_gif(gif: bytes) -> None:
    start = gif.index(b"!\xff\x0bNETSCAPE2.0")
    comment, other = b"!\xfe\x06secret\0", b"!\xff\x0bXMP DataXMPsecret\0"
    for more in (comment, other):
        assert not is_film(gif[:start] + more + gif[start:], Film.GIF)
    assert not is_film(gif + b"\0", Film.GIF)
    assert not is_film(gif[:-1] + b"\0;", Film.GIF)


def test_only_the_film_that_was_asked_for_is_kept(tmp_path: Path, mp4: bytes) -> None:
    with SafeDecoder() as decoder:
        pictures = StoredPictures(tmp_path, Fetcher(()), decoder)
        plain = {"photo": "1" * 64, "styles": ("2" * 64,)}
        job = RenderJob.model_validate({"id": "a", **plain, "options": Options(film=Film.MP4)})
        told = Rendered(
            id="a", blob="3" * 64, format=Format.JPEG, height_px=48, width_px=64, seconds=1, iterations=1,
            backbone="lite", seed=0, film="4" * 64,
        )  # fmt: skip
        assert pictures.read(pictures.take(mp4, job, told)) == mp4
        for wrong, asked in ((mp4 + b"!", job), (mp4, job.model_copy(update={"options": Options()}))):
            with pytest.raises(PictureError):
                pictures.take(wrong, asked, told)
