"""HEIC: what phones send, opened by the decoder under the same confinement as every other format."""

import io
import struct
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from bot.errors import PictureError, PictureReason
from bot.pictures import heic
from bot.pictures.bare import bare_size
from bot.pictures.confine import LAYERS
from bot.pictures.decode import SafeDecoder
from bot.pictures.limits import Limits
from tests import PICTURES, ROOT
from tests.fuzz.mutation import mutants
from tests.integration.bot.pictures.odd_pictures import photo, saved
from tests.integration.bot.pictures.test_confine import OTHER, elsewhere

pytest.importorskip("pillow_heif", reason="HEIC needs stylesmith[heic]: pip install pillow-heif")
from tests.integration.bot.pictures.phones import SHAPES, SIZE, claiming, phone, translucent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="HEIC is opened only where seccomp holds")

ORIENTATION = 0x0112


@pytest.fixture(scope="module")
def decoder() -> Iterator[SafeDecoder]:
    with SafeDecoder() as decoder:
        yield decoder


def opened(decoder: SafeDecoder, data: bytes, declared: str = "") -> Image.Image:
    picture = decoder.normalise(data, declared)
    image = Image.open(io.BytesIO(picture))
    assert bare_size(picture) == (image.height, image.width)
    return image.convert("RGB")


def refused(decoder: SafeDecoder, data: bytes, declared: str = "") -> PictureReason:
    with pytest.raises(PictureError) as refusal:
        decoder.normalise(data, declared)
    return refusal.value.reason


def is_like(found: Image.Image, wanted: Image.Image, most: float = 3) -> bool:
    return found.size == wanted.size and max(ImageStat.Stat(ImageChops.difference(found, wanted)).mean) < most


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_opened_in_the_confined_process(decoder: SafeDecoder, shape: str) -> None:
    data = SHAPES[shape]()
    assert is_like(opened(decoder, data), photo(size=SIZE))
    assert decoder.confinement() >= LAYERS - {"network_namespace"}


def test_grey_and_deep_grey_are_opened(decoder: SafeDecoder) -> None:
    assert is_like(opened(decoder, phone(photo("L", SIZE))), photo("L", SIZE).convert("RGB"))


@pytest.mark.parametrize(
    "declared", ["", "image/heic", "image/heif", "image/heic-sequence", "application/octet-stream"]
)
def test_it_is_taken_as_what_servers_call_it(decoder: SafeDecoder, declared: str) -> None:
    assert opened(decoder, phone(), declared).size == SIZE


def test_another_name_is_refused(decoder: SafeDecoder) -> None:
    assert refused(decoder, phone(), "image/jpeg") is PictureReason.MISLABELLED
    assert refused(decoder, saved(photo(), "PNG"), "image/heic") is PictureReason.MISLABELLED


@pytest.mark.parametrize("brand", [b"heix", b"mif1", b"msf1"])
def test_another_brand_comes_first(decoder: SafeDecoder, brand: bytes) -> None:
    data = phone()
    assert opened(decoder, data[:8] + brand + data[12:]).size == SIZE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_once(decoder: SafeDecoder, orientation: int) -> None:
    """The turn is written as boxes and into the EXIF block, as phones do."""
    upright = Image.new("RGB", SIZE, "white")
    upright.paste("red", (0, 0, 32, 32))
    undone = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undone[orientation]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = phone(stored, exif=exif.tobytes())
    assert struct.pack(">HHIH", ORIENTATION, 3, 1, orientation) in data
    assert is_like(opened(decoder, data), upright)


@pytest.mark.parametrize("is_premultiplied", [False, True])
def test_what_is_transparent_is_laid_on_a_ground(decoder: SafeDecoder, is_premultiplied: bool) -> None:
    found = opened(decoder, translucent(is_premultiplied=is_premultiplied))
    assert found.getpixel((4, 4)) == pytest.approx((255, 255, 255), abs=3)
    assert found.getpixel((24, 20)) == pytest.approx((40, 90, 160), abs=6)
    assert found.getpixel((48, 32)) == pytest.approx((147, 172, 207), abs=8)


def test_a_wide_gamut_is_converted_by_profile_and_by_number(decoder: SafeDecoder) -> None:
    with Image.open(PICTURES / "coffee_p3.jpg") as coffee:
        wide = coffee.info["icc_profile"]
    square = Image.new("RGB", SIZE, (200, 60, 60))
    by_profile = opened(decoder, phone(square, icc_profile=wide))
    by_number = opened(decoder, phone(square, color_primaries=12, transfer_characteristics=13))
    untagged = opened(decoder, phone(square, save_nclx_profile=False))
    assert is_like(untagged, square)
    for found in (by_profile, by_number):
        assert found.getpixel((48, 32)) == pytest.approx((219, 37, 48), abs=8)


def test_srgb_by_profile_is_left_alone(decoder: SafeDecoder) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert is_like(opened(decoder, phone(icc_profile=srgb)), photo(size=SIZE))


def test_a_size_that_is_not_wanted_is_refused_before_anything_is_decoded(decoder: SafeDecoder) -> None:
    assert refused(decoder, claiming(8_000, 6_000)) is PictureReason.TOO_MANY_PIXELS
    assert refused(decoder, claiming(60_000, 60_000)) is PictureReason.TOO_MANY_PIXELS
    assert refused(decoder, claiming(2_000, 64)) is PictureReason.TOO_NARROW
    assert refused(decoder, phone(Image.new("RGB", (96, 12), "red"))) is PictureReason.TOO_SMALL


@pytest.mark.parametrize("size", [(64, 32), (97, 64), (640, 480)])
def test_a_size_that_is_a_lie_is_refused(decoder: SafeDecoder, size: tuple[int, int]) -> None:
    assert refused(decoder, claiming(*size)) is PictureReason.BROKEN


def test_a_damaged_file_is_told_to_be_broken(decoder: SafeDecoder) -> None:
    data = phone(tile_size=64)
    for length in (40, len(data) // 2, len(data) - 20):
        assert refused(decoder, data[:length]) is PictureReason.BROKEN
    assert refused(decoder, data.replace(b"hvc1", b"hvc9")) is PictureReason.BROKEN


def test_after_mutated_files_a_good_one_is_opened(decoder: SafeDecoder) -> None:
    for data in mutants([phone(), phone(tile_size=64)], 60, 4):
        try:
            decoder.normalise(data)
        except PictureError:
            continue
    assert decoder.opens_heic()


ABSENT = """
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "_pillow_heif" else real(name, package)
from bot.cli.checks import decoder
from bot.errors import PictureError
from bot.pictures import heic
from bot.pictures.decode import SafeDecoder
from bot.settings import Settings
with SafeDecoder() as gate:
    try:
        gate.normalise(heic.SAMPLE.read_bytes())
    except PictureError as refusal:
        print(refusal.reason.value)
print(*(each.says for each in decoder(Settings()) if each.about == "HEIC"))
"""


def test_without_the_extra_it_is_declined_and_the_doctor_says_how_to_get_it() -> None:
    done = subprocess.run([sys.executable, "-c", ABSENT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("format\ndeclined in words; with `pip install 'stylesmith[heic]'`")


@pytest.mark.parametrize("lacking", [("_MODULE", "_absent"), ("_LEAST_OPTIONS_VERSION", 200)])
def test_a_library_that_cannot_be_told_of_threads_is_not_used(
    monkeypatch: pytest.MonkeyPatch, lacking: tuple[str, object]
) -> None:
    monkeypatch.setattr(heic, *lacking)
    heic.library.cache_clear()
    try:
        with pytest.raises(PictureError) as refusal:
            heic.decoded(phone(), Limits())
    finally:
        heic.library.cache_clear()
    assert refusal.value.reason is PictureReason.FORMAT


WEAK = """
from bot.cli.checks import decoder
from bot.pictures.decode import SafeDecoder
from bot.settings import Settings
with SafeDecoder() as gate:
    gate.check_confinement(weaker_allowed=True)
    print(gate.opens_heic())
print(*(each.says for each in decoder(Settings()) if each.about == "HEIC"))
"""


@OTHER
def test_without_seccomp_it_is_declined_whatever_is_allowed() -> None:
    said = elsewhere(WEAK, STYLESMITH_ALLOW_WEAK_CONFINEMENT="true").stdout
    assert said.startswith("False\ndeclined in words: it is opened only where")


def test_the_doctor_says_that_it_is_opened() -> None:
    program = WEAK.replace("gate.check_confinement(weaker_allowed=True)", "pass")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\nwhat phones send is opened, too, confined by the same\n"
