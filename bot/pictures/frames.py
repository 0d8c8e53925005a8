"""Which frame of an animation is painted: the first that shows something."""

from PIL import Image

from bot.pictures.ground import is_even

ANIMATED = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
"""Pillow's names of formats whose frames follow each other; a phone's MPO holds other things after its photo."""
FRAMES = 100
PIXELS = 300_000_000
"""Frames, and pixels of all of them together, that are looked at."""
_SAMPLE_PX = 256
_FAINT = 12
"""Of 255: a fade out of black or white begins with less."""


def show_something(image: Image.Image) -> None:
    """Leave `image` at its first frame with content; at the very first where none has any."""
    frames = getattr(image, "n_frames", 1) if image.format in ANIMATED else 1
    for number in range(min(frames, FRAMES, max(1, PIXELS // (image.width * image.height)))):
        image.seek(number)
        if frames == 1 or not _is_plain(image):
            return
    image.seek(0)


def _is_plain(frame: Image.Image) -> bool:
    """Whether it has one colour or is transparent, as far as a sample tells."""
    frame.load()
    sample = frame.resize((min(frame.width, _SAMPLE_PX), min(frame.height, _SAMPLE_PX)), Image.Resampling.NEAREST)
    layer = sample.convert("RGBA")
    grounds = (Image.new("RGBA", layer.size, colour) for colour in ("white", "black"))
    return any(is_even(Image.alpha_composite(ground, layer), _FAINT) for ground in grounds)
