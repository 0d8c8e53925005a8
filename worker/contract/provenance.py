"""What a painting's file says of how it was made: the one block beside its pixels, and nothing of the photo."""

import struct
import zlib
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from xml.etree import ElementTree

from PIL import Image

from worker.contract import Options

DIGITAL_SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's term for a picture composed of a photo and something a trained model made."""

NAMESPACES: Final = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "stylesmith": "urn:stylesmith:recipe:1",
}

_PNG: Final = b"\x89PNG"
_BEHIND_IHDR: Final = 33
_PNG_XMP_MARK: Final = b"XML:com.adobe.xmp\0\0\0\0\0"
_XMP_MARK: Final = b"http://ns.adobe.com/xap/1.0/\0"
_EXIF_SOFTWARE, _EXIF_IFD, _EXIF_COLOUR_SPACE, _SRGB = 0x0131, 0x8769, 0xA001, 1
"""CIPA DC-008, section 4.6."""


def software() -> str:
    try:
        return f"Stylesmith {version('stylesmith')}"
    except PackageNotFoundError:
        return "Stylesmith"


def signed(pixels: bytes, options: Options, backbone: str, program: str) -> bytes:
    """A PNG or JPEG of bare pixels with the block put in: its recipe, who painted it, and that its colours are sRGB."""
    at = _place(pixels)
    return pixels[:at] + _block(pixels, options, backbone, program) + pixels[at:]


def unsigned(file: bytes, options: Options, backbone: str, program: str) -> bytes:
    """The file without exactly this block; as it is where it has none, or another."""
    at = _place(file)
    return file[:at] + file[at:].removeprefix(_block(file, options, backbone, program))


def _place(file: bytes) -> int:
    """Where the block begins: behind a PNG's IHDR, or behind a JPEG's SOI and the header of JFIF."""
    if file.startswith(_PNG):
        return _BEHIND_IHDR
    return 4 + int.from_bytes(file[4:6], "big") if file[2:4] == b"\xff\xe0" else 2


def _block(file: bytes, options: Options, backbone: str, program: str) -> bytes:
    """Chunks of a PNG, segments of a JPEG."""
    packet = _xmp(options, backbone, program)
    if file.startswith(_PNG):
        text = _chunk(b"tEXt", b"Software\0" + program.encode())
        return _chunk(b"sRGB", b"\0") + text + _chunk(b"iTXt", _PNG_XMP_MARK + packet)
    return _app1(_exif(program)) + _app1(_XMP_MARK + packet)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


def _app1(content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, 0xE1, len(content) + 2) + content


def _exif(program: str) -> bytes:
    exif = Image.Exif()
    exif[_EXIF_SOFTWARE] = program
    exif.get_ifd(_EXIF_IFD)[_EXIF_COLOUR_SPACE] = _SRGB
    return exif.tobytes()


def _xmp(options: Options, backbone: str, program: str) -> bytes:
    """The XMP packet: source type, program, and all that is needed to paint it again from the same pictures."""
    for prefix, uri in NAMESPACES.items():
        ElementTree.register_namespace(prefix, uri)
    meta = ElementTree.Element(_name("x", "xmpmeta"))
    about = {
        _name("rdf", "about"): "",
        _name("xmp", "CreatorTool"): program,
        _name("Iptc4xmpExt", "DigitalSourceType"): DIGITAL_SOURCE_TYPE,
        _name("stylesmith", "backbone"): backbone,
        _name("stylesmith", "seed"): str(options.seed),
        _name("stylesmith", "recipe"): options.model_dump_json(exclude={"film"}),
    }
    rdf = ElementTree.SubElement(meta, _name("rdf", "RDF"))
    ElementTree.SubElement(rdf, _name("rdf", "Description"), about)
    body = ElementTree.tostring(meta, encoding="unicode")
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{body}<?xpacket end="r"?>'.encode()


def _name(prefix: str, tag: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{tag}"
