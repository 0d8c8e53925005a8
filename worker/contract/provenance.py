"""What a painting's file says of how it was made: the one block beside its pixels, and nothing of the photo."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final
from xml.etree import ElementTree

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


def software() -> str:
    """Name and version, as written into the file."""
    try:
        return f"Stylesmith {version('stylesmith')}"
    except PackageNotFoundError:
        return "Stylesmith"


def xmp(options: Options, backbone: str, program: str) -> bytes:
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
