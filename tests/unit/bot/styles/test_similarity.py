"""How well a style and a photo go together, measured."""

import io

import numpy as np
import pytest
from PIL import Image

from bot.styles.similarity import Signature, Why, affinity, measure
from tests.unit.bot.styles.paintings import painting


def test_a_flat_photo_is_lifted_by_contrast_and_a_strong_one_not_drowned() -> None:
    flat, strong = measure(painting((128, 128, 128), spread=10)), measure(painting((128, 128, 128), spread=90))
    assert affinity(flat, strong)[Why.LIGHT] > affinity(strong, flat)[Why.LIGHT]


def test_grain_goes_with_grain() -> None:
    fine, coarse = measure(painting((128, 128, 128), 1)), measure(painting((128, 128, 128), 32))
    assert affinity(fine, fine)[Why.TEXTURE] > affinity(fine, coarse)[Why.TEXTURE]


@pytest.mark.parametrize("size", [(1, 1), (1, 200), (3, 2), (640, 480)])
def test_any_picture_can_be_measured(size: tuple[int, int]) -> None:
    packed = io.BytesIO()
    Image.new("RGB", size, (0, 0, 0)).save(packed, "PNG")
    signature = measure(packed.getvalue())
    assert isinstance(signature, Signature)
    assert np.isclose(sum(signature.hues), 1)
    assert all(np.isfinite(value) for value in affinity(signature, signature).values())
