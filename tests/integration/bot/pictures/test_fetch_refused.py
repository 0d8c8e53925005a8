"""A picture that may not be fetched is the operator's trouble: the log says where it is and which setting allows it."""

import logging

import pytest

from bot.errors import PictureError, PictureReason
from bot.pictures.fetch import Fetcher


def test_a_picture_on_an_unknown_host_is_told_to_the_operator_once_with_the_setting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fetcher = Fetcher({"known.example"}, resolve=lambda host, port: ["10.0.0.1"])
    with caplog.at_level(logging.WARNING):
        for url in ("https://cdn.example/1.png", "https://cdn.example/2.png", "https://known.example/3.png"):
            with pytest.raises(PictureError) as refusal:
                fetcher.fetch(url)
            assert refusal.value.reason is PictureReason.FORBIDDEN_HOST
    told = [(record.__dict__["host"], record.__dict__["setting"]) for record in caplog.records]
    assert told == [
        ("cdn.example", "STYLESMITH_MEDIA_HOSTS"),
        ("known.example", "STYLESMITH_ALLOW_PRIVATE_HOSTS"),
    ]
