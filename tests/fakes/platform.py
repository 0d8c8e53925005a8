"""A fake platform in memory, with the faults that the real ones have."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest

from bot.errors import Refused, Unknown
from bot.ports import Page
from bot.posts import Attachment, Author, Limits, Media, Mention, Reply, Visibility
from tests.fakes.clock import FakeClock

LOST = Unknown("the connection was reset")


@dataclass(frozen=True)
class Posted:
    """One post of ours, as the platform keeps it."""

    id: str
    reply: Reply
    visible_at: float


@dataclass
class FakePlatform:
    """A network: everything that was ever posted stays in `log`, deleted or not, for the oracle."""

    clock: FakeClock
    name: str = "fake"
    facts: Limits = field(default_factory=lambda: Limits(500, 1500, 4, 16 * 2**20))
    mentions: list[Mention] = field(default_factory=list)
    parents: dict[str, Mention] = field(default_factory=dict)
    edited: dict[str, Mention] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    log: list[Posted] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    """Posts whose text and pictures were asked for."""
    lost_notes: bool = False
    """A note is posted, and its answer gets lost."""
    notes_visible_at: list[float] = field(default_factory=list)
    unfindable: dict[str, Exception] = field(default_factory=dict)
    """Mentions whose answers cannot be looked for, for ever."""
    unreadable: dict[str, Exception] = field(default_factory=dict)
    """Posts above that cannot be read, for ever."""
    unpostable: dict[str, Exception] = field(default_factory=dict)
    """Mentions under which no painting can be posted, for ever; sentences can."""
    posts_tried: list[str] = field(default_factory=list)
    visibility_lag_s: float = 0.0
    before_post: list[Exception] = field(default_factory=list)
    """Raised, one a post, before anything happens."""
    after_post: list[Exception] = field(default_factory=list)
    """Raised, one a post, after the post exists: the answer was lost."""
    on_post: Callable[[Reply], None] = lambda reply: None
    empty_pages: int = 0
    """So many looks show nothing although there is something."""
    met_at: float = 0.0
    """When the process that asks met it, by its own clock."""

    def first_contact(self) -> float:
        return self.met_at

    def newest(self) -> str:
        return str(len(self.mentions))

    def pages(self, cursor: str) -> Iterator[Page]:
        """Two mentions a page; the cursor stays two behind, so that they are read again, and never goes back."""
        if self.empty_pages:
            self.empty_pages -= 1
            return
        for first in range(int(cursor), len(self.mentions), 2):
            some = tuple(self.mentions[first : first + 2])
            yield Page(some, str(max(int(cursor), first + len(some) - 2)))

    def parent(self, mention: Mention) -> Mention | None:
        self.looked_up.append(mention.in_reply_to)
        if mention.in_reply_to in self.unreadable:
            raise self.unreadable[mention.in_reply_to]
        found = self.parents.get(mention.in_reply_to)
        return found and replace(found, parent=None)

    def reread(self, mention_id: str) -> Mention | None:
        return self.edited.get(mention_id)

    def look(self, post_id: str) -> Mention | None:
        known = self.parents | {mention.id: mention for mention in (*self.mentions, *self._own_posts())}
        return None if post_id in self.gone else known.get(post_id)

    def _own_posts(self) -> Iterator[Mention]:
        us = Author("0", "us", "fake")
        for number, (_, text) in enumerate(self.notes, 1):
            yield Mention(self.name, f"n{number}", us, text, visibility=Visibility.DIRECT, by_us=True)
        for post in self.log:
            shown = (Attachment(Media.IMAGE),) * len(post.reply.paintings)
            yield Mention(self.name, post.id, us, post.reply.text, shown, by_us=True)

    def exists(self, mention_id: str) -> bool:
        return mention_id not in self.gone

    def limits(self) -> Limits:
        return self.facts

    def post(self, reply: Reply) -> str:
        self.posts_tried.append(reply.to)
        if self.before_post:
            raise self.before_post.pop(0)
        if reply.paintings and reply.to in self.unpostable:
            raise self.unpostable[reply.to]
        if reply.to in self.gone:
            raise Refused(404)
        self.on_post(reply)
        posted = Posted(f"p{len(self.log)}", reply, self.clock.elsewhere + self.visibility_lag_s)
        self.log.append(posted)
        if self.after_post:
            raise self.after_post.pop(0)
        return posted.id

    def find(self, mention_id: str) -> Sequence[str]:
        if mention_id in self.unfindable:
            raise self.unfindable[mention_id]
        shown = zip_longest((to for to, _ in self.notes), self.notes_visible_at, fillvalue=0.0)
        notes = [(float(at), f"n{number}") for number, (to, at) in enumerate(shown, 1) if to == mention_id]
        posts = [(post.visible_at, post.id) for post in self.log if post.reply.to == mention_id]
        now = self.clock.elsewhere
        return [post_id for at, post_id in sorted(notes + posts) if at <= now and post_id not in self.deleted]

    def strays(self, mention_id: str, author_id: str, since: datetime) -> Sequence[str]:
        return self.find(mention_id)

    def delete(self, post_id: str) -> None:
        self.deleted.append(post_id)

    def accept(self, mention: Mention) -> None:
        self.accepted.append(mention.id)

    def note(self, mention: Mention, text: str) -> str:
        self.notes.append((mention.id, text))
        self.notes_visible_at.append(self.clock.elsewhere + self.visibility_lag_s)
        if self.lost_notes:
            raise LOST
        return f"n{len(self.notes)}"

    def replies_to(self, mention_id: str) -> list[Reply]:
        """Everything ever posted in answer to this mention."""
        return [posted.reply for posted in self.log if posted.reply.to == mention_id]
