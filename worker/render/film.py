"""A time-lapse: small frames kept while a picture is painted, and the short silent film that they become."""

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from worker.contract import Film
from worker.render import pixels

EDGE_PX: Final = 720
"""Longest side of a film; smaller paintings are shown as they are."""
GROWING_S: Final = 5.2
HELD_S: Final = 1.8
"""Seconds for which it grows, and for which the finished painting is held."""
LINGER: Final = 1.5
"""Power by which it lingers on the first iterations, where most of what the eye sees happens; 1 is even."""

_MOST_FRAMES: Final = 200
_FPS: Final = {Film.MP4: 24, Film.GIF: 10}
_GIF_EDGE_PX: Final = 360
_GIF_COLOURS: Final = 128
_WIDEST: Final = 3.0
"""Long side over short side of the longest film that X takes (docs.x.com, media best practices)."""
_SMALLEST_PX: Final = 32
_CRF: Final = "21"
_WITHOUT_MESSAGES: Final = "filter_units=remove_types=6"
"""Without SEI messages, in which x264 would tell its settings: the bot takes frames and nothing else."""
_BT709: Final = 1
_LIMITED: Final = 1

Picture = NDArray[np.uint8]


class Reel:
    """Frames of one painting, oldest first. A long painting keeps every second one, then every fourth, and so on."""

    def __init__(self, kind: Film) -> None:
        self._kind = kind
        self._frames: list[bytes] = []
        self._every = 1
        self._seen = 0

    @classmethod
    def of(cls, kind: Film) -> Self | None:
        """A new one, where a film is asked for."""
        return None if kind is Film.NONE else cls(kind)

    def add(self, image: Tensor, finish: Callable[[Tensor], Tensor]) -> None:
        """The painting as it is now, to be finished as it will be at the end: RGB, 1x3xHxW, sRGB in [0, 1]."""
        if self._seen % self._every == 0:
            self._frames.append(_packed(finish(pixels.shrunk(image.detach().float(), EDGE_PX)), "JPEG"))
        self._seen += 1
        if len(self._frames) > _MOST_FRAMES:
            self._frames, self._every = self._frames[::2], 2 * self._every

    def film(self, painting: Tensor, beat: Callable[[], None]) -> bytes:
        """The film, ending with the finished `painting`; `beat` is called for each of its frames."""
        frames = [*self._frames, _packed(pixels.shrunk(painting.detach().float(), EDGE_PX), "PNG")]
        size = film_size(pixels.to_pillow(painting).size, _GIF_EDGE_PX if self._kind is Film.GIF else EDGE_PX)
        shown = _beating(_played(frames, size, _FPS[self._kind]), beat)
        return _gif(shown) if self._kind is Film.GIF else _mp4(shown, size)


def film_size(painting: tuple[int, int], edge_px: int = EDGE_PX) -> tuple[int, int]:
    """(width, height) of the film of a painting of (width, height): even, as H.264 with 4:2:0 needs, no strip."""
    scale = min(1.0, edge_px / max(painting))
    width, height = (max(_SMALLEST_PX, round(side * scale)) for side in painting)
    width, height = max(width, round(height / _WIDEST)), max(height, round(width / _WIDEST))
    return width + width % 2, height + height % 2


def _packed(image: Tensor, form: str) -> bytes:
    """A frame as it is kept; pictures of a whole painting would be a hundred megabytes."""
    buffer = io.BytesIO()
    pixels.to_pillow(image).save(
        buffer, form, **({"quality": 92, "subsampling": 0} if form == "JPEG" else {"compress_level": 1})
    )
    return buffer.getvalue()


def _played(frames: Sequence[bytes], size: tuple[int, int], fps: int) -> Iterator[Picture]:
    """Every frame of the film: between two that were kept, a blend of both."""
    growing, held = round(GROWING_S * fps), round(HELD_S * fps)
    at, here, there = -1, _unpacked(frames[0], size), _unpacked(frames[0], size)
    for number in range(growing):
        place = (number / (growing - 1)) ** LINGER * (len(frames) - 1)
        if int(place) != at:
            at = int(place)
            here, there = _unpacked(frames[at], size), _unpacked(frames[min(at + 1, len(frames) - 1)], size)
        share = place - at
        yield ((1 - share) * here + share * there).round().astype(np.uint8)
    last = _unpacked(frames[-1], size).round().astype(np.uint8)
    for _ in range(held):
        yield last


def _unpacked(frame: bytes, size: tuple[int, int]) -> NDArray[np.float32]:
    """A frame at the film's size; what is missing of its ratio is black."""
    with Image.open(io.BytesIO(frame), formats=("JPEG", "PNG")) as picture:
        scale = min(side / own for side, own in zip(size, picture.size, strict=True))
        fitted = (min(size[0], round(picture.width * scale)), min(size[1], round(picture.height * scale)))
        if max(abs(side - own) for side, own in zip(size, fitted, strict=True)) <= 1:
            fitted = size  # a pixel for evenness is stretched, not left black
        shown = picture.convert("RGB").resize(fitted, Image.Resampling.BICUBIC)
    if fitted == size:
        return np.asarray(shown, dtype=np.float32)
    whole = Image.new("RGB", size)
    whole.paste(shown, ((size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2))
    return np.asarray(whole, dtype=np.float32)


def _beating(frames: Iterator[Picture], beat: Callable[[], None]) -> Iterator[Picture]:
    for frame in frames:
        beat()
        yield frame


def _yuv420p(picture: Picture) -> Picture:
    """A frame's luma and halved chroma by BT.709 in limited range, plane after plane as PyAV takes them.

    swscale rounds by where in memory a frame happens to lie, and the same painting would not have the same film.
    """
    red, green, blue = (picture[..., n].astype(np.float32) for n in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    planes = [16 + 219 / 255 * luma]
    for colour, span in ((blue, 1.8556), (red, 1.5748)):
        difference = (colour - luma) / span
        quarter = difference[::2, ::2] + difference[1::2, ::2] + difference[::2, 1::2] + difference[1::2, 1::2]
        planes.append(128 + 224 / 255 / 4 * quarter)
    flat = np.concatenate([plane.round().astype(np.uint8).ravel() for plane in planes])
    return flat.reshape(-1, picture.shape[1])


def _mp4(frames: Iterator[Picture], size: tuple[int, int]) -> bytes:
    """H.264 with 4:2:0 as every browser and platform plays it, its index in front, and nothing beside its frames."""
    import av  # noqa: PLC0415  # a hundred megabytes of libraries, for films alone

    with tempfile.TemporaryDirectory(prefix="stylesmith-film-") as folder:
        path = Path(folder) / "film.mp4"  # a file, because the index is moved to the front at the end
        with av.open(str(path), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
            options = {"crf": _CRF, "profile": "high", **_without_avx512()}
            stream = container.add_stream("libx264", rate=_FPS[Film.MP4], options=options)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            context = stream.codec_context
            context.thread_count = 1  # what x264 writes depends on how many threads it has, and so on the machine
            context.color_range, context.colorspace = _LIMITED, _BT709
            context.color_primaries, context.color_trc = _BT709, _BT709
            bare = av.bitstream.BitStreamFilterContext(_WITHOUT_MESSAGES, stream)
            for picture in frames:
                for packet in stream.encode(av.VideoFrame.from_ndarray(_yuv420p(picture), format="yuv420p")):
                    container.mux(bare.filter(packet))
            for packet in stream.encode():
                container.mux(bare.filter(packet))
            container.mux(bare.filter(None))
        return path.read_bytes()


def _without_avx512() -> dict[str, str]:
    """Options for x264: with its AVX-512 one film in a hundred came out otherwise on a busy virtual machine."""
    return {"x264-params": "asm=avx2"} if torch.backends.cpu.get_cpu_capability() in {"AVX2", "AVX512"} else {}


def _gif(frames: Iterator[Picture]) -> bytes:
    """For where video is not taken: the colours are those of the finished painting."""
    pictures = [Image.fromarray(frame) for frame in frames]
    palette = pictures[-1].quantize(_GIF_COLOURS)
    drawn = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    buffer = io.BytesIO()
    drawn[0].save(
        buffer, "GIF", save_all=True, append_images=drawn[1:], duration=1000 // _FPS[Film.GIF], loop=0, optimize=False
    )
    return buffer.getvalue()
