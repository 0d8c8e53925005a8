"""Which of a mention's pictures are photos and which are styles."""

from collections.abc import Sequence

from bot.posts import Attachment
from bot.request.naming import anywhere
from bot.request.said import Said
from bot.request.vocabulary import PHRASES
from bot.request.vocabulary.alt_text import PAINTED, PHOTOGRAPHED
from bot.request.vocabulary.phrase import Mark
from bot.styles.names import Names
from bot.text import fold
from worker.contract import Kind

MOST_PHOTOS = 4
MOST_STYLES = 3
_PAINTINGS = (PAINTED, *(phrase for phrase in PHRASES if Mark.STRANGE_STYLE in phrase.marks))
"""Words for paintings, and the well-known painters and manners of the grammar."""
_NAMES_AN_ORDER = frozenset({Mark.SWAP, Mark.STYLE_FIRST, Mark.STYLE_LAST})

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


def told_apart(photos: Pictures, styles: Pictures, said: Said, names: Names) -> tuple[Pictures, Pictures]:
    """Both of a post whose attachments stand in no order: the one of each that it has, by what they are.

    As they come where the words name an order, where there are more of either, and where the alt texts tell nothing.
    Only texts are asked. Takahe keeps no EXIF of cameras; and what pixels say (grain, edges, tones, colours at 192 px,
    by logistic regression) does not carry over: of the pairs it was sure about, 96% were right among 61 pictures it had
    not seen, but 47%, 85% and 81% where a whole collection of photos had been left out of the fit.
    """
    ordered = said.marks & _NAMES_AN_ORDER or not len(photos) == len(styles) == 1
    if ordered or _painted(photos[0], names) <= _painted(styles[0], names):
        return photos, styles
    return styles, photos


def _painted(picture: Attachment, names: Names) -> int:
    """1 for a painting, -1 for a photo, 0 where the alt text says neither, or both ('a photo of a painting')."""
    text = fold(picture.description)
    painted = any(phrase.pattern.search(text) for phrase in _PAINTINGS) or any(anywhere(text, names))
    return int(painted) - int(PHOTOGRAPHED.pattern.search(text) is not None)
