"""Pictures that the page offers: photos to try, and the house styles that it was given."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image

from bot.pictures.encode import saved
from bot.styles.catalogue import Catalogue

LANGUAGES = ("en", "zh")
_EXAMPLES = Path(__file__).parent / "examples"
_THUMBNAIL_PX = 240


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    """Names it in addresses: small letters, digits, dashes."""
    title: Mapping[str, str]
    """By language."""
    calls: Mapping[str, str]
    """By language, what to say to the bot to get it; empty for a photo, which is attached."""
    file: Path
    credit: str = ""


def examples() -> tuple[Sample, ...]:
    listed = tomllib.loads((_EXAMPLES / "credits.toml").read_text(encoding="utf-8"))
    return tuple(
        Sample(name, {language: one[language] for language in LANGUAGES}, {}, _EXAMPLES / one["file"], one["credit"])
        for name, one in listed.items()
    )


def house_styles(catalogue: Catalogue) -> tuple[Sample, ...]:
    return tuple(
        Sample(
            style.slug,
            {"en": style.title, "zh": style.title_zh or style.title},
            {language: style.called(language) for language in LANGUAGES},
            style.path,
            ", ".join(filter(None, (style.artist, style.year, style.credit, style.licence))),
        )
        for style in catalogue.styles
    )


@lru_cache(maxsize=128)
def thumbnail(path: Path) -> bytes:
    """A JPEG of at most 240 px. Raises OSError."""
    with Image.open(path) as image:
        image.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX))
        return saved(image.convert("RGB"), "JPEG", quality=82)
