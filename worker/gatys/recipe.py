"""What to paint: every choice of the optimisation, with the house's defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from worker.contract import Init, Kind, Options
from worker.gatys.scales import Scale, ladder

LEAST_SHARP = 0.75
"""Of the size that was asked for: down to it a style with too few pixels is looked at smaller, rather than enlarged."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a picture is painted. The defaults are the house recipe."""

    edge_px: int = 512
    """Long side of the painting."""
    style_scale: float = 1.0
    """Long side of the style relative to the painting's, at every scale."""
    blend: tuple[float, ...] = ()
    """Share of each style; empty for equal shares."""
    init: Init = Init.PHOTO
    style_weights: Mapping[str, float] = field(
        default_factory=lambda: {"relu1_1": 0.19, "relu2_1": 0.36, "relu3_1": 0.33, "relu4_1": 0.12}
    )
    """Share of each style layer, summing to 1. relu5_1 knows eyes and faces, not strokes, and is left out."""
    window_weights: Mapping[str, float] = field(default_factory=lambda: {"relu3_1": 0.21, "relu4_1": 0.09})
    """Of the windows' statistics, by layer, beside those of the whole."""
    window_share: float = 1 / 8
    """Distance between two windows, relative to the long side."""
    content_weight: float = 3.0
    """Of the content against the style."""
    content_weights: Mapping[str, float] = field(
        default_factory=lambda: {"relu2_2": 0.08, "relu3_4": 0.25, "relu4_2": 0.67}
    )
    """Share of each content layer. The paper has relu4_2 alone, which lets strokes bend every line; with relu3_4 beside
    it faces and houses keep theirs, and a little of relu2_2 keeps the fine ones at a lower weight of all.
    """
    content_floor: float = 0.05
    """Weight of the content where the photo has no structure; where it has much, the weight is 1."""
    tv_weight: float = 0.4
    first_px: int = 128
    """Long side of the smallest scale."""
    steps: int = 60
    """Iterations at the smallest scale."""
    fewer: float = 1.0
    """Each scale has 2^(-fewer) times the iterations of the one before, but never less than FEWEST."""
    step_size: float = 0.01
    """Root mean square of the first step at each scale, in units of the full range of a pixel."""
    jitter: float = 0.08
    """Deviation of the seeded noise that the photo starts with."""
    grain: float = 0.03
    """The same, that each later scale starts with."""

    @classmethod
    def of(cls, options: Options) -> "Recipe":
        """The house recipe with what was asked for. Strength 50 is the house's own balance; each 25 points more or less
        divide or multiply the content's weight by 5.
        """
        house = cls()
        content = house.content_weight * 5 ** ((50 - options.strength) / 25)
        return replace(
            house,
            edge_px=options.edge_px,
            style_scale=options.style_scale,
            blend=options.weights,
            init=Init.NOISE if options.kind is Kind.TEXTURE else options.init,
            content_weight=content,
        )

    def scales(self, size: tuple[int, int]) -> tuple[Scale, ...]:
        """The ladder up to a painting of (height, width)."""
        return ladder(size, first_px=self.first_px, steps=self.steps, fewer=self.fewer)

    def style_px(self, style: Sequence[int], edge_px: int) -> float:
        """Long side at which a style of (height, width) is looked at, at the scale whose long side is edge_px.

        An enlarged style is a blurred one: where it has fewer pixels than the painting its strokes are made finer,
        down to LEAST_SHARP of what was asked for.
        """
        sharp = max(style) / (self.edge_px * min(1.0, self.style_scale))
        return edge_px * self.style_scale * min(1.0, max(LEAST_SHARP, sharp))

    def shares(self, styles: int) -> tuple[float, ...]:
        """The blend of this many styles, summing to 1."""
        weights = self.blend or (1.0,) * styles
        if len(weights) != styles:
            raise ValueError(f"{len(weights)} weights for {styles} styles")
        return tuple(w / sum(weights) for w in weights)
