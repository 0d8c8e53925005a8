"""The curator: picks the house style that suits a photo, says why, and does not always pick the same."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.styles.catalogue import ANY, Catalogue, Style
from bot.styles.similarity import Signature, Why, affinity, measure

WEIGHTS: Final = {Why.PALETTE: 0.5, Why.LIGHT: 0.2, Why.TEXTURE: 0.3}
SHORTLIST: Final = 4
"""Between how many of the best the mention's id decides."""
MARGIN: Final = 0.15
"""A style this much worse than the best is never picked."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """A style for a photo. `why` is the respect in which it stands out among the catalogue."""

    style: Style
    score: float
    """0 to 1."""
    why: Why
    respects: Mapping[Why, float]
    """Affinity in each respect, 0 to 1."""


class Curator:
    """Measures each style once, when first asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._signatures: dict[str, Signature] = {}

    def ranking(self, photo: bytes) -> list[Choice]:
        """Every style that can be read, best first. Raises OSError where the photo cannot be read."""
        seen = measure(photo)
        affinities = {slug: affinity(seen, known) for slug, known in self._known().items()}
        mean = {why: sum(a[why] for a in affinities.values()) / len(affinities) for why in Why} if affinities else {}
        choices = [
            Choice(
                style,
                sum(WEIGHTS[why] * affinities[style.slug][why] for why in Why),
                max(Why, key=lambda why: WEIGHTS[why] * (affinities[style.slug][why] - mean[why])),
                affinities[style.slug],
            )
            for style in self.catalogue.styles
            if style.slug in affinities
        ]
        return sorted(choices, key=lambda choice: (-choice.score, choice.style.slug))

    def choose(self, photo: bytes, mention_id: str, used: Sequence[str] = (), among: str = ANY) -> Choice | None:
        """One of the best few `among` all or an artist's (a key of the catalogue), the same for the same mention.

        The slugs in `used` are passed over, unless there is nothing else: who wants another style has seen them. None
        when no style can be read.
        """
        meant = {style.slug for style in self.catalogue.among(among)}
        ranked = [choice for choice in self.ranking(photo) if choice.style.slug in meant] if meant else []
        ranked = [choice for choice in ranked if choice.style.slug not in used] or ranked
        best = [choice for choice in ranked[:SHORTLIST] if choice.score >= ranked[0].score - MARGIN]
        if not best:
            return None
        # The better, the likelier: with four, shares of 4, 3, 2 and 1 in ten.
        lots = [choice for place, choice in enumerate(best) for _ in range(len(best) - place)]
        return lots[int.from_bytes(hashlib.sha256(mention_id.encode()).digest()[:4], "big") % len(lots)]

    def _known(self) -> dict[str, Signature]:
        for style in self.catalogue.styles:
            if style.slug not in self._signatures:
                try:
                    self._signatures[style.slug] = measure(style.path)
                except (OSError, ValueError) as error:
                    logger.warning("the style %s cannot be read (%s)", style.slug, type(error).__name__)
        return self._signatures
