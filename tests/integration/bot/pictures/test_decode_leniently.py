"""Pictures as people have them: what every viewer shows is painted, as it is shown there."""

import io
import math
import random
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from bot.errors import PictureError, PictureReason
from bot.pictures.decode import SafeDecoder
from bot.pictures.early_end import MOST_MISSING
from bot.pictures.limits import Limits
from tests.integration.bot.pictures.odd_pictures import chunk, photo, png, saved


@pytest.fixture(scope="module")
def decoder() -> Iterator[SafeDecoder]:
    with SafeDecoder() as decoder:
        yield decoder


def opened(decoder: SafeDecoder, data: bytes, declared: str = "") -> Image.Image:
    return Image.open(io.BytesIO(decoder.normalise(data, declared)))


def noise(size: tuple[int, int], seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", size, random.Random(seed).randbytes(3 * size[0] * size[1]))


def refusal(decoder: SafeDecoder, data: bytes) -> PictureReason:
    with pytest.raises(PictureError) as refused:
        decoder.normalise(data)
    return refused.value.reason


def difference(first: Image.Image, second: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(first, second)).mean)


# A JPEG that ends early.


@pytest.mark.parametrize("quality", [50, 80, 95])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_without_its_end_marker_is_painted_as_it_is(
    decoder: SafeDecoder, quality: int, progressive: bool
) -> None:
    data = saved(noise((320, 240)), "JPEG", quality=quality, progressive=progressive)
    found = opened(decoder, data[:-2])
    assert found.size == (320, 240)
    assert difference(found, opened(decoder, data)) < 1


def test_rows_that_a_jpeg_lacks_are_cut_off_and_no_grey_bar_is_painted(decoder: SafeDecoder) -> None:
    data = saved(noise((640, 640)), "JPEG", quality=80)
    found = opened(decoder, data[: int(len(data) * 0.95)])
    assert found.width == 640
    assert (1 - MOST_MISSING) * 640 <= found.height < 640
    whole = opened(decoder, data).crop((0, 0, 640, found.height))
    assert difference(found, whole) < 1


def test_a_jpeg_is_refused_from_a_tenth_of_its_height_on(decoder: SafeDecoder) -> None:
    data = saved(noise((640, 1280)), "JPEG", quality=80)
    assert opened(decoder, data[: int(len(data) * 0.92)]).height > 1100
    for share in (0.85, 0.7, 0.45, 0.1):
        assert refusal(decoder, data[: int(len(data) * share)]) is PictureReason.BROKEN


def test_a_turned_jpeg_that_ends_early_is_cut_where_it_was_cut(decoder: SafeDecoder) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(noise((640, 640)), "JPEG", exif=exif)
    found = opened(decoder, data[: int(len(data) * 0.95)])
    assert found.height == 640
    assert found.width < 640


# Animations.


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
@pytest.mark.parametrize("blank", ["white", "black", "navy", "nothing"])
def test_the_first_frame_with_something_in_it_is_painted(decoder: SafeDecoder, kind: str, blank: str) -> None:
    empty = Image.new("RGBA", (48, 32), (9, 9, 9, 0) if blank == "nothing" else blank)
    seen = photo("RGBA")
    film = saved(
        empty, kind, save_all=True, append_images=[empty, seen, Image.new("RGBA", (48, 32), "red")], lossless=True
    )
    assert difference(opened(decoder, film), photo()) < 12


def test_an_animation_that_fades_in_is_painted_once_something_is_to_be_seen(decoder: SafeDecoder) -> None:
    steps = [photo().point(lambda value, share=share: value * share // 100) for share in (0, 2, 4, 60, 100)]
    found = opened(decoder, saved(steps[0], "PNG", save_all=True, append_images=steps[1:]))
    assert difference(found, steps[3]) < 2


def test_a_first_frame_with_something_in_it_stays_the_one(decoder: SafeDecoder) -> None:
    film = saved(photo(), "WEBP", save_all=True, append_images=[Image.new("RGB", (48, 32), "red")], lossless=True)
    assert difference(opened(decoder, film), photo()) < 1


def test_an_animation_of_nothing_is_empty(decoder: SafeDecoder) -> None:
    frames = [Image.new("RGBA", (48, 32), (0, 0, 0, 0)), Image.new("RGBA", (48, 32), (9, 0, 0, 0))]
    assert refusal(decoder, saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])) is PictureReason.EMPTY


# A ground.


def artwork(colour: str | tuple[int, ...], mode: str = "RGBA") -> bytes:
    layer = Image.new("RGBA", (320, 240))
    ImageDraw.Draw(layer).ellipse((60, 40, 260, 200), fill=colour)
    return saved(layer.convert(mode), "PNG")


@pytest.mark.parametrize("colour", ["white", "ivory", "lightyellow", (255, 255, 255, 120)])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_light_artwork_on_nothing_is_laid_on_black(
    decoder: SafeDecoder, colour: str | tuple[int, ...], mode: str
) -> None:
    found = opened(decoder, artwork(colour, mode)).convert("L")
    assert found.getpixel((2, 2)) == 0
    assert ImageStat.Stat(found).stddev[0] > 40


@pytest.mark.parametrize("colour", ["black", "navy", "crimson", "grey", "orange"])
def test_other_artwork_stays_on_white(decoder: SafeDecoder, colour: str) -> None:
    found = opened(decoder, artwork(colour))
    assert found.getpixel((2, 2)) == (255, 255, 255)


def test_a_light_screenshot_with_rounded_corners_stays_on_white(decoder: SafeDecoder) -> None:
    sheet = Image.new("RGBA", (320, 240))
    ImageDraw.Draw(sheet).rounded_rectangle((0, 0, 319, 239), 24, fill="white")
    ImageDraw.Draw(sheet).text((40, 40), "text", fill="black")
    assert opened(decoder, saved(sheet, "PNG")).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("level", [0, 90, 128, 255])
def test_a_blank_sheet_is_empty_in_every_format(decoder: SafeDecoder, level: int) -> None:
    sheet = Image.new("RGB", (64, 48), (level,) * 3)
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "TIFF", "BMP"):
        assert refusal(decoder, saved(sheet, kind)) is PictureReason.EMPTY, kind


# Colours of a PNG.


def flat_with(*chunks: bytes, value: int = 128) -> bytes:
    """A PNG of `value` grey with one orange pixel, and these chunks."""
    rows = (b"\0" + bytes([value]) * 144) * 31 + b"\0" + bytes([255, 128, 0]) + bytes([value]) * 141
    return png(48, 32, rows=rows, extra=b"".join(chunks))


def gamma_chunk(gamma: float) -> bytes:
    return chunk(b"gAMA", round(gamma * 100_000).to_bytes(4, "big"))


def chromaticities(*numbers: float) -> bytes:
    return chunk(b"cHRM", b"".join(round(number * 100_000).to_bytes(4, "big") for number in numbers))


def srgb_level(linear: float) -> float:
    return 255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("gamma", [1.0, 0.7, 0.55556])
def test_a_png_that_tells_its_gamma_is_shown_by_it(decoder: SafeDecoder, gamma: float) -> None:
    found = opened(decoder, flat_with(gamma_chunk(gamma))).getpixel((20, 5))
    assert found == pytest.approx([srgb_level((128 / 255) ** (1 / gamma))] * 3, abs=2)


def test_a_grey_png_that_tells_its_gamma_is_shown_by_it(decoder: SafeDecoder) -> None:
    rows = (b"\0" + bytes([128]) * 24 + bytes(24)) * 32
    found = opened(decoder, png(48, 32, 8, 0, rows, extra=gamma_chunk(1.0))).getpixel((3, 3))
    assert found == pytest.approx([srgb_level(128 / 255)] * 3, abs=2)


@pytest.mark.parametrize("gamma", [0.45455, 0.0, 0.000_01, 21_000.0])
def test_the_usual_gamma_and_nonsense_change_nothing(decoder: SafeDecoder, gamma: float) -> None:
    assert opened(decoder, flat_with(gamma_chunk(gamma))).getpixel((20, 5)) == (128, 128, 128)


def test_a_profile_says_more_than_a_gamma(decoder: SafeDecoder) -> None:
    srgb = chunk(b"sRGB", b"\0")
    assert opened(decoder, flat_with(srgb, gamma_chunk(1.0))).getpixel((20, 5)) == (128, 128, 128)


def test_wider_primaries_make_colours_stronger_and_leave_grey_grey(decoder: SafeDecoder) -> None:
    adobe = chromaticities(0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
    rows = (b"\0" + bytes([60, 160, 60]) * 24 + bytes([128] * 72)) * 32
    found = opened(decoder, png(48, 32, rows=rows, extra=adobe + gamma_chunk(0.45455)))
    red, green, blue = found.getpixel((3, 3))  # type: ignore[misc]  # RGB pixels are tuples
    assert (red < 50, green >= 160, blue < 62) == (True, True, True)
    assert found.getpixel((40, 3)) == pytest.approx((128, 128, 128), abs=2)


@pytest.mark.parametrize("numbers", [(0,) * 8, (0.3, 0.0, 0.6, 0.3, 0.3, 0.6, 0.1, 0.0), (1 / 3,) * 8])
def test_impossible_primaries_change_nothing(decoder: SafeDecoder, numbers: tuple[float, ...]) -> None:
    assert opened(decoder, flat_with(chromaticities(*numbers))).getpixel((20, 5)) == (128, 128, 128)


# Sizes.


def test_a_photo_of_a_new_camera_is_decoded_smaller(decoder: SafeDecoder) -> None:
    large = saved(photo(size=(8192, 5464)), "JPEG", quality=60)
    assert opened(decoder, large).size == (2048, 1366)


def test_a_jpeg_that_has_to_be_held_whole_keeps_the_limit_of_the_others(decoder: SafeDecoder) -> None:
    large = photo(size=(8192, 5464))
    assert refusal(decoder, saved(large, "JPEG", quality=60, progressive=True)) is PictureReason.TOO_MANY_PIXELS
    assert refusal(decoder, saved(large.convert("L"), "PNG")) is PictureReason.TOO_MANY_PIXELS


def test_a_jpeg_of_more_than_120_megapixels_is_refused(decoder: SafeDecoder) -> None:
    jpeg = bytearray(saved(photo(), "JPEG"))
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = (11_000).to_bytes(2, "big") * 2
    assert refusal(decoder, bytes(jpeg)) is PictureReason.TOO_MANY_PIXELS


@pytest.mark.parametrize("size", [(2048, 2048), (990, 1000), (4000, 3000)])
def test_what_is_kept_of_noise_fits_into_redis_two_hundred_times_four(
    decoder: SafeDecoder, size: tuple[int, int]
) -> None:
    kept = decoder.normalise(saved(noise(size), "JPEG", quality=90))
    assert len(kept) <= Limits().kept_bytes
    assert 800 * Limits().kept_bytes <= 768 * 2**20
    assert max(Image.open(io.BytesIO(kept)).size) >= 0.75 * min(2048, max(size))


def test_what_is_kept_of_a_photo_is_of_the_best_quality(decoder: SafeDecoder) -> None:
    waves = Image.new("L", (2048, 1400))
    waves.putdata([round(127 + 60 * math.sin(x / 9) + 60 * math.sin(y / 14)) for y in range(1400) for x in range(2048)])
    found = opened(decoder, saved(waves.convert("RGB"), "PNG"))
    assert difference(found, waves.convert("RGB")) < 1


# What scanners write.


def test_sixteen_bits_of_a_tiff_are_scaled_and_not_clipped(decoder: SafeDecoder) -> None:
    deep = Image.new("I;16", (64, 32))
    deep.putdata([1000 * x for _ in range(32) for x in range(64)])
    grey = opened(decoder, saved(deep, "TIFF"))
    assert [grey.getpixel((x, 5))[0] for x in range(64)] == pytest.approx([x * 1000 / 257 for x in range(64)], abs=1)  # type: ignore[index]  # RGB pixels are tuples


def test_a_tiff_of_fractions_is_scaled(decoder: SafeDecoder) -> None:
    fractions = photo("L").convert("F").point(lambda value: value * (1 / 255))
    assert difference(opened(decoder, saved(fractions, "TIFF")), photo("L").convert("RGB")) < 2


def test_the_first_page_of_a_tiff_is_painted(decoder: SafeDecoder) -> None:
    pages = saved(photo(), "TIFF", save_all=True, append_images=[Image.new("RGB", (48, 32), "red")])
    assert difference(opened(decoder, pages), photo()) < 1
