"""What is fuzzed: functions of bytes that return when all is well and raise when a promise is broken."""

import io
import warnings
from collections.abc import Callable
from contextlib import suppress

from PIL import Image, ImageCms

from bot.errors import PictureError
from bot.pictures import heic
from bot.pictures.bare import bare_size
from bot.pictures.decode import checked
from bot.pictures.decoder import BROKEN, normalise
from bot.pictures.formats import OPENED, admit
from bot.pictures.limits import Limits
from bot.pictures.urls import check
from bot.platforms.mastodon.html import plain
from bot.posts import Attachment, Author, Media, Mention
from bot.request.read import read
from bot.request.reading import Command, Declined, Ignored, Wanted
from bot.styles.catalogue import Catalogue
from tests.integration.bot.pictures.odd_pictures import chunk, photo, png, saved

LIMITS = Limits()
HOSTS = frozenset({"files.example", "a.media.example"})
CATALOGUE = Catalogue()
AUTHOR = Author(id="1", handle="you@example.org", host="example.org")
PICTURES = tuple(Attachment(Media.IMAGE, f"https://files.example/{n}.png") for n in range(4))


def mention(data: bytes) -> None:
    """HTML from a server -> text -> what is asked for; the first byte says how many pictures are attached."""
    attached = PICTURES[: data[0] % 5] if data else ()
    text = plain(data[1:].decode("utf-8", "surrogateescape" if data[:1] >= b"\x80" else "replace"))
    said = Mention(platform="mastodon", id="1", author=AUTHOR, text=text, attachments=attached)
    reading = read(said, CATALOGUE)
    if not isinstance(reading, Wanted | Declined | Ignored | Command):
        raise AssertionError(f"no reading: {reading!r}")


def gate(data: bytes) -> None:
    """The parent's side of the gate: what it believes of a file, of a decoder's answer and of an address."""
    declared, _, rest = data.partition(b"\n")
    with suppress(PictureError):
        _admitted(admit(data))
    with suppress(PictureError):
        _admitted(admit(rest, declared.decode("latin-1")))
    with suppress(PictureError):
        _carries_nothing(checked(data, LIMITS))
    with suppress(PictureError):
        _leads_outside(data.decode("latin-1"))


def decoder(data: bytes) -> None:
    """The decoder itself, unconfined: whatever comes, a picture or a PictureError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in the decoder's own process
        try:
            picture = normalise(data, LIMITS)
        except PictureError:
            return
    if bare_size(picture) is None:
        raise AssertionError("the picture carries more than pixels")


def _admitted(found: str) -> None:
    if found not in OPENED:
        raise AssertionError(f"admitted as {found}")


def _carries_nothing(picture: bytes) -> None:
    """By Pillow's reading, which is another than ours."""
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as image:
            if max(image.size) > LIMITS.edge_px:
                raise AssertionError(f"believed a picture of {image.size}")
            carried = {*image.info, *(["exif"] if image.getexif() else [])}
    except BROKEN:
        return
    if not carried <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression"}:
        raise AssertionError(f"believed a picture that carries {carried}")


def _leads_outside(url: str) -> None:
    target = check(url, HOSTS, allow_private_hosts=False)
    if (target.scheme, target.port) != (b"https", 443) or target.host.decode() not in HOSTS or b"@" in target.host:
        raise AssertionError(f"let through {url!r}")


TARGETS: dict[str, Callable[[bytes], None]] = {"mention": mention, "gate": gate, "decoder": decoder}
if heic.is_installed():
    TARGETS["heic"] = decoder


def _claiming_much(jpeg: bytes) -> bytes:
    """A decoder's answer that fuzzing found: a bare JPEG whose header claims 65535 x 65535."""
    at = jpeg.index(b"\xff\xc0") + 5
    return b"ok\n" + jpeg[:at] + b"\xff" * 4 + jpeg[at + 4 :]


def _rarer() -> list[bytes]:
    """One of each way in which an accepted format keeps its pixels, and of each thing that is mended."""
    tiffs = {"1": ["group3", "group4", "tiff_ccitt"], "RGB": ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"]}
    blank, seen = Image.new("RGBA", (48, 32)), photo("RGBA")
    jpeg, progressive = saved(photo(), "JPEG"), saved(photo(), "JPEG", progressive=True)
    return [
        saved(photo("P"), "PNG"),
        saved(photo("CMYK"), "JPEG"),
        saved(Image.new("I;16", (48, 32), 60_000), "TIFF"),
        saved(photo("L").convert("F"), "TIFF"),
        saved(photo("CMYK"), "TIFF", compression="tiff_lzw"),
        *(saved(photo(mode), "TIFF", compression=how) for mode, ways in tiffs.items() for how in ways),
        *(saved(photo(mode), "BMP") for mode in ("1", "P", "L", "RGBA")),
        *(saved(blank, kind, save_all=True, append_images=[seen]) for kind in ("GIF", "PNG", "WEBP")),
        jpeg[:-2],
        progressive[:-40],
        png(48, 32, extra=chunk(b"gAMA", (100_000).to_bytes(4, "big")) + chunk(b"cHRM", bytes(range(32)))),
    ]


def _of_phones() -> list[bytes]:
    from tests.integration.bot.pictures.phones import SHAPES, claiming, phone, translucent

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    layers = [translucent(is_premultiplied=each) for each in (False, True)]
    return [*(make() for make in SHAPES.values()), *layers, phone(icc_profile=profile), claiming(97, 64)]


def seeds(name: str) -> list[bytes]:
    """Where a run starts from: one good example of each kind."""
    if name == "heic":
        return _of_phones()
    files = [saved(photo(), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")]
    files += [saved(photo(), "AVIF", speed=10), heic.SAMPLE.read_bytes()]
    if name == "decoder":
        return [*files, *_rarer()]
    if name == "gate":
        answers = [b"ok\n" + file for file in files] + [
            _claiming_much(files[1]),
            b"no broken\n",
            b"no \n",
            b"image/png; x=1\n" + files[0],
        ]
        return [*answers, b"https://files.example/a.png?name=orig", b"https://a.media.example:443/x#y"]
    return [
        b'\x02<p><span class="h-card"><a href="https://x/@bot" class="u-url mention">@<span>bot</span></a></span> '
        b"strength 80 size=1024 keep my colours, 3x texture &amp; seed 7</p>",
        b"\x00<p>help</p>",
        b"\x02<![p><span d#x#br#Aeln>=",  # found by fuzzing: html.parser raised AssertionError
        b"\x01<p>dream of eyes <br>colours: photo</p>",
        "\x02<p>把这张照片画成星夜 强度 80 大小 1024</p>".encode(),
        b"\x00<p>delete</p><p>forget me</p>",
        b"\x03<p>#stylesmith --size 99999999 --steps 1e9 {{7*7}} %n%s &#x202e; &lt;script&gt;</p>",
    ]
