"""The time-lapse: what is kept while painting, and the film that every platform and browser plays."""

import io
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from worker.contract import Film, Options, Rendered
from worker.contract.errors import Cancelled
from worker.render.film import EDGE_PX, GROWING_S, HELD_S, Reel, film_size

av = pytest.importorskip("av", reason="films need stylesmith[worker]: pip install av")

SECONDS = GROWING_S + HELD_S


def shade(level: float, height: int = 48, width: int = 64) -> Tensor:
    """A grey picture with a dark left half."""
    picture = torch.full((1, 3, height, width), level)
    picture[..., : width // 2] = 0.1
    return picture


def as_is(picture: Tensor) -> Tensor:
    return picture


def reel(kind: Film = Film.MP4, steps: int = 30) -> Reel:
    """A picture that grows lighter."""
    made = Reel(kind)
    for step in range(steps):
        made.add(shade(0.1 + 0.6 * step / steps, 24, 32), as_is)
    return made


def frames_of(film: bytes) -> list[NDArray[np.uint8]]:
    with av.open(io.BytesIO(film), "r") as container:
        return [frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in container.decode(video=0)]


def test_the_film_is_one_that_every_platform_takes() -> None:
    film = reel().film(shade(0.8), lambda: None)
    assert film.index(b"moov") < film.index(b"mdat")
    with av.open(io.BytesIO(film)) as container:
        (stream,) = container.streams
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.profile) == ("h264", "yuv420p", "High")
        assert (context.width, context.height) == (64, 48)
        assert container.streams.video[0].average_rate == Fraction(24)
        assert 6 <= float(Fraction(stream.duration or 0) * Fraction(stream.time_base or 0)) <= 8


def test_the_film_grows_and_is_held_at_the_finished_painting() -> None:
    frames = frames_of(reel().film(shade(0.8), lambda: None))
    lightness = [float(frame[:, 40:].mean()) for frame in frames]
    held = round(24 * HELD_S)
    assert len(frames) == round(24 * SECONDS)
    assert all(later >= earlier - 2 for earlier, later in pairwise(lightness))
    assert lightness[0] < 40
    assert all(abs(light - 0.8 * 255) < 4 for light in lightness[-held:])
    assert all(abs(float(frame[:, :24].mean()) - 0.1 * 255) < 4 for frame in frames)


def test_the_same_painting_has_the_same_film() -> None:
    assert reel().film(shade(0.8), lambda: None) == reel().film(shade(0.8), lambda: None)


def test_a_gif_shows_the_same_where_video_is_not_taken() -> None:
    film = reel(Film.GIF).film(shade(0.8), lambda: None)
    with Image.open(io.BytesIO(film)) as gif:
        assert gif.format == "GIF"
        total_ms = 0
        for number in range(gif.n_frames):  # type: ignore[attr-defined]  # of animated pictures
            gif.seek(number)
            total_ms += gif.info["duration"]
        assert 6000 <= total_ms <= 8000
        last = np.asarray(gif.convert("RGB"))
    assert abs(float(last[:, 40:].mean()) - 0.8 * 255) < 4


@pytest.mark.parametrize(
    ("painting", "film"),
    [
        ((512, 384), (512, 384)),
        ((2048, 1536), (720, 540)),
        ((511, 383), (512, 384)),
        ((333, 1000), (240, 720)),
        ((1280, 64), (720, 240)),
        ((64, 1280), (240, 720)),
        ((20, 20), (32, 32)),
    ],
)
def test_a_film_is_even_and_neither_large_nor_a_strip(painting: tuple[int, int], film: tuple[int, int]) -> None:
    assert film_size(painting) == film
    assert max(film) <= EDGE_PX + 1
    assert max(film) <= 3 * min(film)


def test_a_strip_stands_between_black_bars() -> None:
    strip = Reel(Film.MP4)
    strip.add(torch.ones(1, 3, 32, 640), as_is)
    last = frames_of(strip.film(torch.ones(1, 3, 32, 640), lambda: None))[-1]
    assert last[:60].mean() < 8
    assert last[100:110].mean() > 240


def test_a_long_painting_keeps_few_frames_and_still_begins_at_its_beginning() -> None:
    long = Reel(Film.MP4)
    for step in range(1000):
        long.add(shade(0.1 + 0.7 * step / 1000, 8, 16), as_is)
    assert len(long._frames) <= 201  # what it keeps is what is tried
    assert float(frames_of(long.film(shade(0.8, 32, 64), lambda: None))[0][:, 40:].mean()) < 40


def test_frames_are_finished_as_the_painting_is() -> None:
    made = Reel(Film.MP4)
    made.add(shade(0.2), lambda picture: 1 - picture)
    assert frames_of(made.film(shade(0.8), lambda: None))[0][:, 40:].mean() > 190


def test_whoever_stops_a_job_stops_its_film() -> None:
    def stop() -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        reel().film(shade(0.8), stop)


def test_where_there_is_no_film_nothing_is_said_of_it() -> None:
    """So that an older worker takes a newer bot's job, and an older bot a newer worker's outcome."""
    assert Reel.of(Film.NONE) is None
    assert "film" not in Options().model_dump()
    assert Options(film=Film.MP4).model_dump(mode="json")["film"] == "mp4"
    plain = {"id": "a", "blob": "0" * 64, "format": "jpeg", "height_px": 1, "width_px": 1, "seconds": 1}
    rendered = Rendered.model_validate({**plain, "iterations": 1, "backbone": "lite", "seed": 0})
    assert "film" not in rendered.model_dump()
    assert rendered.shown == "0" * 64
    assert rendered.model_copy(update={"film": "1" * 64}).shown == "1" * 64
