"""A photo told from a painting by their alt texts, for servers that keep no order of attachments."""

import re
from functools import cache

from bot.posts import Attachment
from bot.request.naming import anywhere
from bot.request.vocabulary import phrase_patterns
from bot.request.vocabulary.alt_text import PAINTED, PHOTOGRAPHED
from bot.request.vocabulary.phrase import Mark
from bot.request.words import Said
from bot.styles.names import Names
from bot.text import fold

_NAMES_AN_ORDER = frozenset({Mark.SWAP, Mark.STYLE_FIRST, Mark.STYLE_LAST})

Pair = tuple[tuple[Attachment, ...], tuple[Attachment, ...]]


def told_apart(photos: tuple[Attachment, ...], styles: tuple[Attachment, ...], said: Said, names: Names) -> Pair:
    """(photos, styles) of a post whose attachments stand in no order: the one of each that it has, by what they are.

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
    painted = any(pattern.search(text) for pattern in _paintings()) or any(anywhere(text, names))
    return int(painted) - int(PHOTOGRAPHED.pattern().search(text) is not None)


@cache
def _paintings() -> tuple[re.Pattern[str], ...]:
    """Words for paintings, and the well-known painters and manners of the grammar."""
    manners = [pattern for phrase, pattern in phrase_patterns() if Mark.STRANGE_STYLE in phrase.marks]
    return PAINTED.pattern(), *manners
