"""What a text was heard to say: `Said`, made by bot.request.words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.request.vocabulary.phrase import Mark
from worker.contract import DreamLayer, Kind


@dataclass(frozen=True, slots=True)
class Said:
    """Everything understood. Options are already clamped."""

    options: Mapping[str, object] = field(default_factory=dict)
    """What was asked for, as to somebody who has painted nothing yet: 'wilder' is wild."""
    changes: Mapping[str, object] = field(default_factory=dict)
    """The same under a painting of ours, without what is only a comparison with it."""
    nudges: Mapping[str, float] = field(default_factory=dict)
    """Under a painting of ours: steps from what it was painted with, for the options that were compared."""
    marks: frozenset[Mark] = frozenset()
    house: str = ""
    """Key of the style or the artist that was named, or empty."""
    unknown_style: bool = False
    """A style was asked for by a name that the catalogue does not have."""
    near_house: str = ""
    """The key that this name is nearest to, if any."""
    timid_kind: Kind | None = None
    """A dream or texture mentioned in passing; counts with at most one picture."""
    timid_layer: DreamLayer | None = None
    strangers: int = 0
    """How many words nothing explains."""
    puzzles: int = 0
    """How many of those are no praise either."""
    asks: bool = False
    """It is put as a request ('please', 'could you', 能不能), and compares with nothing else ('than')."""
    hits: int = 0
    """How many wishes and names were understood; 'more' alone is none, people say it of anything."""

    @property
    def alone(self) -> bool:
        """True when nothing else was said, and nothing was refused."""
        return self.strangers == 0 and Mark.REFUSE not in self.marks

    @property
    def terse(self) -> bool:
        """True when something was understood and nothing else was said."""
        return self.hits > 0 and self.alone

    @property
    def kindly(self) -> bool:
        """True when nothing but praise stands around a request or a comparison."""
        return self.puzzles == 0 and Mark.REFUSE not in self.marks and self.asks
