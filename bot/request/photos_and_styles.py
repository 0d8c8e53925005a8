"""Which of a mention's pictures are photos and which are styles."""

from collections.abc import Sequence

from bot.posts import Attachment
from bot.request.vocabulary.phrase import Mark
from bot.request.words import Said
from worker.contract import Kind

MOST_PHOTOS = 4
MOST_STYLES = 3

Pictures = tuple[Attachment, ...]


def photos_and_styles(
    pictures: Sequence[Attachment], said: Said, kind: object, named: bool
) -> tuple[Pictures, Pictures]:
    """Both out of at least one picture, in the order they were attached.

    The rule: the first picture is the photo and up to three others are styles, blended. Where the words say so, two
    change places, or every picture but the last (or the first) is a photo of a batch; with a style by `named`, every
    picture is. A dream takes one photo and perhaps a guide; a texture has styles only.
    """
    if kind is Kind.TEXTURE:
        return (), tuple(pictures[:MOST_STYLES])
    style_first = _place(len(pictures), said) == 0
    if is_batch(len(pictures), said, kind, named):
        return _batch(pictures, style_first, kind is Kind.DREAM or named)
    if kind is Kind.DREAM:
        return (pictures[0],), tuple(pictures[1:2])
    if len(pictures) == 2 and (style_first or Mark.SWAP in said.marks):
        return (pictures[1],), (pictures[0],)
    return (pictures[0],), tuple(pictures[1 : 1 + MOST_STYLES])


def is_batch(pictures: int, said: Said, kind: object, named: bool) -> bool:
    """Several photos: three or more pictures where the words say each, or two that need no style of their own."""
    if Mark.BLEND in said.marks:
        return False
    if named or kind is Kind.DREAM:
        return pictures >= 2 and Mark.BATCH in said.marks
    return pictures >= 3 and (Mark.BATCH in said.marks or _place(pictures, said) is not None)


def _place(pictures: int, said: Said) -> int | None:
    """Which picture was called the style of the others: the last, the first (0), or none of them."""
    places = {Mark.STYLE_THIRD: 3, Mark.STYLE_FOURTH: 4, Mark.STYLE_LAST: pictures}
    if any(mark in said.marks and place == pictures for mark, place in places.items()):
        return pictures - 1
    return 0 if Mark.STYLE_FIRST in said.marks else None


def _batch(pictures: Sequence[Attachment], style_first: bool, photos_only: bool) -> tuple[Pictures, Pictures]:
    if photos_only:
        return tuple(pictures[:MOST_PHOTOS]), ()
    if style_first:
        return tuple(pictures[1 : 1 + MOST_PHOTOS]), (pictures[0],)
    return tuple(pictures[:-1][:MOST_PHOTOS]), (pictures[-1],)
