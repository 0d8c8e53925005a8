"""The finished file: JPEG or PNG in sRGB that says how it was made, and nothing about the photo it was made from."""

import io
from importlib.metadata import PackageNotFoundError, version
from xml.etree import ElementTree

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from worker.contract import Format, Options

DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's term for a picture composed of a photo and something a trained model made."""

NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "stylesmith": "urn:stylesmith:recipe:1",
}
JPEG_QUALITY = 92
PNG_XMP_KEYWORD = "XML:com.adobe.xmp"

_EXIF_SOFTWARE, _EXIF_IFD, _EXIF_COLOUR_SPACE, _SRGB = 0x0131, 0x8769, 0xA001, 1
_PNG_PERCEPTUAL = b"\0"


def software() -> str:
    """Name and version, as written into the file."""
    try:
        return f"Stylesmith {version('stylesmith')}"
    except PackageNotFoundError:
        return "Stylesmith"


def xmp(options: Options, backbone: str) -> bytes:
    """The XMP packet: source type, program, and all that is needed to paint it again from the same pictures."""
    for prefix, uri in NAMESPACES.items():
        ElementTree.register_namespace(prefix, uri)
    meta = ElementTree.Element(_name("x", "xmpmeta"))
    about = {
        _name("rdf", "about"): "",
        _name("xmp", "CreatorTool"): software(),
        _name("Iptc4xmpExt", "DigitalSourceType"): DIGITAL_SOURCE_TYPE,
        _name("stylesmith", "backbone"): backbone,
        _name("stylesmith", "seed"): str(options.seed),
        _name("stylesmith", "recipe"): options.model_dump_json(),
    }
    rdf = ElementTree.SubElement(meta, _name("rdf", "RDF"))
    ElementTree.SubElement(rdf, _name("rdf", "Description"), about)
    body = ElementTree.tostring(meta, encoding="unicode")
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{body}<?xpacket end="r"?>'.encode()


def encode(picture: Image.Image, options: Options, backbone: str) -> bytes:
    """The file to hand over, in `options.format`. The same picture and options give the same bytes."""
    buffer = io.BytesIO()
    packet = xmp(options, backbone)
    # Pillow's encoders copy comments and profiles from `info` unasked; a copy without it has nothing to leak.
    picture = picture.copy()
    picture.info = {}
    if options.format is Format.PNG:
        picture.save(buffer, "PNG", pnginfo=_png_info(packet))
    else:
        exif = _exif().tobytes()
        picture.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4", optimize=True, xmp=packet, exif=exif)
    return buffer.getvalue()


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[_EXIF_SOFTWARE] = software()
    exif.get_ifd(_EXIF_IFD)[_EXIF_COLOUR_SPACE] = _SRGB
    return exif


def _png_info(packet: bytes) -> PngInfo:
    info = PngInfo()
    info.add(b"sRGB", _PNG_PERCEPTUAL)
    info.add_text("Software", software())
    info.add_itxt(PNG_XMP_KEYWORD, packet.decode())
    return info


def _name(prefix: str, tag: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{tag}"
