"""What a worker hands back: pixels and our provenance pass; whatever else there is does not."""

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.pictures.bare import bare_size
from bot.pictures.painted import is_as_asked, is_bare, signed, unsigned
from worker.contract import Format, Kind, Options, Rendered, RenderJob
from worker.render.provenance import encode

KEY = hashlib.sha256(b"").hexdigest()
FORMATS = pytest.mark.parametrize("file_format", list(Format))
PICTURE = Image.linear_gradient("L").convert("RGB").resize((64, 48))


def job(file_format: Format = Format.JPEG, **options: Any) -> RenderJob:
    return RenderJob(id="fake-1-0", photo=KEY, styles=(KEY,), options=Options(format=file_format, seed=7, **options))


def told(width: int = 64, height: int = 48, backbone: str = "lite") -> Rendered:
    return Rendered(
        id="fake-1-0", blob=KEY, format=Format.JPEG, height_px=height, width_px=width, seconds=1, iterations=1,
        backbone=backbone, seed=7,
    )  # fmt: skip


def file(file_format: Format, picture: Image.Image = PICTURE, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, file_format.value, **how)
    return out.getvalue()


@FORMATS
def test_what_our_worker_writes_passes_as_it_is(file_format: Format) -> None:
    wanted = job(file_format, strength=80, weights=(2.0,))
    assert is_bare(encode(PICTURE, wanted.options, "lite"), wanted, told())


@FORMATS
def test_pixels_alone_pass(file_format: Format) -> None:
    assert is_bare(file(file_format), job(file_format), told())


@FORMATS
def test_what_the_bot_signs_is_what_a_worker_would_have_written(file_format: Format) -> None:
    wanted = job(file_format)
    written = encode(PICTURE, wanted.options, "lite")
    assert signed(unsigned(written, wanted, told()), wanted, told()) == written


@FORMATS
def test_the_provenance_of_another_painting_does_not_pass(file_format: Format) -> None:
    assert not is_bare(encode(PICTURE, job(strength=1).options, "lite"), job(file_format), told())


def exif() -> Image.Exif:
    block = Image.Exif()
    block[0x010E] = "secret"
    block.get_ifd(0x8825)[1] = "N"
    return block


def texts() -> PngInfo:
    info = PngInfo()
    info.add_text("Software", "Stylesmith 0.1.0")
    info.add_text("Comment", "secret")
    return info


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


WRITTEN = {form: encode(PICTURE, job(form).options, "lite") for form in Format}
HOSTILE = {
    "EXIF with GPS": file(Format.JPEG, exif=exif()),
    "a comment": file(Format.JPEG, comment=b"secret"),
    "a profile": file(Format.JPEG, icc_profile=b"secret" * 40),
    "XMP of another's": file(Format.JPEG, xmp=b"secret"),
    "something behind a JPEG": WRITTEN[Format.JPEG] + b"PK\x03\x04<script>",
    "something behind a PNG": WRITTEN[Format.PNG] + b"PK\x03\x04<script>",
    "half a JPEG": WRITTEN[Format.JPEG][:-100],
    "half a PNG": WRITTEN[Format.PNG][:-20],
    "a second EXIF block": WRITTEN[Format.JPEG][:20] + b"\xff\xe1\x00\x08secret" + WRITTEN[Format.JPEG][20:],
    "texts": file(Format.PNG, pnginfo=texts()),
    "EXIF in a PNG": file(Format.PNG, exif=exif()),
    "a chunk of one's own": file(Format.PNG)[:33] + chunk(b"seCr", b"secret") + file(Format.PNG)[33:],
    "a text with a wrong sum": file(Format.PNG)[:33] + b"\0\0\0\x02tEXthi\0\0\0\0" + file(Format.PNG)[33:],
    "an animation": file(Format.PNG, save_all=True, append_images=[PICTURE.rotate(180)]),
    "a page": b"<html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "nothing": b"",
    "another format": b"GIF89a" + bytes(64),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_whatever_else_is_in_a_file_is_seen(data: bytes) -> None:
    assert not is_bare(data, job(), told())


def test_a_name_of_a_network_is_no_place_for_a_message() -> None:
    evil = "lite <script>"
    data = encode(PICTURE, job().options, evil)
    assert not is_bare(data, job(), told(backbone=evil))
    ours = signed(file(Format.JPEG), job(), told(backbone=evil))
    assert b"&lt;" not in ours
    assert is_bare(ours, job(), told(backbone=evil))


@pytest.mark.parametrize(
    ("size", "claimed", "photo", "expected"),
    [
        ((512, 384), (512, 384), (1024, 768), True),
        ((512, 384), (384, 512), (1024, 768), False),
        ((384, 512), (384, 512), (1024, 768), False),
        ((512, 512), (512, 512), (1024, 768), False),
        ((513, 385), (513, 385), (1024, 768), True),
        ((2048, 1536), (2048, 1536), (1024, 768), False),
        ((240, 12), (240, 12), (400, 20), True),
        ((64, 48), (64, 48), (64, 48), True),
    ],
)
def test_a_painting_has_the_shape_of_its_photo_and_the_size_that_was_told(
    size: tuple[int, int], claimed: tuple[int, int], photo: tuple[int, int], expected: bool
) -> None:
    painted, shown = (file(Format.PNG, Image.new("RGB", one)) for one in (size, photo))
    assert is_as_asked(painted, job(edge_px=512), told(*claimed), shown) is expected


def test_a_texture_is_no_larger_than_was_asked_for() -> None:
    wanted = RenderJob(id="t", styles=(KEY,), options=Options(kind=Kind.TEXTURE, edge_px=512))
    fits, large = (file(Format.PNG, Image.new("RGB", (edge, edge))) for edge in (512, 1024))
    assert is_as_asked(fits, wanted, told(512, 512), None)
    assert not is_as_asked(large, wanted, told(1024, 1024), None)
    assert bare_size(large) == (1024, 1024)
