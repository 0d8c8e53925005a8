"""Mentions on the fake platform, and the people who write them."""

from datetime import UTC, datetime

from bot.posts import Attachment, Author, Media, Mention

EPOCH = 1_800_000_000.0


ANN = Author(id="1", handle="ann@home.example", host="home.example")


BEN = Author(id="2", handle="ben@home.example", host="home.example")


def picture(name: str, description: str = "") -> Attachment:
    """An image attachment that FakePictures can fetch."""
    return Attachment(Media.IMAGE, url=f"https://home.example/{name}", description=description)


def mention(
    number: int, author: Author = ANN, text: str = "", *pictures: Attachment, at: float = EPOCH + 100
) -> Mention:
    """A mention on the fake platform; with two pictures unless told otherwise."""
    attachments = pictures or (picture("photo"), picture("style"))
    return Mention("fake", str(number), author, text, attachments, datetime.fromtimestamp(at, UTC))
