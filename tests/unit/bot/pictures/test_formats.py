"""Which files are opened, by their first bytes and by what they are called."""

import pytest

from bot.errors import PictureError, PictureReason
from bot.pictures.formats import admit

PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF"


@pytest.mark.parametrize("declared", ["", "image/png", "IMAGE/X-PNG; q=1", "application/octet-stream", "text/html"])
def test_a_picture_is_admitted_under_its_own_name_or_none_of_a_picture(declared: str) -> None:
    assert admit(PNG, declared) == "image/png"


@pytest.mark.parametrize(
    ("data", "declared", "reason"),
    [
        (PNG, "image/jpeg", PictureReason.MISLABELLED),
        (JPEG, "image/png", PictureReason.MISLABELLED),
        (JPEG, "image/svg+xml", PictureReason.MISLABELLED),
        (PDF, "image/jpeg", PictureReason.FORMAT),
        (b"<html>", "image/jpeg", PictureReason.NOT_A_PICTURE),
    ],
    ids=["PNG as JPEG", "JPEG as PNG", "JPEG as SVG", "PDF as JPEG", "HTML as JPEG"],
)
def test_each_refusal_has_its_own_reason(data: bytes, declared: str, reason: PictureReason) -> None:
    with pytest.raises(PictureError) as refusal:
        admit(data, declared)
    assert refusal.value.reason is reason
