"""Relative wishes: 'stronger', 'a bit subtler', 'bigger strokes', measured from the painting that is answered."""

import re
from collections.abc import Mapping
from typing import Final

from bot.request.options import EDGE_PX, clamped
from worker.contract import STRENGTHS, STYLE_SCALES, Options

Nudges = Mapping[str, float]
"""Option -> signed steps: 1 is 'stronger', 0.55 'a bit stronger', -1.8 'much subtler'."""

A_LITTLE: Final = 0.55
A_LOT: Final = 1.8

STRENGTH_STEP: Final = 22
"""Points of strength in a step: the content's weight changes by a factor of 4 (worker.gatys.recipe)."""
SCALE_STEP: Final = 1.6
EDGE_STEP: Final = 1.5
"""Factors of a step: strokes grow by 1.6, the picture's side by 1.5."""

_LITTLE = re.compile(r"\b(?:bit|little|touch|tad|slightly|somewhat)\b|稍|略|一点点")
_LOT = re.compile(r"\b(?:(?<!too )much|far|way|lots?|very|really|super|extra)\b|得多|很多|多了")


def degree(words: str) -> float:
    """How far a comparison goes, by its own words."""
    if _LITTLE.search(words):
        return A_LITTLE
    return A_LOT if _LOT.search(words) else 1.0


def nudged(options: Options, nudges: Nudges, max_edge_px: int = EDGE_PX[1]) -> dict[str, object]:
    """New values for the options that `nudges` names, within what may be asked for."""
    moved: dict[str, object] = {}
    for name, steps in nudges.items():
        match name:
            case "strength":
                moved[name] = round(clamped(*STRENGTHS, options.strength + STRENGTH_STEP * steps))
            case "style_scale":
                moved[name] = round(clamped(*STYLE_SCALES, options.style_scale * SCALE_STEP**steps), 3)
            case "edge_px":
                moved[name] = round(
                    clamped(min(EDGE_PX[0], max_edge_px), max_edge_px, options.edge_px * EDGE_STEP**steps)
                )
            case _:
                raise KeyError(name)
    return moved
