"""Words that only speak of a painting or of another one: 'thanks again', 'I will try again', 'is this Van Gogh?'."""

from collections.abc import Iterable

from bot.request.negation import Wish
from bot.request.vocabulary.naming import STOP
from bot.request.vocabulary.negation import ALSO
from bot.request.vocabulary.telling import (
    AFTER,
    AFTER_ONCE,
    ASKS_ABOUT,
    BEFORE,
    BEFORE_A_VERB,
    COMPLAINS,
    ONCE_MORE,
    REQUESTS,
    TELLS,
)

_NEAR = 60
"""Characters around the words that are looked at."""


def mentions_again(text: str, wish: Wish) -> bool:
    """Whether the 'again' of `wish` is part of thanks, of a tale or of a plan."""
    words = text[wish.start : wish.end]
    if not ONCE_MORE.search(words):
        return False
    before, after = _clause(text, wish)
    if REQUESTS.search(before) or REQUESTS.search(STOP.split(after, maxsplit=1)[0]):
        return False
    tells = BEFORE_A_VERB if words.startswith(("do ", "try ")) else BEFORE
    ends = AFTER_ONCE.match(after) if words.startswith("once again") else None
    return bool(tells.search(before) or AFTER.match(after) or ends)


def asks_about(text: str, wish: Wish) -> bool:
    """Whether `wish` is what a question about the picture asks for: 'is this a dream?'."""
    before = text[max(0, wish.start - _NEAR) : wish.start]
    return ASKS_ABOUT.search(before) is not None and not COMPLAINS.search(text[wish.start : wish.end])


def only_told(text: str, names: Iterable[Wish]) -> bool:
    """Whether each of these names, and there are some, says or asks what a picture is."""
    last: int | None = None
    for name in sorted(names):
        on = last is not None and ALSO.fullmatch(text[last : min(name.start, last + _NEAR)]) is not None
        if not on and TELLS.search(text[max(0, name.start - _NEAR) : name.start]) is None:
            return False
        last = name.end
    return last is not None


def _clause(text: str, wish: Wish) -> tuple[str, str]:
    """What stands before `wish` in its clause, and what follows it."""
    before = STOP.split(text[max(0, wish.start - _NEAR) : wish.start])[-1]
    return before, text[wish.end : wish.end + _NEAR]
