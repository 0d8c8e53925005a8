"""What a picture with transparency is laid on, and whether there is anything in it."""

from typing import cast

from PIL import Image

from bot.errors import PictureError, PictureReason

LIGHT, DARK = 224, 32
"""Grey levels from 0 to 255: lighter than the one hardly shows on white, darker than the other hardly on black."""
_VISIBLE = 32
"""Alpha from 0 to 255."""
_MUCH_NOTHING = 0.1
"""Share of transparent pixels below which the picture is no cut-out: rounded corners, a frayed edge."""
_BLANK_RANGE, _GREY = 6, 8
"""Of 255: what differs within a blank sheet as JPEG keeps it, and between its channels."""


def is_even(image: Image.Image, most: int) -> bool:
    """Whether each channel of 8 bits differs by no more than that within itself."""
    return all(high - low <= most for low, high in _ranges(image))


def _ranges(image: Image.Image) -> list[tuple[int, int]]:
    """The least and the most in each of the channels of 8 bits."""
    return [cast("tuple[int, int]", band.getextrema()) for band in image.split()]


def laid_on_ground(layer: Image.Image) -> Image.Image:
    """An RGBA picture as RGB: on white, or on black where more than half of it would be lost on white.

    A transparent pixel's hidden colour never shows. Raises PictureError: EMPTY when nothing is visible.
    """
    alpha = layer.getchannel("A")
    if not _most(alpha):
        raise PictureError(PictureReason.EMPTY)
    colour = "black" if _is_lost_on_white(layer, alpha) else "white"
    return Image.alpha_composite(Image.new("RGBA", layer.size, colour), layer).convert("RGB")


def _most(alpha: Image.Image) -> int:
    [(_, high)] = _ranges(alpha)
    return high


def _is_lost_on_white(layer: Image.Image, alpha: Image.Image) -> bool:
    threshold = min(_VISIBLE, _most(alpha))
    visible = alpha.point(lambda value: 255 * (value >= threshold))
    levels = layer.convert("RGB").convert("L").histogram(visible)
    shown = sum(levels)
    on_white, on_black = shown - sum(levels[LIGHT:]), shown - sum(levels[:DARK])
    is_cut_out = layer.width * layer.height - shown >= _MUCH_NOTHING * layer.width * layer.height
    return is_cut_out and on_white < shown / 2 and on_black > on_white


def check_content(image: Image.Image) -> None:
    """Raises PictureError: EMPTY for an RGB picture of nothing but one white, grey or black.

    One colour alone is a picture of that colour: somebody may want to paint with it.
    """
    levels = [low for low, _ in _ranges(image)]
    if is_even(image, _BLANK_RANGE) and max(levels) - min(levels) <= _GREY:
        raise PictureError(PictureReason.EMPTY)
