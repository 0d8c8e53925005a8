"""A contact sheet of the catalogue: every style as a thumbnail, with its id, title, artist and year below."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.styles.catalogue import Style

COLUMNS: Final = 4
THUMBNAIL_PX: Final = 300
"""Longest side of a thumbnail, in a square of that size."""

_MARGIN_PX: Final = 20
_LINE_PX: Final = 20
_LINES: Final = 3
_LATIN_1: Final = 0xFF
_PAPER, _INK, _PALE = (255, 255, 255), (20, 20, 20), (100, 100, 100)


def contact_sheet(styles: Sequence[Style]) -> Image.Image:
    """All `styles` in rows of COLUMNS. Raises OSError where a picture cannot be read."""
    rows = -(-len(styles) // COLUMNS)
    cell = (THUMBNAIL_PX + _MARGIN_PX, THUMBNAIL_PX + _MARGIN_PX + _LINES * _LINE_PX)
    columns = min(COLUMNS, max(1, len(styles)))
    sheet = Image.new("RGB", (columns * cell[0] + _MARGIN_PX, rows * cell[1] + _MARGIN_PX), _PAPER)
    for place, style in enumerate(styles):
        row, column = divmod(place, COLUMNS)
        _hang(sheet, style, _MARGIN_PX + column * cell[0], _MARGIN_PX + row * cell[1])
    return sheet


def _hang(sheet: Image.Image, style: Style, x: int, y: int) -> None:
    thumbnail = _thumbnail(style.path)
    sheet.paste(thumbnail, (x + (THUMBNAIL_PX - thumbnail.width) // 2, y + THUMBNAIL_PX - thumbnail.height))
    draw = ImageDraw.Draw(sheet)
    maker = ", ".join(filter(None, (style.artist, style.year)))
    for line, (text, colour, size) in enumerate(((style.slug, _INK, 16), (style.title, _INK, 14), (maker, _PALE, 14))):
        font = ImageFont.load_default(size)
        draw.text((x, y + THUMBNAIL_PX + 4 + line * _LINE_PX), _cut(_drawable(text), font), fill=colour, font=font)


def _thumbnail(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        picture.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
        return ImageOps.contain(picture.convert("RGB"), (THUMBNAIL_PX, THUMBNAIL_PX))


def _drawable(text: str) -> str:
    """`text` in the letters that Pillow's own font has: Latin without rare marks."""
    letters = (c if ord(c) <= _LATIN_1 else unicodedata.normalize("NFKD", c)[0] for c in text)
    return "".join(c for c in letters if ord(c) <= _LATIN_1).strip()


def _cut(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """`text`, shortened until it is no wider than a thumbnail."""
    if font.getlength(text) <= THUMBNAIL_PX:
        return text
    while text and font.getlength(f"{text}…") > THUMBNAIL_PX:
        text = text[:-1]
    return f"{text}…"
