"""Which URLs may be fetched."""

import pytest

from bot.errors import PictureError, PictureReason
from bot.pictures.urls import check


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example/a.png",
        "https://files.example:8443/a.png",
        "https://files.example:22/a.png",
        "https://files.example:0/a.png",
        "https://files.example:99999/a.png",
        "https://user@files.example/a.png",
        "https://good.example@files.example/a.png",
        "https://files.example\\@evil.example/a.png",
        "https://files.example/a b.png",
        "https://files.example/a\r\nHost:evil.example",
        "https://files.example./../\x00",
        "https://ｆiles.example/a.png",
        "https://evil.example/a.png",
        "https:///a.png",
        "https://[::1/a.png",
        "https://files.example/" + "a" * 10_000,
        "file:///etc/passwd",
        "ftp://files.example/a.png",
        "gopher://files.example:6379/_FLUSHALL",
        "data:image/png;base64,AAAA",
        "//files.example/a.png",
        "",
    ],
)
def test_a_url_that_is_not_plain_https_to_an_allowed_host_is_forbidden(url: str) -> None:
    with pytest.raises(PictureError) as refusal:
        check(url, frozenset({"files.example"}), allow_private_hosts=False)
    assert refusal.value.reason is PictureReason.FORBIDDEN_HOST


def test_a_fragment_is_dropped_and_a_query_kept() -> None:
    target = check(
        "https://FILES.example./a.png?name=orig#top", frozenset({"files.example"}), allow_private_hosts=False
    )
    assert (target.host, target.port, target.target) == (b"files.example", 443, b"/a.png?name=orig")
