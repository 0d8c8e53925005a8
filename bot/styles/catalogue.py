"""The catalogue of house styles, and which of them a name means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.styles.names import Names, spellings
from bot.text import compact, fold

HOUSE: Final = Path(__file__).with_name("house")
"""The folder of the styles that come with Stylesmith; with it `dusk.jpg`, a scene for demonstrations."""
SCENE: Final = HOUSE / "dusk.jpg"
ANY: Final = "*"
"""In place of a slug: any style, as the curator likes."""

_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """A style from the catalogue, as chosen for one mention."""

    slug: str
    title: str
    artist: str = ""
    year: str = ""
    chosen: bool = False
    """True when the curator chose it, False when the person named it."""
    why: str = ""
    """In what it suits the photo, when the curator chose it: a value of similarity.Why, or empty."""
    title_zh: str = ""
    artist_zh: str = ""
    """The same in Chinese, where known."""


@dataclass(frozen=True, slots=True)
class Style:
    slug: str
    title: str
    path: Path
    artist: str = ""
    year: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """What else people may call it, in any language, taken wherever it stands: 'ukiyo-e', '浮世绘'."""
    words: tuple[str, ...] = ()
    """Everyday words, taken only where a mention asks for a style by them: 'scream', '星空'."""
    artist_names: tuple[str, ...] = ()
    artist_words: tuple[str, ...] = ()
    """Both for its artist; whoever says one of them means any picture of that artist."""
    unlike: tuple[str, ...] = ()
    """What looks like a misspelling of it and is none."""
    title_zh: str = ""
    artist_zh: str = ""
    credit: str = ""
    """Where the original is, or what it is."""

    def called(self, language: str) -> str:
        """What to say to get it: a name in that language's letters, else its slug in words."""
        han = next((n for n in (*self.words, *self.names) if _HAN.search(n)), "") if language == "zh" else ""
        return han or self.slug.replace("-", " ")

    def credited(self, *, chosen: bool, why: str = "") -> HouseStyle:
        """As a reply credits it; `chosen` when the curator picked it, and `why` then."""
        return HouseStyle(
            self.slug, self.title, self.artist, self.year, chosen, why, self.title_zh, self.artist_zh
        )  # fmt: skip


@dataclass(frozen=True)
class Catalogue:
    """House styles in the order of their listing. An empty catalogue is fine: then a painting must be attached.

    What people say leads to a key: the slug of a style, or that of an artist with several.
    """

    styles: tuple[Style, ...] = ()

    @cached_property
    def names(self) -> Names:
        """Everything a style is called by; where two styles claim a name, the first keeps it."""
        anywhere: dict[str, str] = {}
        asked: dict[str, str] = {}
        for style in self.styles:
            _claim(anywhere, style.names, style.slug)
            _claim(asked, (style.slug, style.title, style.title_zh, *style.words), style.slug)
        for style in self.styles:
            _claim(anywhere, style.artist_names, self._key(style))
            _claim(asked, (*_artist(style), *style.artist_words), self._key(style))
        unlike = frozenset(spelling for s in self.styles for name in s.unlike for spelling in spellings(name))
        keys = {self._key(style) for style in self.styles if style.artist}
        by = {key: frozenset(s.slug for s in self.among(key)) for key in keys if self.get(key) is None}
        return Names(anywhere, asked, unlike, by)

    def get(self, slug: str) -> Style | None:
        """The style with this slug, or None when the operator has removed it since."""
        return next((style for style in self.styles if style.slug == slug), None)

    def among(self, key: str) -> tuple[Style, ...]:
        """Every style that `key` can mean: one for a slug, an artist's, all for ANY, none where it means nothing."""
        if key == ANY:
            return self.styles
        style = self.get(key)
        return (style,) if style else tuple(s for s in self.styles if s.artist and _slug(s.artist) == key)

    def find(self, name: str) -> tuple[Style, ...]:
        """The styles of exactly this name, however it is written."""
        return self.among(self.names.exact(name))

    def near(self, name: str) -> Style | None:
        """The style whose name looks most like this one, for 'did you mean'; None where none does."""
        return next(iter(self.among(self.names.nearest(name))), None)

    def _key(self, style: Style) -> str:
        """What its artist's name leads to."""
        same = [other for other in self.styles if other.artist == style.artist]
        return style.slug if len(same) == 1 else _slug(style.artist)


def _claim(names: dict[str, str], claimed: Iterable[str], key: str) -> None:
    for name in claimed:
        for spelling in spellings(name):
            names.setdefault(spelling, key)


def _artist(style: Style) -> Iterator[str]:
    """'Vincent van Gogh' -> itself and 'Gogh'; nothing of an artist with one name, which may be our own."""
    words = fold(style.artist).split()
    if len(words) > 1 and not {"unknown", "anonymous"} & set(words):
        yield style.artist
        if len(words[-1]) > 3:
            yield words[-1]
    if style.artist_zh:
        yield style.artist_zh


def _slug(artist: str) -> str:
    return "-".join(filter(None, map(compact, artist.split())))
