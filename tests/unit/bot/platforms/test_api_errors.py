"""What is an API's own refusal and what is a page of something in between."""

import pytest

from bot.platforms.api_errors import is_api_error


@pytest.mark.parametrize(
    ("body", "spoke"),
    [(b'{"error": "Record not found"}', True), (b"<html>403", False), (b"", False), (b"[]", False), (b"{}", False)],
)
def test_only_an_object_that_says_what_is_wrong_is_the_apis(body: bytes, spoke: bool) -> None:
    assert is_api_error(body) is spoke
