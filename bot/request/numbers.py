"""Numbers without a key of their own: sizes, shares of a blend and percentages, where they are meant as wishes."""

from collections.abc import Callable, Iterator
from typing import Final

from bot.request.options import Number
from bot.request.percentages import PERCENTAGES
from bot.request.ratios import RATIOS
from bot.request.sizes import SIZES

NUMBERS: Final[tuple[Callable[[str], Iterator[Number]], ...]] = (*SIZES, *RATIOS, *PERCENTAGES)
"""In this order: what one has found, the next does not see."""
