"""Names of house styles: every spelling, and the name that a misspelt one is nearest to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final

from bot.text import compact, fold

MISSPELT: Final = 0.82
"""Share of letters in common, in order, from which a word is taken for a misspelt name."""
SUGGESTED: Final = 0.6
"""The same, from which a name is suggested."""
SHORTEST: Final = 6
"""Letters of the shortest name that may be misspelt: 'money' is no Monet."""
LONGEST: Final = 40


def spellings(name: str) -> set[str]:
    """`name` as it is looked for: folded, with its words apart, together and hyphenated, with and without 'the'."""
    words = fold(name.replace("-", " ")).split()
    bare = words[1:] if words[:1] == ["the"] else words
    together = {compact(name), "".join(bare)}
    return {" ".join(fold(name).split()), " ".join(words), " ".join(bare), "-".join(bare), *together} - {""}


@dataclass(frozen=True)
class Names:
    """Folded spelling -> key of the catalogue."""

    anywhere: Mapping[str, str]
    """Taken wherever they stand."""
    asked: Mapping[str, str]
    """Taken where a style is asked for: they may be everyday words."""
    unlike: frozenset[str] = frozenset()
    """Never taken for a misspelt name."""
    by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """An artist's key -> the slugs of that artist's paintings."""

    @cached_property
    def all(self) -> Mapping[str, str]:
        return {**self.asked, **self.anywhere}

    def exact(self, name: str) -> str:
        """The key of this name, or empty."""
        return next((self.all[spelling] for spelling in spellings(name) if spelling in self.all), "")

    def misspelt(self, name: str) -> str:
        """The key of the name that this one is nearly, or empty."""
        return self._near(name, MISSPELT)

    def nearest(self, name: str) -> str:
        """The key of the most similar name, however far, or empty where hardly a letter fits."""
        return self._near(name, SUGGESTED)

    def _near(self, name: str, least: float) -> str:
        letters = compact(name)
        if not SHORTEST - 1 <= len(letters) <= LONGEST or letters in self.unlike:
            return ""
        best = max(self._likenesses(letters, least), default=(0.0, ""))
        return best[1]

    def _likenesses(self, letters: str, least: float) -> Iterator[tuple[float, str]]:
        matcher = SequenceMatcher(autojunk=False, b=letters)
        for spelling, key in self._misspellable.items():
            matcher.set_seq1(spelling)
            if spelling[0] == letters[0] and matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
                likeness = matcher.ratio()
                if likeness >= least:
                    yield likeness, key

    @cached_property
    def _misspellable(self) -> Mapping[str, str]:
        together = {compact(name): key for name, key in self.all.items()}
        return {name: key for name, key in together.items() if len(name) >= SHORTEST and name.isascii()}
