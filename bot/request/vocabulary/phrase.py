"""One row of the table of words, and what a row can mean."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

CONSUMED: Final = "\x01"
"""Stands in a text for each character that a rule has read."""


class Mark(StrEnum):
    """What a phrase says about the pictures or the conversation rather than about an option."""

    ASK = "ask"
    BATCH = "batch"
    BLEND = "blend"
    STYLE_FIRST = "style_first"
    STYLE_LAST = "style_last"
    STYLE_THIRD = "style_third"
    STYLE_FOURTH = "style_fourth"
    SWAP = "swap"
    """Of two pictures, the second is the photo."""
    SURPRISE = "surprise"
    AGAIN = "again"
    HELP = "help"
    STYLES = "styles"
    """Which house styles there are."""
    DELETE = "delete"
    INSIST = "insist"
    """A command said with its object ('delete this picture'), so that other words may stand around it."""
    FORGET = "forget"
    REFUSE = "refuse"
    """A 'no' or 'never' that nothing else explains."""
    STRANGE_STYLE = "strange_style"
    """A well-known painter or manner; where the catalogue has it, it was read as a name before."""
    ASIDE = "aside"
    """Understood, and no wish at all."""


@dataclass(frozen=True)
class Phrase:
    """One row: regular expressions without unbounded repeats, and what they mean."""

    english: str
    chinese: str
    sets: Mapping[str, object] = field(default_factory=dict)
    """Options as they are said to somebody who has painted nothing yet."""
    nudges: Mapping[str, float] = field(default_factory=dict)
    """Under a painting of ours: steps from what it was painted with, in place of `sets`."""
    marks: Set[Mark] = frozenset()
    weak: bool = False
    """Counts only where nothing contradicts it: 'a dream come true' under two pictures is no dream."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Both languages in one expression; English stands between ASCII word boundaries, Chinese anywhere."""
        english = rf"(?<![a-z0-9'])[#!]?(?<![a-z0-9'])(?:{self.english})(?![a-z0-9])"
        return re.compile(f"{english}|[#!]?(?:{self.chinese})" if self.chinese else english)


MORE: Final = (
    r"(?:(?:just|even|so|way|far|much|very|really|super|extra|more|still|slightly|somewhat"
    r"|a lot|lots|a (?:tiny |little |wee )?(?:bit|little|touch|tad)) ){0,2}"
)
"""How much, in front of an adjective."""
BY: Final = r"(?: (?:by )?(?:a (?:tiny |little )?(?:bit|little|lot|touch|tad)|slightly|much))?"
"""How much, behind it."""
ZH_MORE: Final = r"(?:再|更|还要|稍微|稍稍|稍|略微|略)"
"""Says that what follows is a comparison."""
ZH_BY: Final = r"(?:一?点点|一?点儿?|一?些|得多|很多|多了)"
"""The same, behind the adjective."""
