"""Spatial control after Gatys et al. (2017), "Controlling Perceptual Factors": where to paint less and keep more."""

from dataclasses import dataclass

import torch
from torch import Tensor

from worker.gatys.losses import resized_mask


@dataclass(frozen=True, slots=True)
class Guide:
    """A mask of what must stay recognisable (faces), and how much is done for it."""

    keep: Tensor
    """1x1xHxW in [0, 1], at any size; 1 where the photo must be recognised."""
    style_drop: float = 0.1
    """How much of the features that the style's statistics see is taken away where `keep` is 1."""
    content_boost: float = 3.0
    """By how much the content's weight is raised where `keep` is 1."""

    def style_mask(self, size: tuple[int, int]) -> Tensor:
        """T of the paper for a layer of this (height, width)."""
        return 1 - self.style_drop * resized_mask(self.keep, size)

    def bound(self, structure: Tensor) -> Tensor:
        """Where the content binds: at structure, 1x1xHxW in [0, 1], and, however even, where `keep` says."""
        return torch.maximum(structure, resized_mask(self.keep, (structure.shape[-2], structure.shape[-1])))

    def content_mask(self, size: tuple[int, int]) -> Tensor:
        """Weight of the content loss at each position of a layer of this (height, width)."""
        return 1 + self.content_boost * resized_mask(self.keep, size)
