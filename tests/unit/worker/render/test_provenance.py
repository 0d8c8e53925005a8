"""What the finished file says about itself, read back by parsing it."""

import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from worker.contract import Format, Options
from worker.contract.provenance import DIGITAL_SOURCE_TYPE
from worker.render import provenance

FORMATS = pytest.mark.parametrize("file_format", list(Format))
DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"


def _file(file_format: Format, picture: Image.Image | None = None) -> Image.Image:
    options = Options(format=file_format, seed=7, edge_px=640)
    picture = picture or Image.linear_gradient("L").convert("RGB")
    return Image.open(io.BytesIO(provenance.encode(picture, options, "lite")))


def _description(file: Image.Image) -> dict[str, str]:
    packet: Any = file.info["xmp"] if "xmp" in file.info else file.info["XML:com.adobe.xmp"]
    text = packet.decode() if isinstance(packet, bytes) else str(packet)
    node = ElementTree.fromstring(text[text.index("?>") + 2 : text.rindex("<?")]).find(f".//{DESCRIPTION}")
    assert node is not None
    return {name.split("}")[1]: value for name, value in node.attrib.items()}


@FORMATS
def test_the_file_says_that_it_is_a_composite_with_trained_algorithmic_media(file_format: Format) -> None:
    assert _description(_file(file_format))["DigitalSourceType"] == DIGITAL_SOURCE_TYPE


@FORMATS
def test_the_file_carries_all_that_is_needed_to_paint_it_again(file_format: Format) -> None:
    description = _description(_file(file_format))
    assert (description["seed"], description["backbone"]) == ("7", "lite")
    assert Options.model_validate(json.loads(description["recipe"])).edge_px == 640


def test_a_jpeg_keeps_all_of_its_colour_samples_and_says_srgb() -> None:
    file = _file(Format.JPEG)
    assert file.format == "JPEG"
    assert {sampling[1:3] for sampling in getattr(file, "layer")} == {(1, 1)}  # noqa: B009  # untyped in Pillow
    assert file.getexif().get_ifd(0x8769)[0xA001] == 1
    assert str(file.getexif()[0x0131]).startswith("Stylesmith")


def test_a_png_is_lossless_and_says_srgb() -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    file = _file(Format.PNG, picture)
    assert file.format == "PNG"
    assert file.info["srgb"] == 0
    assert file.info["Software"].startswith("Stylesmith")
    assert file.tobytes() == picture.tobytes()


@FORMATS
def test_nothing_of_the_inputs_metadata_reaches_the_file(file_format: Format) -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    picture.info.update(icc_profile=b"secret profile", exif=b"Exif\0\0secret exif", comment=b"secret", xmp=b"secret")
    options = Options(format=file_format)
    assert b"secret" not in provenance.encode(picture, options, "lite")


@FORMATS
def test_the_same_picture_gives_the_same_bytes(file_format: Format) -> None:
    picture, options = Image.radial_gradient("L").convert("RGB"), Options(format=file_format)
    assert provenance.encode(picture, options, "lite") == provenance.encode(picture, options, "lite")
