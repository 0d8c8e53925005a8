"""What a server lists as attached to a post."""

import pytest

from bot.platforms.mastodon.entities import OwnAccount, mention
from bot.posts import Media

ME = OwnAccount(id="1", host="here.example", pages=frozenset())
HOST = "https://here.example/"


@pytest.mark.parametrize(
    ("kind", "url", "media"),
    [
        ("image", HOST + "a.jpg", Media.IMAGE),
        ("image", None, Media.PENDING),
        ("unknown", None, Media.UNKNOWN),
        ("unknown", HOST + "IMG_0001.HEIC", Media.IMAGE),
        ("unknown", HOST + "photo.heif?name=original", Media.IMAGE),
        ("unknown", HOST + "page.pdf", Media.OTHER),
        ("unknown", HOST + "page.pdf?name=a.heic", Media.OTHER),
        ("video", HOST + "film.mp4", Media.OTHER),
    ],
)
def test_what_an_attachment_is(kind: str, url: str | None, media: Media) -> None:
    account = {"id": "2", "acct": "you", "note": ""}
    status = {
        "id": "3",
        "account": account,
        "content": "",
        "media_attachments": [{"id": "4", "type": kind, "url": url}],
    }
    [attachment] = mention(status, ME).attachments
    assert attachment.media is media
