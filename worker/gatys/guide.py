"""Spatial control after Gatys et al. (2017), "Controlling Perceptual Factors": where to paint less and keep more."""

from dataclasses import dataclass

from torch import Tensor

from worker.gatys.losses import resized_mask


@dataclass(frozen=True, slots=True)
class Guide:
    """A mask of what must stay recognisable (faces), and how much is done for it."""

    keep: Tensor
    """1x1xHxW in [0, 1], at any size; 1 where the photo must be recognised."""
    style_drop: float = 0.2
    """How much of the features that the style's statistics see is taken away where `keep` is 1."""
    content_boost: float = 0.5
    """By how much the content's weight is raised where `keep` is 1."""
    fine_tap: str = "relu2_2"
    """A shallower layer, which holds eyes and mouth in place; compared only where `keep` is not 0."""
    fine_weight: float = 0.05
    """Its weight in the loss, whatever the content's."""

    def style_mask(self, size: tuple[int, int]) -> Tensor:
        """T of the paper for a layer of this (height, width)."""
        return 1 - self.style_drop * resized_mask(self.keep, size)

    def content_mask(self, tap: str, size: tuple[int, int]) -> Tensor:
        """Weight of the content loss at each position of a layer of this (height, width)."""
        keep = resized_mask(self.keep, size)
        return keep if tap == self.fine_tap else 1 + self.content_boost * keep
