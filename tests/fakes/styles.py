"""A fake listing of house styles: one style."""

from collections.abc import Sequence
from dataclasses import replace

from bot.styles.catalogue import ANY, HouseStyle
from bot.styles.shelf import HouseStyles
from tests.fakes.pictures import FakePictures


class FakeStyles(HouseStyles):
    """One house style."""

    style = HouseStyle("waves", "Waves", "Nobody", "2026")

    def __init__(self, pictures: FakePictures) -> None:
        self._pictures = pictures
        self.passed_over: Sequence[str] = ()
        """What the last choice was to leave out; the only style is chosen all the same."""

    def named(self, slug: str) -> tuple[HouseStyle, str] | None:
        return (self.style, self._pictures.admit(b"waves")) if slug == self.style.slug else None

    def chosen(
        self, photo: bytes, mention_id: str, used: Sequence[str] = (), among: str = ANY
    ) -> tuple[HouseStyle, str] | None:
        self.passed_over = used
        return (
            None
            if among not in {ANY, self.style.slug}
            else (replace(self.style, chosen=True), self._pictures.admit(b"waves"))
        )

    def names(self, language: str) -> Sequence[str]:
        return [self.style.title]
