"""Bytes to tensors and back, and the size a painting gets."""

import io

import pytest
import torch
from PIL import Image

from worker.contract.errors import PictureUnreadable
from worker.render import pixels


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def test_a_known_pixel_decodes_to_its_share_of_255() -> None:
    picture = Image.new("RGB", (4, 2))
    picture.putpixel((3, 1), (255, 51, 0))
    image = pixels.decode(_png(picture))
    assert image.shape == (1, 3, 2, 4)
    assert image[0, :, 1, 3].tolist() == pytest.approx([1.0, 0.2, 0.0])


def test_a_grey_picture_decodes_to_three_equal_channels() -> None:
    image = pixels.decode(_png(Image.linear_gradient("L")))
    assert torch.equal(image[:, 0], image[:, 1])
    assert torch.equal(image[:, 1], image[:, 2])


def test_pixels_survive_the_way_there_and_back() -> None:
    image = torch.arange(48).reshape(1, 3, 4, 4) / 255
    assert torch.equal(pixels.decode(_png(pixels.to_pillow(image))), image)


@pytest.mark.parametrize("data", [b"", b"<html>", _png(Image.new("RGB", (64, 64)))[:60]], ids=["empty", "html", "cut"])
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        pixels.decode(data)


@pytest.mark.parametrize(
    ("photo", "edge_px", "painting"),
    [
        ((768, 1024), 512, (384, 512)),
        ((1024, 768), 512, (512, 384)),
        ((16, 24), 512, (341, 512)),
        ((3266, 5000), 1024, (669, 1024)),
        ((64, 1280), 512, (64, 1280)),
        ((1280, 64), 512, (1280, 64)),
        ((10, 10_000), 512, (4, 4096)),
        ((64, 64), 64, (64, 64)),
        ((60, 90), 64, (43, 64)),
    ],
    ids=["landscape", "portrait", "tiny", "huge", "strip", "tall strip", "thread", "smallest", "small"],
)
def test_a_painting_keeps_the_ratio_and_never_gets_too_thin(
    photo: tuple[int, int], edge_px: int, painting: tuple[int, int]
) -> None:
    assert pixels.painting_size(*photo, edge_px) == painting


def test_a_preview_is_a_small_jpeg_in_the_same_ratio() -> None:
    with Image.open(io.BytesIO(pixels.preview(torch.rand(1, 3, 300, 600)))) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (256, 128)
