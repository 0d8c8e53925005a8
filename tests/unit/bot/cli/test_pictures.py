"""What is said of a name that is no picture's."""

import pytest

from bot.cli.pictures import complaint_about


@pytest.mark.parametrize(
    ("photo", "told"),
    [
        ("https://example.org/x.jpg", "https://example.org/x.jpg: this is an address; download the picture first"),
        ("nowhere.jpg", "there is no such file"),
        (".", "this is a folder"),
        ("/dev/null", "this is not a file"),
        ("/dev/null/x.jpg", "there is no such file"),
        ("x" * 300, "File name too long"),
        ("", "The name of a picture is empty"),
        (" ", "The name of a picture is empty"),
    ],
)
def test_what_is_no_file_of_a_photo_is_said_so(photo: str, told: str) -> None:
    assert told in complaint_about(photo)
