"""Bad and odd pictures by the dozen, made by code: what an unkind tester would send, and what must become of each."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageCms, PngImagePlugin

from bot.errors import PictureReason
from bot.pictures import heic

GOOD = "good"

SMALL = PictureReason.TOO_SMALL
NARROW = PictureReason.TOO_NARROW
PIXELS = PictureReason.TOO_MANY_PIXELS
BROKEN = PictureReason.BROKEN
EMPTY = PictureReason.EMPTY
FORMAT = PictureReason.FORMAT
MISLABELLED = PictureReason.MISLABELLED
NOTHING = PictureReason.NOT_A_PICTURE


@dataclass(frozen=True, slots=True)
class Odd:
    """One file, what it is declared as, and the outcomes that are right for it."""

    name: str
    data: bytes = field(repr=False)
    expected: frozenset[str]
    declared: str = ""


def _odd(name: str, data: bytes, *expected: str, declared: str = "") -> Odd:
    return Odd(name, data, frozenset(expected or (GOOD,)), declared)


def photo(mode: str = "RGB", size: tuple[int, int] = (48, 32)) -> Image.Image:
    """A little gradient with something in every channel."""
    ramp = Image.linear_gradient("L").resize(size)
    bands = [ramp, ramp.transpose(Image.Transpose.ROTATE_180), ramp.point(lambda value: 255 - value)]
    return Image.merge("RGB", bands).convert(mode)


def saved(image: Image.Image, file_format: str, **how: object) -> bytes:
    """The image as a file."""
    file = io.BytesIO()
    image.save(file, file_format, **how)
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int,
    height: int,
    depth: int = 8,
    colour: int = 2,
    rows: bytes | None = None,
    *,
    extra: bytes = b"",
    adam7: int = 0,
) -> bytes:
    """A PNG put together by hand; `rows` are the filtered scan lines, else of zeros on the left and ones on the right.

    Colour: 0 grey, 2 RGB, 6 RGBA.
    """
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    if rows is None:
        line = (width * depth * channels + 7) // 8
        rows = (bytes(1 + line // 2) + b"\xff" * (line - line // 2)) * height
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, adam7)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _sizes() -> Iterator[Odd]:
    yield _odd("1x1", png(1, 1), SMALL)
    yield _odd("1x10000", png(1, 10_000), SMALL)
    yield _odd("10000x1", png(10_000, 1), SMALL)
    yield _odd("16x10000", png(16, 10_000), NARROW)
    yield _odd("24x16", png(24, 16))
    yield _odd("320x16, just 20 to 1", png(320, 16))
    yield _odd("336x16, 21 to 1", png(336, 16), NARROW)
    yield _odd("20000x20000 of 1 bit", png(20_000, 20_000, 1, 0), PIXELS)
    yield _odd("13000x13000 of 1 bit", png(13_000, 13_000, 1, 0), PIXELS)
    yield _odd("16385x2000 of 1 bit", png(16_385, 2_000, 1, 0), PIXELS)
    yield _odd("2e9 x 2e9", png(2_000_000_000, 2_000_000_000, 1, 0, b""), PIXELS, BROKEN)
    yield _odd("no width", png(0, 20, rows=b""), BROKEN, SMALL)
    yield _odd("39 Mpx RGBA", png(6_300, 6_300, 8, 6))
    yield _odd("39 Mpx grey of 16 bits", png(6_300, 6_300, 16, 0))
    yield _odd("36 Mpx CMYK JPEG", saved(Image.new("CMYK", (6_000, 6_000), (9, 99, 50, 0)), "JPEG"))


def _texts() -> Iterator[Odd]:
    yield _odd("no bytes", b"", NOTHING)
    yield _odd("one byte", b"\xff", NOTHING)
    yield _odd("text", b"Not Found\n", NOTHING, declared="image/jpeg")
    yield _odd("HTML as PNG", b"<!doctype html><title>Login</title>" * 99, NOTHING, declared="image/png")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script><image href="http://169.254.169.254/"/></svg>'
    yield _odd("SVG with script", svg, FORMAT)


def _frames() -> Iterator[Odd]:
    frames = [photo("P").point(lambda value, n=n: (value + n) % 256) for n in range(300)]
    gif = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    yield _odd("GIF of 300 frames", gif)
    yield _odd("GIF named PNG", gif, MISLABELLED, declared="image/png")
    colours = [Image.new("RGB", (48, 32), colour) for colour in ("red", "green", "blue")]
    yield _odd("APNG", saved(colours[0], "PNG", save_all=True, append_images=colours[1:]))
    yield _odd("animated WebP", saved(colours[0], "WEBP", save_all=True, append_images=colours[1:]))
    yield _odd("animated AVIF", saved(colours[0], "AVIF", save_all=True, append_images=colours[1:], speed=10))
    yield _odd("MPO", saved(photo(), "MPO", save_all=True, append_images=colours[1:]))


def _modes() -> Iterator[Odd]:
    yield _odd("palette with transparency", saved(photo("P"), "PNG", transparency=bytes(range(256))))
    yield _odd("1 bit", saved(photo("1"), "PNG"))
    yield _odd("grey with alpha", saved(photo("LA"), "PNG"))
    yield _odd("wholly transparent", saved(Image.new("RGBA", (48, 32), (255, 0, 0, 0)), "PNG"), EMPTY)
    yield _odd("RGB with one transparent colour", saved(photo(), "PNG", transparency=(0, 255, 255)))
    yield _odd("16 colours", saved(photo().quantize(16), "PNG", bits=4))
    yield _odd("Adobe CMYK", saved(photo("CMYK"), "JPEG"))
    yield _odd("grey JPEG", saved(photo("L"), "JPEG"))
    yield _odd("16-bit grey", png(48, 32, 16, 0))
    yield _odd("16-bit RGB", png(48, 32, 16, 2))
    yield _odd("16-bit RGBA", png(48, 32, 16, 6))
    yield _odd("progressive JPEG", saved(photo(), "JPEG", progressive=True))
    yield _odd("WebP without loss, with alpha", saved(photo("RGBA"), "WEBP", lossless=True))
    yield _odd("WebP of nothing but alpha", saved(Image.new("RGBA", (48, 32), (0, 0, 0, 80)), "WEBP"), EMPTY)
    passes = [(6, 4), (6, 4), (12, 4), (12, 8), (24, 8), (24, 16), (48, 16)]
    interlaced = b"".join(
        (bytes(1 + 3 * (width // 2)) + b"\xff" * 3 * (width - width // 2)) * height for width, height in passes
    )
    yield _odd("interlaced PNG", png(48, 32, rows=interlaced, adam7=1))


def _damaged() -> Iterator[Odd]:
    jpeg, ping, webp = (saved(photo(size=(200, 160)), kind) for kind in ("JPEG", "PNG", "WEBP"))
    for kind, whole in (("JPEG", jpeg), ("PNG", ping), ("WebP", webp)):
        yield _odd(f"{kind} cut at 20 bytes", whole[:20], BROKEN)
        yield _odd(f"half a {kind}", whole[: len(whole) // 2], BROKEN)
    yield _odd("PNG with a wrong checksum in IHDR", ping[:29] + b"\0\0\0\0" + ping[33:], BROKEN)
    data = ping.index(b"IDAT") + 30
    yield _odd("PNG with a wrong byte in IDAT", ping[:data] + bytes([ping[data] ^ 255]) + ping[data + 1 :], BROKEN)
    start = jpeg.index(b"\xff\xc0")
    yield _odd("JPEG that claims 12 bits", jpeg[: start + 4] + b"\x0c" + jpeg[start + 5 :], BROKEN)
    yield _odd("JPEG that claims arithmetic coding", jpeg[: start + 1] + b"\xc9" + jpeg[start + 2 :], BROKEN, GOOD)
    yield _odd("JPEG with two beginnings", b"\xff\xd8" + jpeg, BROKEN, GOOD)
    restarts = saved(photo(size=(200, 160)), "JPEG", restart_marker_blocks=4)
    yield _odd("JPEG with wrong restart markers", restarts.replace(b"\xff\xd1", b"\xff\xd5"), BROKEN, GOOD)
    yield _odd("JPEG without tables", jpeg.replace(b"\xff\xc4", b"\xff\xfe"), BROKEN, GOOD)
    phone = b"\x89PNG\r\n\x1a\n" + chunk(b"CgBI", b"\x50\0\x20\x06") + ping[8:]
    yield _odd("iPhone's own PNG", phone, BROKEN, GOOD)
    riff = bytearray(webp)
    riff[4:8] = b"\xff\xff\xff\xff"
    yield _odd("WebP that claims 4 GiB", bytes(riff), BROKEN)
    vp8x = b"VP8X" + struct.pack("<I", 10) + bytes([0x2C, 0, 0, 0, 199, 0, 0, 159, 0, 0])
    unordered = b"EXIF\x04\0\0\0abcd" + vp8x + b"ICCP\x04\0\0\0abcd" + webp[12:]
    shuffled = b"RIFF" + struct.pack("<I", len(unordered) + 4) + b"WEBP" + unordered
    yield _odd("WebP with its chunks out of order", shuffled, BROKEN, GOOD)


def _ending_early() -> Iterator[Odd]:
    """Cut at the end: whole as every viewer shows it, or too much of it is missing."""
    whole = {
        "JPEG": saved(photo(size=(200, 160)), "JPEG"),
        "grey JPEG": saved(photo("L", size=(200, 160)), "JPEG"),
        "CMYK JPEG": saved(photo("CMYK", size=(200, 160)), "JPEG"),
        "JPEG of quality 95": saved(photo(size=(200, 160)), "JPEG", quality=95, subsampling="4:4:4"),
        "JPEG with restart markers": saved(photo(size=(200, 160)), "JPEG", restart_marker_blocks=4),
        "large JPEG": saved(photo(size=(4500, 3000)), "JPEG"),
    }
    for kind, data in whole.items():
        yield _odd(f"{kind} without its end marker", data[:-2])
        yield _odd(f"{kind} with half an end marker", data[:-1])
        yield _odd(f"{kind} cut at 97%", data[: int(len(data) * 0.97)])
        yield _odd(f"{kind} cut at 45%", data[: int(len(data) * 0.45)], BROKEN)
        yield _odd(f"{kind} cut at 70%", data[: int(len(data) * 0.7)], BROKEN)
    progressive = saved(photo(size=(200, 160)), "JPEG", progressive=True)
    yield _odd("progressive JPEG without its end marker", progressive[:-2])
    yield _odd("progressive JPEG cut at 98%", progressive[: int(len(progressive) * 0.98)])
    yield _odd("progressive JPEG cut at 45%", progressive[: int(len(progressive) * 0.45)], BROKEN)
    sheet = Image.new("RGB", (200, 160), (128, 128, 128))
    sheet.paste(photo(size=(200, 60)), (0, 0))
    yield _odd("JPEG that ends in grey, without its end marker", saved(sheet, "JPEG")[:-2])
    yield _odd("GIF without its trailer", saved(photo("P"), "GIF")[:-1])
    yield _odd("PNG without its last chunk", saved(photo(size=(200, 160)), "PNG")[:-12], GOOD)
    yield _odd("PNG without its last checksum", saved(photo(size=(200, 160)), "PNG")[:-4], GOOD)


def _branded() -> Iterator[Odd]:
    """AVIF files under every brand that one may have; the same pictures under names that mean something else."""
    avif = saved(photo(), "AVIF", speed=10)
    length = int.from_bytes(avif[:4], "big")
    for major, others in (
        (b"avif", b"mif1miafMA1B"),
        (b"avis", b"avifmsf1miafMA1B"),
        (b"mif1", b"avifmiafMA1B"),
        (b"miaf", b"mif1avif"),
        (b"MA1B", b"mif1miafavif"),
        (b"MA1A", b"miafMA1A"),
        (b"mif1", b"mif1miaf"),
        (b"msf1", b"avif"),
        (b"avio", b"avifmif1"),
        (b"mif2", b"avif"),
    ):
        head = (16 + len(others)).to_bytes(4, "big") + b"ftyp" + major + bytes(4) + others
        moved = avif if len(head) == length else b""
        box = head.ljust(length, b" ") if len(head) < length else b""
        data = head + moved[length:] if moved else (length.to_bytes(4, "big") + box[4:] + avif[length:] if box else b"")
        yield _odd(f"AVIF as {major.decode()} and {others.decode()}", data)
    yield _odd(
        "a film that holds AV1", avif[:8] + b"isom" + bytes(4) + b"iso2" * ((length - 16) // 4) + avif[length:], FORMAT
    )
    empty = b"\0\0\0\x18ftypmif1\0\0\0\0heicmiaf" + bytes(200)
    yield _odd("HEIC by a compatible brand, empty", empty, BROKEN if heic.is_installed() else FORMAT)


def _sixteen_bits() -> Image.Image:
    return photo("L").convert("I").point(lambda value: value * 257).convert("I;16")


def _scanned() -> Iterator[Odd]:
    """TIFF and BMP in the ways that scanners and painting programs write them."""
    ways = {
        "1": ["raw", "group3", "group4", "tiff_ccitt", "packbits"],
        "L": ["raw", "tiff_lzw", "tiff_adobe_deflate"],
        "P": ["raw", "tiff_lzw"],
        "RGB": ["raw", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits", "jpeg"],
        "RGBA": ["raw", "tiff_lzw"],
        "CMYK": ["raw", "tiff_lzw"],
        "I;16": ["raw", "tiff_lzw"],
    }
    for mode, compressions in ways.items():
        for compression in compressions:
            picture = _sixteen_bits() if mode == "I;16" else photo(mode)
            yield _odd(f"TIFF, {mode}, {compression}", saved(picture, "TIFF", compression=compression))
    yield _odd("TIFF of fractions", saved(photo("L").convert("F").point(lambda value: value * (1 / 255)), "TIFF"))
    yield _odd("TIFF of two pages", saved(photo(), "TIFF", save_all=True, append_images=[photo("L")]))
    yield _odd("BigTIFF", saved(photo(), "TIFF", big_tiff=True))
    yield _odd("TIFF called image/tif", saved(photo(), "TIFF"), declared="image/tif")
    plain, tag = saved(photo(), "TIFF"), struct.pack("<HHIHH", 259, 3, 1, 1, 0)
    for name, number in (("old JPEG", 6), ("a logarithm", 34_676), ("WebP", 50_001), ("something new", 60_000)):
        other = plain.replace(tag, struct.pack("<HHIHH", 259, 3, 1, number, 0))
        yield _odd(f"TIFF that holds {name}", other, FORMAT, BROKEN)
    yield _odd("half a TIFF", saved(photo(), "TIFF", compression="tiff_lzw")[:900], BROKEN)
    for mode in ("1", "P", "L", "RGB", "RGBA"):
        yield _odd(f"BMP, {mode}", saved(photo(mode), "BMP"))
    yield _odd("BMP called image/x-ms-bmp", saved(photo(), "BMP"), declared="image/x-ms-bmp")
    yield _odd("half a BMP", saved(photo(size=(200, 160)), "BMP")[:9000], BROKEN)
    bomb = bytearray(saved(photo(), "BMP"))
    bomb[18:26] = struct.pack("<ii", 20_000, 20_000)
    yield _odd("BMP that claims 400 Mpx", bytes(bomb), PIXELS)


def _turned() -> Iterator[Odd]:
    for orientation in (*range(10), 99):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield _odd(f"EXIF orientation {orientation}", saved(photo(), "JPEG", exif=exif))
    loop = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x0112, 3, 1, 6) + b"\x08\0\0\0"
    yield _odd("EXIF directory that names itself as the next", saved(photo(), "JPEG", exif=loop))
    wild = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 65_535) + struct.pack("<HHII", 0x0112, 12, 2**31, 2**31) * 9
    yield _odd("EXIF with wild counts and offsets", saved(photo(), "JPEG", exif=wild))


def _laden() -> Iterator[Odd]:
    exif = Image.Exif()
    exif[0x010F], exif[0x927C] = "SecretCamera", b"maker" * 100
    exif.get_ifd(0x8825)[2] = (48.0, 30.0, 0.0)
    yield _odd("GPS and maker notes", saved(photo(), "JPEG", exif=exif))
    yield _odd("60 kB of XMP", saved(photo(), "JPEG", xmp=b"<x:xmpmeta>" + b"SecretPlace " * 5_000))
    texts = PngImagePlugin.PngInfo()
    for n in range(100):
        texts.add_text(f"note{n}", "SecretPlace" * 1_000)
    yield _odd("100 texts", saved(photo(), "PNG", pnginfo=texts))
    bomb = zlib.compress(bytes(50_000_000))
    yield _odd("compressed text of 50 MB", png(48, 32, extra=chunk(b"zTXt", b"a\0\0" + bomb)), BROKEN, GOOD)
    yield _odd("profile of 50 MB", png(48, 32, extra=chunk(b"iCCP", b"a\0\0" + bomb)), BROKEN, GOOD)


def _profiles() -> Iterator[Odd]:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield _odd("sRGB profile", saved(photo(), "JPEG", icc_profile=srgb))
    yield _odd("LAB profile on grey", saved(photo("L"), "JPEG", icc_profile=lab))
    yield _odd("RGB profile on CMYK", saved(photo("CMYK"), "JPEG", icc_profile=srgb))
    yield _odd("garbage as profile", saved(photo(), "JPEG", icc_profile=b"garbage" * 999))
    yield _odd("cut profile", saved(photo(), "WEBP", icc_profile=srgb[:150]))


def _two_faced() -> Iterator[Odd]:
    jpeg = saved(photo(), "JPEG")
    for name, tail in (
        ("ZIP", b"PK\x03\x04SecretPlace"),
        ("PHP", b"<?php SecretPlace ?>"),
        ("PDF", b"%PDF-1.7 SecretPlace"),
    ):
        yield _odd(f"JPEG that is a {name} too", jpeg + tail)
    yield _odd("PNG named JPEG", saved(photo(), "PNG"), MISLABELLED, declared="image/jpeg")
    yield _odd("JPEG called image/jpg", jpeg, declared="IMAGE/JPG; charset=binary")
    yield _odd("JPEG called SVG", jpeg, MISLABELLED, declared="image/svg+xml")
    yield _odd("JPEG called nothing in particular", jpeg, declared="application/octet-stream")


def _foreign() -> Iterator[Odd]:
    yield _odd("AVIF", saved(photo(), "AVIF", speed=10))
    yield _odd("half an AVIF", saved(photo(size=(200, 160)), "AVIF", speed=10)[:400], BROKEN)
    for kind in ("ICO", "JPEG2000", "EPS", "PDF"):
        yield _odd(kind, saved(photo(), kind), FORMAT)
    for name, head in (
        ("JPEG XL", b"\xff\x0a\xfa\x7f"),
        ("PSD", b"8BPS\0\x01" + bytes(20)),
        ("FITS", b"SIMPLE  =                    T"),
        ("a film", b"\0\0\0\x18ftypisom\0\0\x02\0"),
    ):
        yield _odd(name, head + bytes(200), FORMAT)


def _film(*colours: str) -> bytes:
    first, *others = (Image.new("RGB", (48, 32), colour) for colour in colours)
    for number, frame in enumerate((first, *others)):
        frame.putpixel((number, 0), (254, 254, 254) if colours[number] == "white" else (1, 1, 1))
    return saved(first, "GIF", save_all=True, append_images=others)


def _flat() -> Iterator[Odd]:
    yield _odd("all black", saved(Image.new("RGB", (64, 64)), "PNG"), EMPTY)
    yield _odd("all white", saved(Image.new("RGB", (64, 64), "white"), "JPEG"), EMPTY)
    yield _odd("all grey, as CMYK", saved(Image.new("CMYK", (64, 64), (0, 0, 0, 90)), "JPEG"), EMPTY)
    yield _odd("a white sheet of 16 bits", saved(Image.new("I;16", (64, 64), 65_535), "PNG"), EMPTY)
    yield _odd("a white sheet, as GIF of three frames", _film("white", "white", "white"), EMPTY)
    yield _odd("one colour", saved(Image.new("RGB", (64, 64), (200, 160, 20)), "PNG"))
    dot = Image.new("RGB", (640, 640), "white")
    dot.putpixel((9, 9), (0, 0, 0))
    yield _odd("one dot", saved(dot, "PNG"))
    yield _odd("noise", saved(Image.effect_noise((64, 64), 90), "PNG"))


FAMILIES: dict[str, Callable[[], Iterator[Odd]]] = {
    "sizes": _sizes,
    "texts": _texts,
    "frames": _frames,
    "modes": _modes,
    "damaged": _damaged,
    "ending early": _ending_early,
    "branded": _branded,
    "scanned": _scanned,
    "turned": _turned,
    "laden": _laden,
    "profiles": _profiles,
    "two-faced": _two_faced,
    "foreign": _foreign,
    "flat": _flat,
}
"""Made only when asked for: some of them are large."""
