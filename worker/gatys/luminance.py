"""Luminance: Y of YIQ, in which Gatys et al. (2016), "Preserving Color", separate it from chroma."""

from torch import Tensor

REC601 = (0.299, 0.587, 0.114)
"""Weights of R, G and B in Y."""


def luminance(picture: Tensor) -> Tensor:
    """Y of a picture, 1x1xHxW. picture: RGB, 1x3xHxW, sRGB in [0, 1]."""
    return (picture * picture.new_tensor(REC601).view(1, 3, 1, 1)).sum(1, keepdim=True)
