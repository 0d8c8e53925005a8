"""What was understood of a mention's words, and how much of them was not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.request.vocabulary.phrase import Mark
from worker.contract import DreamLayer, Kind


@dataclass(frozen=True, slots=True)
class Said:
    """Everything that was understood of a text; options are clamped.

    A reading is decided by how much of the text is left over. Unexplained words are those that no rule matched.

    | property | unexplained words | other conditions |
    |---|---|---|
    | nothing_else | 0 | nothing refused |
    | bare | 0 | nothing refused, something understood |
    | polite | praise only | nothing refused, put as a request |
    """

    options: Mapping[str, object] = field(default_factory=dict)
    """Options asked for where nothing was painted before: 'wilder' is wild."""
    changes: Mapping[str, object] = field(default_factory=dict)
    """Options asked for under a painting of ours, comparisons left out."""
    nudges: Mapping[str, float] = field(default_factory=dict)
    """Comparisons under a painting of ours: steps from the value that it was painted with."""
    marks: frozenset[Mark] = frozenset()
    house: str = ""
    """Key of the style or the artist that was named, or empty."""
    unwanted: tuple[str, ...] = ()
    """Keys of those that were ruled out ('anything but mosaic')."""
    told: bool = False
    """Styles are named only to say or to ask what a picture is ('is this mosaic?')."""
    unknown_style: bool = False
    """A style was asked for by a name that the catalogue does not have."""
    near_house: str = ""
    """The key that this name is nearest to, if any."""
    weak_kind: Kind | None = None
    """A dream or texture mentioned in passing; counts with at most one picture."""
    weak_layer: DreamLayer | None = None
    unexplained: int = 0
    """Number of words that no rule matched."""
    unexplained_but_praise: int = 0
    """The same, praise not counted."""
    asks: bool = False
    """Put as a request ('please', 'could you', 能不能), without a comparison ('than')."""
    understood: int = 0
    """Number of wishes and names; 'more' alone is none."""

    @property
    def nothing_else(self) -> bool:
        return self.unexplained == 0 and Mark.REFUSE not in self.marks

    @property
    def bare(self) -> bool:
        return self.understood > 0 and self.nothing_else

    @property
    def polite(self) -> bool:
        return self.unexplained_but_praise == 0 and Mark.REFUSE not in self.marks and self.asks
