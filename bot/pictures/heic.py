"""HEIC pictures by libheif, the extra `heic`, called by ctypes so that it starts no thread.

The package's own Python interface lets libde265 start one for each picture, which the decoder's confinement refuses.
Names and numbers: libheif/api/libheif/*.h of libheif 1.21.
"""

import ctypes
from contextlib import ExitStack
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

from PIL import Image

from bot.errors import PictureError, PictureReason
from bot.pictures.gamma import profile_of
from bot.pictures.limits import Limits

MEDIA_TYPE = "image/heic"
SAMPLE = Path(__file__).with_name("sample.heic")
"""A gradient of our own, to see whether HEIC opens here."""

_MODULE = "_pillow_heif"
_LEAST_OPTIONS_VERSION = 8
_NO_THREAD = -1
"""0 is one thread; libde265 starts none for anything below that and decodes where it was called."""
_COLOURS, _RGB, _RGBA, _INTERLEAVED = 1, 10, 11, 10
"""heif_colorspace_RGB, heif_chroma_interleaved_RGB and _RGBA, heif_channel_interleaved."""

_Pointer: TypeAlias = ctypes.c_void_p
_Int, _Byte, _Size = ctypes.c_int, ctypes.c_uint8, ctypes.c_size_t


class _Error(ctypes.Structure):
    _fields_ = (("code", _Int), ("subcode", _Int), ("message", ctypes.c_char_p))


class _SecurityLimits(ctypes.Structure):
    _fields_ = (("version", _Byte), ("max_image_size_pixels", ctypes.c_uint64))


class _ColourConversion(ctypes.Structure):
    _fields_ = (("version", _Byte), ("downsampling", _Int), ("upsampling", _Int), ("only_these", _Byte))


class _Options(ctypes.Structure):
    """heif_decoding_options, up to the last field that is set here; libheif makes it, and it may be longer."""

    _fields_ = (
        ("version", _Byte),
        ("ignore_transformations", _Byte),
        ("progress", _Pointer * 4),
        ("convert_hdr_to_8bit", _Byte),
        ("strict_decoding", _Byte),
        ("decoder_id", ctypes.c_char_p),
        ("colour_conversion", _ColourConversion),
        ("cancel_decoding", _Pointer),
        ("colour_conversion_ext", _Pointer),
        ("ignore_sequence_editlist", _Int),
        ("output_image_nclx_profile", _Pointer),
        ("num_library_threads", _Int),
        ("num_codec_threads", _Int),
    )


class _Primaries(ctypes.Structure):
    """heif_color_profile_nclx: numbers of ITU-T H.273, and the x and y of red, green, blue and white."""

    _fields_ = (("version", _Byte), ("numbers", _Int * 3), ("full_range", _Byte), ("chromaticity", ctypes.c_float * 8))


_CALLS: dict[str, tuple[Any, ...]] = {
    "heif_context_alloc": (_Pointer,),
    "heif_context_free": (None, _Pointer),
    "heif_context_get_security_limits": (ctypes.POINTER(_SecurityLimits), _Pointer),
    "heif_context_set_max_decoding_threads": (None, _Pointer, _Int),
    "heif_context_read_from_memory_without_copy": (_Error, _Pointer, ctypes.c_char_p, _Size, _Pointer),
    "heif_context_get_primary_image_handle": (_Error, _Pointer, ctypes.POINTER(_Pointer)),
    "heif_image_handle_release": (None, _Pointer),
    "heif_image_handle_get_width": (_Int, _Pointer),
    "heif_image_handle_get_height": (_Int, _Pointer),
    "heif_image_handle_has_alpha_channel": (_Int, _Pointer),
    "heif_image_handle_is_premultiplied_alpha": (_Int, _Pointer),
    "heif_image_handle_get_raw_color_profile_size": (_Size, _Pointer),
    "heif_image_handle_get_raw_color_profile": (_Error, _Pointer, ctypes.c_char_p),
    "heif_image_handle_get_nclx_color_profile": (_Error, _Pointer, ctypes.POINTER(ctypes.POINTER(_Primaries))),
    "heif_nclx_color_profile_free": (None, ctypes.POINTER(_Primaries)),
    "heif_decoding_options_alloc": (ctypes.POINTER(_Options),),
    "heif_decoding_options_free": (None, ctypes.POINTER(_Options)),
    "heif_decode_image": (_Error, _Pointer, ctypes.POINTER(_Pointer), _Int, _Int, ctypes.POINTER(_Options)),
    "heif_image_release": (None, _Pointer),
    "heif_image_get_width": (_Int, _Pointer, _Int),
    "heif_image_get_height": (_Int, _Pointer, _Int),
    "heif_image_get_plane_readonly2": (_Pointer, _Pointer, _Int, ctypes.POINTER(_Size)),
}


def is_installed() -> bool:
    """Whether the extra is; nothing of it is loaded."""
    return find_spec(_MODULE) is not None


@cache
def library() -> ctypes.CDLL | None:
    """libheif, found through the extension module; None where it is absent or too old to be told of threads."""
    spec = find_spec(_MODULE)
    try:
        found = ctypes.CDLL(spec.origin if spec else "")
        for name, (result, *arguments) in _CALLS.items():
            call = getattr(found, name)
            call.restype, call.argtypes = result, arguments
        return found if found.heif_decoding_options_alloc().contents.version >= _LEAST_OPTIONS_VERSION else None
    except (OSError, AttributeError):
        return None


def decoded(data: bytes, limits: Limits) -> Image.Image:
    """The file's first picture, RGB or RGBA of 8 bits, upright by its own boxes; its EXIF block is not even read.

    Thumbnails, depth maps and gain maps are passed over. Raises PictureError, and OSError for a damaged file.
    """
    heif = library()
    if heif is None:
        raise PictureError(PictureReason.FORMAT)
    with ExitStack() as held:
        picture = _primary(heif, data, limits, held)
        image = _pixels(heif, picture, limits, held)
        if profile := _profile(heif, picture):
            image.info["icc_profile"] = profile
        return image


def _primary(heif: ctypes.CDLL, data: bytes, limits: Limits, held: ExitStack) -> _Pointer:
    """What is to be shown first, of a size that is wanted by its header."""
    context = heif.heif_context_alloc()
    held.callback(heif.heif_context_free, context)
    heif.heif_context_set_max_decoding_threads(context, 0)
    _check(heif.heif_context_read_from_memory_without_copy(context, data, len(data), None))
    picture = _Pointer()
    _check(heif.heif_context_get_primary_image_handle(context, picture))
    held.callback(heif.heif_image_handle_release, picture)
    limits.check(heif.heif_image_handle_get_height(picture), heif.heif_image_handle_get_width(picture))
    heif.heif_context_get_security_limits(context).contents.max_image_size_pixels = limits.pixels
    return picture


def _pixels(heif: ctypes.CDLL, picture: _Pointer, limits: Limits, held: ExitStack) -> Image.Image:
    layout, mode = (_RGBA, "RGBA") if heif.heif_image_handle_has_alpha_channel(picture) else (_RGB, "RGB")
    options, plain = heif.heif_decoding_options_alloc(), _Pointer()
    held.callback(heif.heif_decoding_options_free, options)
    options.contents.strict_decoding = options.contents.convert_hdr_to_8bit = 1
    options.contents.num_codec_threads = _NO_THREAD
    _check(heif.heif_decode_image(picture, plain, _COLOURS, layout, options))
    held.callback(heif.heif_image_release, plain)
    if mode == "RGBA" and heif.heif_image_handle_is_premultiplied_alpha(picture):
        return _copied(heif, plain, "RGBa", limits).convert("RGBA")
    return _copied(heif, plain, mode, limits)


def _copied(heif: ctypes.CDLL, plain: _Pointer, mode: str, limits: Limits) -> Image.Image:
    """Pillow's own copy; the size that was decoded is checked, too, whatever the header said."""
    width, height = heif.heif_image_get_width(plain, _INTERLEAVED), heif.heif_image_get_height(plain, _INTERLEAVED)
    limits.check(height, width)
    stride = _Size()
    plane = heif.heif_image_get_plane_readonly2(plain, _INTERLEAVED, stride)
    if not plane or stride.value < width * len(mode):
        raise OSError("no pixels")
    rows = (ctypes.c_char * (stride.value * height)).from_address(plane)
    return Image.frombytes(mode, (width, height), rows, "raw", mode, stride.value)


def _profile(heif: ctypes.CDLL, picture: _Pointer) -> bytes | None:
    """The file's ICC profile, or one of the primaries that it names by numbers where these are not sRGB's."""
    length = heif.heif_image_handle_get_raw_color_profile_size(picture)
    if length:
        profile = ctypes.create_string_buffer(length)
        _check(heif.heif_image_handle_get_raw_color_profile(picture, profile))
        return profile.raw
    named = ctypes.POINTER(_Primaries)()
    if heif.heif_image_handle_get_nclx_color_profile(picture, named).code:
        return None
    *colours, white_x, white_y = named.contents.chromaticity
    heif.heif_nclx_color_profile_free(named)
    return profile_of({"chromaticity": (white_x, white_y, *colours)})


def _check(error: _Error) -> None:
    if error.code:
        raise OSError(error.message)
