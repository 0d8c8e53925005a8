"""The judge: from what was asked and what the platform saw, what is lost, answered twice, leaked or left behind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.posts import Visibility


@dataclass
class Ask:
    """One mention, and what may come of it."""

    id: str
    who: str
    kind: str = "plain"
    least: int = 1
    """Answers that there have to be in the end; notes about the wait are none."""
    most: int = 1
    """Answers that there may be, deleted ones counted."""
    widest: Visibility = Visibility.PUBLIC
    """Nothing of ours below it may be seen by more people."""
    pictures: bool | None = None
    """Whether a painting is owed; False where none may be shown."""
    gone: bool = False
    """Withdrawn: in the end nothing of ours may stand below it."""
    bare: bool = False
    """Whose photo it was took it back: in the end no picture may stand below it, though a sentence may."""
    end: str = ""
    """What it came to, for the report."""


@dataclass(frozen=True)
class Ours:
    """A post of the bot's, as its platform keeps it."""

    id: str
    mention: str
    media: int
    visibility: Visibility
    at: float
    text: str = ""
    note: bool = False
    """About the wait; no answer."""
    standing: bool = True
    """Not deleted."""


@dataclass
class Verdict:
    """Ids of mentions, or of posts of ours that answer none."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.leaked or self.left)


def judge(asks: Iterable[Ask], ours: Sequence[Ours]) -> Verdict:
    """All four at once."""
    below: defaultdict[str, list[Ours]] = defaultdict(list)
    for post in ours:
        below[post.mention].append(post)
    verdict = Verdict()
    for ask in asks:
        posts = below.pop(ask.id, [])
        answers = [post for post in posts if not post.note]
        if not ask.gone and (len(answers) < ask.least or (ask.pictures and not any(p.media for p in answers))):
            verdict.lost.append(ask.id)
        if len(answers) > ask.most or sum(post.standing and post.media > 0 for post in answers) > 1:
            verdict.doubled.append(ask.id)
        if any(leaks(ask, post) for post in posts):
            verdict.leaked.append(ask.id)
        if any(post.standing and (ask.gone or (ask.bare and post.media)) for post in posts):
            verdict.left.append(ask.id)
    verdict.doubled += [post.id for posts in below.values() for post in posts]
    return verdict


def leaks(ask: Ask, post: Ours) -> bool:
    """Whether it shows more people what they may not see."""
    if post.media and ask.pictures is False:
        return True
    return post.visibility < ask.widest
