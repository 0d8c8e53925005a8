"""House styles as pictures to paint with: named by the person, or chosen by the curator."""

import time
from collections.abc import Sequence

from bot.ports import Pictures
from bot.styles.catalogue import ANY, HouseStyle, Style
from bot.styles.curator import Curator

_FRESH_S = 3600.0
"""A style's picture is stored again after this long, well before retention takes it."""


class HouseStyles:
    """The catalogue's styles, each with the key of its stored picture.

    Raises PictureError when a style's own file cannot be used.
    """

    def __init__(self, curator: Curator, pictures: Pictures) -> None:
        self._curator = curator
        self._pictures = pictures
        self._stored: dict[str, tuple[str, float]] = {}

    def named(self, slug: str) -> tuple[HouseStyle, str] | None:
        style = self._curator.catalogue.get(slug)
        return None if style is None else (style.credited(chosen=False), self._key(style))

    def chosen(
        self, photo: bytes, mention_id: str, used: Sequence[str] = (), among: str = ANY
    ) -> tuple[HouseStyle, str] | None:
        """The style that suits a photo, but none of `used` (slugs); the same for the same photo and mention.

        `among` is ANY or the key of an artist. None where there is none.
        """
        choice = self._curator.choose(photo, mention_id, used, among)
        return None if choice is None else (choice.style.credited(chosen=True, why=choice.why), self._key(choice.style))

    def names(self, language: str) -> Sequence[str]:
        return [style.called(language) for style in self._curator.catalogue.styles]

    def _key(self, style: Style) -> str:
        key, stored = self._stored.get(style.slug, ("", 0.0))
        if not key or time.monotonic() - stored > _FRESH_S:
            key = self._pictures.admit(style.path.read_bytes())
            self._stored[style.slug] = (key, time.monotonic())
        return key
