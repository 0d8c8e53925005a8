"""Whole jobs, from blobs to the finished file, on a very small network."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from bot.pictures.decode import SafeDecoder
from tests import PICTURES
from worker.contract import Faces, FailureCode, Film, Format, Kind, Options, Progress, Rendered, RenderJob
from worker.contract.blobs import DictBlobs
from worker.contract.errors import Cancelled, DeadlinePassed, PictureMissing, PictureUnreadable
from worker.gatys.normalise import dead_leaves, normalise
from worker.gatys.vgg import Vgg
from worker.render.paint import FIRST_LOOK, Models, paint


@pytest.fixture(scope="module")
def models() -> Models:
    torch.manual_seed(0)
    net = Vgg((4, 6, 8, 8, 8))
    normalise(net, dead_leaves(64))
    return Models(torch.device("cpu"), networks={"auto": (net, "tiny")})


@pytest.fixture(scope="module")
def door() -> Any:
    with SafeDecoder() as decoder:
        yield decoder


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _noise(height: int, width: int, seed: int) -> Image.Image:
    small = np.random.default_rng(seed).integers(0, 255, (6, 6, 3), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def _job(blobs: DictBlobs, photo: bytes | None = None, **options: Any) -> RenderJob:
    photo = photo or _png(_noise(60, 90, 1))
    styles = (blobs.put(_png(_noise(64, 64, 2))),)
    return RenderJob(id="job-1", photo=blobs.put(photo), styles=styles, options=Options(edge_px=64, **options))


def _painted(models: Models, job: RenderJob, blobs: DictBlobs) -> tuple[Rendered, Image.Image]:
    rendered = paint(job, blobs, models, lambda _: None, lambda: None)
    data = blobs.get(rendered.blob)
    assert data is not None
    return rendered, Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_job_of_each_kind_ends_in_a_picture_that_is_neither_flat_nor_the_photo(models: Models, kind: Kind) -> None:
    blobs = DictBlobs()
    rendered, file = _painted(models, _job(blobs, kind=kind), blobs)
    assert (rendered.id, rendered.backbone, rendered.format) == ("job-1", "tiny", Format.JPEG)
    assert (rendered.width_px, rendered.height_px) == file.size
    assert file.size == ((64, 64) if kind is Kind.TEXTURE else (64, 43))
    assert rendered.iterations > 1
    photo = _noise(60, 90, 1).resize(file.size)
    assert np.abs(np.asarray(file, float) - np.asarray(photo, float)).mean() > 1
    assert np.asarray(file, float).std() > 5


def test_the_same_job_gives_the_same_bytes_and_another_seed_gives_another_picture(models: Models) -> None:
    blobs = DictBlobs()
    first, again, other = (_painted(models, _job(blobs, seed=seed), blobs)[0] for seed in (3, 3, 4))
    assert first.blob == again.blob
    assert first.blob != other.blob
    assert other.seed == 4


@pytest.mark.parametrize("colours", ["luminance", "statistics"])
def test_keeping_the_colours_brings_the_painting_nearer_to_the_photos_colours(models: Models, colours: str) -> None:
    blobs = DictBlobs()
    red = _png(Image.merge("RGB", (_noise(60, 90, 1).getchannel(0), *[Image.new("L", (90, 60), 30)] * 2)))
    means = [
        np.asarray(_painted(models, _job(blobs, red, colours=wish, strength=90), blobs)[1], float).mean((0, 1))
        for wish in ("style", colours)
    ]
    wanted = np.asarray(Image.open(io.BytesIO(red)), float).mean((0, 1))
    free, kept = (np.abs(mean / mean.sum() - wanted / wanted.sum()).sum() for mean in means)
    assert kept < 0.6 * free


def test_a_grey_photo_that_keeps_its_colours_stays_grey(models: Models) -> None:
    blobs = DictBlobs()
    grey = _png(_noise(60, 90, 1).convert("L"))
    _, file = _painted(models, _job(blobs, grey, colours="luminance", format="png"), blobs)
    painting = np.asarray(file, int)
    assert (painting.max(2) - painting.min(2)).max() <= 1


@pytest.mark.parametrize("options", [{}, {"kind": "texture"}, {"init": "noise"}, {"colours": "statistics"}], ids=str)
@pytest.mark.parametrize("file_format", ["jpeg", "png"])
def test_of_a_grey_photo_and_a_grey_style_the_file_is_exactly_grey(
    models: Models, options: dict[str, Any], file_format: str
) -> None:
    blobs = DictBlobs()
    job = _job(blobs, _png(_noise(60, 90, 1).convert("L")), format=file_format, **options)
    job = job.model_copy(update={"styles": (blobs.put(_png(_noise(64, 64, 2).convert("L"))),)})
    painting = np.asarray(_painted(models, job, blobs)[1], int)
    assert painting.std() > 5
    assert (painting.max(2) == painting.min(2)).all()


def test_a_sepia_style_gives_a_grey_photo_no_other_hue(models: Models) -> None:
    blobs = DictBlobs()
    sepia = ImageOps.colorize(_noise(64, 64, 2).convert("L"), "#281808", "#f8e0b0")
    job = _job(blobs, _png(_noise(60, 90, 1).convert("L")), format="png")
    painting = np.asarray(_painted(models, job.model_copy(update={"styles": (blobs.put(_png(sepia)),)}), blobs)[1], int)
    red, green, blue = painting[..., 0], painting[..., 1], painting[..., 2]
    assert (red - blue).mean() > 10
    assert ((red >= green - 2) & (green >= blue - 2)).all()


def test_a_framed_style_is_painted_without_its_frame_and_the_outcome_says_so(models: Models) -> None:
    blobs, style = DictBlobs(), _noise(128, 128, 2)
    job, framed = _job(blobs, format="png"), Image.new("RGB", (168, 168), "white")
    framed.paste(style, (20, 20))
    inside = style.crop((1, 1, 127, 127))
    keys = [blobs.put(_png(picture)) for picture in (framed, inside)]
    (bare, without), (whole, plain) = (
        _painted(models, job.model_copy(update={"styles": (key,)}), blobs)[::-1] for key in keys
    )
    assert (without.unframed, plain.unframed) == (1, 0)
    assert np.abs(np.asarray(bare, float) - np.asarray(whole, float)).mean() < 12


def test_several_styles_with_weights_are_one_painting(models: Models) -> None:
    blobs = DictBlobs()
    job = _job(blobs)
    styles = (*job.styles, blobs.put(_png(_noise(50, 70, 9))))
    shares = {
        weights: _painted(
            models,
            job.model_copy(update={"styles": styles, "options": Options(edge_px=64, weights=weights)}),
            blobs,
        )[0].blob
        for weights in ((1.0, 9.0), (9.0, 1.0))
    }
    assert len(set(shares.values())) == 2


@pytest.mark.parametrize(
    ("code", "error"), [(FailureCode.CANCELLED, Cancelled), (FailureCode.DEADLINE, DeadlinePassed)]
)
def test_a_painting_stops_at_the_next_iteration_when_told_to(
    models: Models, code: FailureCode, error: type[Exception]
) -> None:
    blobs, asked = DictBlobs(), iter([None, None, None, code])
    with pytest.raises(error):
        paint(_job(blobs), blobs, models, lambda _: None, lambda: next(asked))


def test_a_picture_that_is_not_in_the_store_is_missing_and_one_that_is_no_picture_unreadable(models: Models) -> None:
    blobs = DictBlobs()
    for photo, error in (("0" * 64, PictureMissing), (blobs.put(b"no picture"), PictureUnreadable)):
        job = _job(blobs).model_copy(update={"photo": photo})
        with pytest.raises(error):
            paint(job, blobs, models, lambda _: None, lambda: None)


def test_progress_grows_and_shows_the_painting_emerging(models: Models) -> None:
    blobs, seen = DictBlobs(), list[Progress]()
    paint(_job(blobs), blobs, models, seen.append, lambda: None, every_s=0)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    assert seen[-1].remaining_s == pytest.approx(0, abs=0.5)
    assert {progress.stage for progress in seen} == {"64 px"}
    with Image.open(io.BytesIO(blobs.get(seen[5].preview or "") or b"")) as preview:
        assert preview.format == "JPEG"


def test_the_first_look_is_shown_at_once_and_not_before_there_is_something_to_see(models: Models) -> None:
    blobs, seen = DictBlobs(), list[Progress]()
    paint(_job(blobs), blobs, models, seen.append, lambda: None, every_s=1e9)
    assert [progress.preview is not None for progress in seen] == [True]
    assert seen[0].fraction < 0.2
    every = list[Progress]()
    paint(_job(blobs), blobs, models, every.append, lambda: None, every_s=0)
    assert [progress.preview is None for progress in every[: FIRST_LOOK + 1]] == [True] * (FIRST_LOOK - 1) + [False] * 2


def test_the_face_of_a_portrait_is_protected_unless_that_is_turned_off(models: Models, door: SafeDecoder) -> None:
    blobs, photo = DictBlobs(), door.normalise((PICTURES / "hopper.jpg").read_bytes())
    protected, unprotected = (
        _painted(models, _job(blobs, photo, faces=wish), blobs)[0] for wish in (Faces.AUTO, Faces.OFF)
    )
    assert (protected.faces, unprotected.faces) == (1, 0)
    assert protected.blob != unprotected.blob


def _coffee() -> Image.Image:
    return Image.open(PICTURES / "coffee_p3.jpg")


def _saved(picture: Image.Image, file_format: str, **how: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **how)
    return buffer.getvalue()


def _fading() -> Image.Image:
    picture = _coffee()
    picture.putalpha(Image.radial_gradient("L").resize(picture.size).point(lambda value: 255 - value))
    return picture


def _turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return _saved(_coffee(), "JPEG", exif=exif)


FORMATS: dict[str, Callable[[], bytes]] = {
    "wide gamut": (PICTURES / "coffee_p3.jpg").read_bytes,
    "turned by its EXIF": _turned,
    "alpha": lambda: _saved(_fading(), "PNG"),
    "palette with a transparent colour": lambda: _saved(_coffee().quantize(64), "PNG", transparency=3),
    "WebP": lambda: _saved(_coffee(), "WEBP"),
    "WebP with alpha": lambda: _saved(_fading(), "WEBP", lossless=True),
    "animated GIF": lambda: _saved(_coffee(), "GIF", save_all=True, append_images=[_coffee().rotate(9)]),
    "CMYK": lambda: _saved(_coffee().convert("CMYK"), "JPEG"),
    "16-bit grey": lambda: _saved(Image.fromarray(np.asarray(_coffee().convert("L"), np.uint16) * 257), "PNG"),
    "1 bit": lambda: _saved(_coffee().convert("1"), "PNG"),
    "AVIF": lambda: _saved(_coffee(), "AVIF", speed=10),
    "16 megapixels": lambda: _saved(_coffee().resize((4900, 3267)), "JPEG", quality=45),
    "24 x 16": lambda: _saved(_coffee().resize((24, 16)), "PNG"),
    "20 to 1": lambda: _saved(_coffee().resize((640, 32)), "JPEG"),
    "BMP": lambda: _saved(_coffee(), "BMP"),
    "TIFF": lambda: _saved(_coffee(), "TIFF", compression="tiff_lzw"),
}


@pytest.mark.parametrize("made", FORMATS.values(), ids=FORMATS)
def test_every_odd_file_ends_in_a_decent_painting(models: Models, door: SafeDecoder, made: Callable[[], bytes]) -> None:
    blobs = DictBlobs()
    rendered, file = _painted(models, _job(blobs, door.normalise(made())), blobs)
    assert max(file.size) >= 64
    assert rendered.width_px / rendered.height_px == pytest.approx(file.width / file.height, rel=0.05)
    assert np.asarray(file, float).std() > 5


def test_a_film_is_made_beside_the_same_painting(models: Models) -> None:
    blobs = DictBlobs()
    alone, _ = _painted(models, _job(blobs), blobs)
    filmed, picture = _painted(models, _job(blobs, film=Film.MP4), blobs)
    assert alone.film is None
    assert filmed.blob == alone.blob
    film = blobs.get(filmed.film or "")
    assert film
    assert film[4:8] == b"ftyp"
    assert blobs.get(filmed.shown) == film
    again, _ = _painted(models, _job(blobs, film=Film.MP4), blobs)
    assert again.film == filmed.film
    assert picture.size == (64, 43)


@pytest.mark.parametrize("options", [{"kind": Kind.DREAM}, {"kind": Kind.TEXTURE}, {"colours": "luminance"}])
def test_everything_that_is_made_can_be_filmed(models: Models, options: dict[str, Any]) -> None:
    blobs = DictBlobs()
    rendered, _ = _painted(models, _job(blobs, film=Film.GIF, **options), blobs)
    assert (blobs.get(rendered.film or "") or b"").startswith(b"GIF89a")
