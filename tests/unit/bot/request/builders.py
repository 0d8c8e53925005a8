"""Mentions as the grammar's tests write them: some words, some pictures, perhaps a post they answer."""

from pathlib import Path
from typing import Any

from bot.posts import Attachment, Author, Media, Mention
from bot.request.read import read
from bot.request.reading import Wanted
from bot.styles.catalogue import Catalogue, Style
from worker.contract import Options

ANN = Author("1", "ann", "home.example")
BOB = Author("2", "bob", "away.example")
US = Author("9", "stylesmith", "home.example")

CATALOGUE = Catalogue(
    (
        Style("mosaic", "Noon in Tesserae", Path("mosaic.png"), names=("马赛克",)),
        Style("night-swirl", "Night in Thick Paint", Path("swirl.png"), names=("starry night", "星夜")),
        Style("stained-glass", "Rose Window", Path("glass.png"), names=("彩色玻璃",)),
    )
)


def pictures(count: int, name: str = "own") -> tuple[Attachment, ...]:
    return tuple(Attachment(Media.IMAGE, f"https://media.example/{name}{i}.jpg") for i in range(count))


def mention(text: str = "", own: int = 2, **fields: Any) -> Mention:
    fields.setdefault("author", ANN)
    fields.setdefault("attachments", pictures(own))
    if fields.get("parent") is not None:
        fields.setdefault("in_reply_to", fields["parent"].id)
    return Mention("fedi", "100", text=text, **fields)


def theirs(count: int = 1, **fields: Any) -> Mention:
    """A post by somebody else, with pictures."""
    fields.setdefault("author", BOB)
    return Mention("fedi", "51", text="Look at this!", attachments=pictures(count, "parent"), **fields)


def ours() -> Mention:
    """A reply of our own, with a painting."""
    return Mention("fedi", "50", US, "", attachments=pictures(1, "painting"), by_us=True)


def wanted(text: str = "", own: int = 2, **fields: Any) -> Wanted:
    reading = read(mention(text, own, **fields), CATALOGUE)
    assert isinstance(reading, Wanted), reading
    return reading


def set_options(reading: Wanted) -> dict[str, Any]:
    """The options that differ from the defaults, in plain values."""
    defaults = Options().model_dump(mode="json")
    return {k: v for k, v in reading.options.model_dump(mode="json").items() if v != defaults.get(k)}
