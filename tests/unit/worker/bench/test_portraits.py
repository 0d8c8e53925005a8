"""The measures of what became of a face, by known answers."""

import pytest
import torch

from worker.bench.portraits import astray, likeness
from worker.render.faces import Face

FACE = Face(8, 8, 40, 48, ((18, 24), (38, 24), (28, 34), (20, 44), (36, 44)), 0.9)
PICTURE = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))


def test_a_picture_is_like_itself_like_a_paler_one_and_the_opposite_of_its_negative() -> None:
    assert likeness(PICTURE, PICTURE, FACE) == pytest.approx(1)
    assert likeness(PICTURE, 0.3 + PICTURE / 2, FACE) == pytest.approx(1, abs=1e-3)
    assert likeness(PICTURE, 1 - PICTURE, FACE) == pytest.approx(-1)


def test_a_different_picture_is_unlike_and_only_the_face_counts() -> None:
    other = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    assert abs(likeness(PICTURE, other, FACE)) < 0.2
    other[..., 8:56, 8:48] = PICTURE[..., 8:56, 8:48]
    assert likeness(PICTURE, other, FACE) == pytest.approx(1)


def test_landmarks_are_astray_by_distances_between_the_eyes() -> None:
    moved = Face(8, 8, 40, 48, tuple((x + 10, y) for x, y in FACE.landmarks), 0.9)
    assert astray(FACE, FACE) == 0
    assert astray(FACE, moved) == pytest.approx(0.5)
    assert astray(FACE, None) == 1
