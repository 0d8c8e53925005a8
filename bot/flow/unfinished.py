"""How long a post is read again before it is taken at its word: its server may not have resolved all of it yet.

A reply that came over from another server may have no parent for a while, a quote no post, a picture no address. That a
parent is missing does not show, so it is the meaning that decides: where a picture is missing, or where a post above
would change what is painted, it is worth waiting.
"""

from typing import Final

from bot.posts import Mention
from bot.request.reading import Declined, Hint, Reading, Wanted
from bot.styles.catalogue import ANY

_MISSING: Final = frozenset(
    {Hint.HOW_TO, Hint.NO_PICTURE, Hint.ONE_PICTURE, Hint.NOT_IMAGES, Hint.NOTHING_TO_REPEAT, Hint.NOTHING_TO_DELETE}
)
_SHORT_S: Final = 8.0
"""For a single picture without a style: mostly that is all there is."""
_LONGEST_PAUSE_S: Final = 16.0


def pause_s(mention: Mention, reading: Reading, waited_s: float, attempts: int, whole_s: float) -> float:
    """Seconds until `mention` is to be read again; 0 when it is what it is. `whole_s` is the most that is waited."""
    patience_s = _patience_s(mention, reading, whole_s)
    if not 0 <= waited_s < patience_s:
        return 0.0
    return max(0.5, min(2.0**attempts, _LONGEST_PAUSE_S, patience_s - waited_s))


def _patience_s(mention: Mention, reading: Reading, whole_s: float) -> float:
    if isinstance(reading, Wanted) and len(mention.images) > 1 and not mention.unresolved:
        return 0.0
    if any(post.unresolved for post in (mention, *mention.near)):
        return whole_s
    if mention.near:
        return 0.0
    if isinstance(reading, Declined):
        return whole_s if reading.hint in _MISSING else 0.0
    if isinstance(reading, Wanted) and reading.house == ANY and len(mention.images) == 1:
        return whole_s if reading.points else min(whole_s, _SHORT_S)
    return 0.0
