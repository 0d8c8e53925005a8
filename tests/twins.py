"""In-memory twins of the outside world: small real programs at the ports, with the faults that the real ones have."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import zip_longest

from bot.errors import PictureError, PictureReason, Refused, TransportDown, TransportFull, Unknown
from bot.ports import Page, Waiting
from bot.posts import Attachment, Author, Limits, Media, Mention, Reply
from bot.queue.redis_room import Memory
from bot.styles.catalogue import ANY, HouseStyle
from worker.contract import Failed, FailureCode, Format, Progress, Rendered, RenderJob

EPOCH = 1_800_000_000.0

ANN = Author(id="1", handle="ann@home.example", host="home.example")
BEN = Author(id="2", handle="ben@home.example", host="home.example")


def picture(name: str, description: str = "") -> Attachment:
    """An image attachment that TwinPictures can fetch."""
    return Attachment(Media.IMAGE, url=f"https://home.example/{name}", description=description)


def mention(
    number: int, author: Author = ANN, text: str = "", *pictures: Attachment, at: float = EPOCH + 100
) -> Mention:
    """A mention on the twin platform; with two pictures unless told otherwise."""
    attachments = pictures or (picture("photo"), picture("style"))
    return Mention("twin", str(number), author, text, attachments, datetime.fromtimestamp(at, UTC))


@dataclass
class TwinClock:
    """Time that passes when it is told to."""

    boot: str = "boot"
    wall: float = EPOCH
    since_boot: float = 1000.0
    elsewhere: float = 0.0
    """The platform's own time, which nobody here sets."""

    def now(self) -> float:
        return self.wall

    def steady(self) -> float:
        return self.since_boot

    def pass_s(self, seconds: float) -> None:
        self.wall += seconds
        self.since_boot += seconds
        self.elsewhere += seconds


@dataclass(frozen=True)
class Posted:
    """One post of ours, as the platform keeps it."""

    id: str
    reply: Reply
    visible_at: float


@dataclass
class TwinPlatform:
    """A network: everything that was ever posted stays in `log`, deleted or not, for the oracle."""

    clock: TwinClock
    name: str = "twin"
    facts: Limits = field(default_factory=lambda: Limits(500, 1500, 4, 16 * 2**20, 33_000_000))
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

    def first_word(self) -> float:
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
        known = self.parents | {mention.id: mention for mention in self.mentions}
        return None if post_id in self.gone else known.get(post_id)

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
        now = self.clock.elsewhere
        shown = zip_longest((to for to, _ in self.notes), self.notes_visible_at, fillvalue=0.0)
        notes = [f"n{number}" for number, (to, at) in enumerate(shown, 1) if to == mention_id and float(at) <= now]
        posts = [p.id for p in self.log if p.reply.to == mention_id and p.visible_at <= now]
        return [post_id for post_id in (*notes, *posts) if post_id not in self.deleted]

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


@dataclass
class TwinPictures:
    """Pictures in a dict; a URL's bytes are its own name."""

    stored: dict[str, bytes] = field(default_factory=dict)
    troubles: dict[str, list[PictureError]] = field(default_factory=dict)
    """By URL: raised one a try; a permanent one is raised for ever."""
    fetched: list[str] = field(default_factory=list)

    def fetch(self, attachment: Attachment) -> str:
        if attachment.media is Media.PENDING:
            raise PictureError(PictureReason.PENDING, retry=True)
        troubles = self.troubles.get(attachment.url, [])
        if troubles:
            raise troubles.pop(0) if troubles[0].retry else troubles[0]
        self.fetched.append(attachment.url)
        return self.keep(attachment.url.encode())

    def admit(self, data: bytes) -> str:
        return self.keep(data)

    def take(self, data: bytes, job: RenderJob, told: Rendered) -> str:
        return self.keep(data)

    def fitted(self, data: bytes, limit_bytes: int) -> bytes:
        return data[:limit_bytes]

    def keep(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        self.stored[key] = data
        return key

    def read(self, key: str) -> bytes | None:
        return self.stored.get(key)

    def forget(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.stored.pop(key, None)


@dataclass
class TwinRenders:
    """A queue and its worker in one: `paint` works off what is queued."""

    queue: list[RenderJob] = field(default_factory=list)
    running: list[RenderJob] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    outcomes: dict[str, Rendered | Failed] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    submitted: list[str] = field(default_factory=list)
    settled: list[tuple[str, ...]] = field(default_factory=list)
    painted: int = 0
    is_down: bool = False
    is_full: bool = False

    def submit(self, job: RenderJob, pictures: Sequence[bytes], *, at_front: bool = False) -> None:
        self._up()
        if self.is_full:
            raise TransportFull("the twin is full")
        self.blobs.update({hashlib.sha256(data).hexdigest(): data for data in pictures})
        if any(job.id == other.id for other in (*self.queue, *self.running)) or job.id in self.outcomes:
            return
        self.submitted.append(job.id)
        self.queue.insert(0 if at_front else len(self.queue), job)

    def outcome(self, job_id: str) -> Rendered | Failed | None:
        self._up()
        return self.outcomes.get(job_id)

    def painting(self, outcome: Rendered) -> bytes | None:
        self._up()
        return self.blobs.get(outcome.shown)

    def waiting(self, job_id: str) -> Waiting:
        self._up()
        if any(job.id == job_id for job in self.running):
            return Waiting(known=True, running=True)
        places = [place for place, job in enumerate(self.queue, 1) if job.id == job_id]
        return Waiting(known=bool(places), place=sum(places), died=job_id in self.dead)

    def progress(self, job_id: str) -> Progress | None:
        return None

    def cancel(self, job_id: str) -> None:
        self._up()
        self.queue = [job for job in self.queue if job.id != job_id]

    def discard(self, job_id: str) -> None:
        self._up()
        self.cancel(job_id)
        self.running = [job for job in self.running if job.id != job_id]
        self.outcomes.pop(job_id, None)
        self.dead.discard(job_id)

    def settle(self, job_ids: Sequence[str], blobs: Sequence[str]) -> None:
        self._up()
        self.settled.append((*job_ids,))
        for key in blobs:
            self.blobs.pop(key, None)

    def sweep(self) -> None:
        self._up()

    def depth(self) -> int:
        self._up()
        return len(self.queue)

    def wait(self, limit_s: float) -> Sequence[str]:
        self._up()
        return ()

    def memory(self) -> Memory:
        self._up()
        return Memory(int(self.is_full), 1)

    def make_room(self) -> Sequence[str]:
        """Takes everything back that waits."""
        self._up()
        taken = [job.id for job in self.queue] if self.is_full else []
        for name in taken:
            self.cancel(name)
        return taken

    def paint(self, code: FailureCode | None = None) -> None:
        """Works off everything that is queued, with a painting or (`code`) a failure each."""
        for job in self.queue:
            missing = any(key not in self.blobs for key in (job.photo, *job.styles) if key)
            if code or missing:
                self.outcomes[job.id] = Failed(id=job.id, code=code or FailureCode.PICTURE_MISSING)
                continue
            self.painted += 1
            data = f"painting of {job.id}".encode()
            key = hashlib.sha256(data).hexdigest()
            self.blobs[key] = data
            self.outcomes[job.id] = Rendered(
                id=job.id, blob=key, format=Format.JPEG, height_px=384, width_px=512, seconds=20, iterations=200,
                backbone="lite", seed=0,
            )  # fmt: skip
        self.queue.clear()

    def start(self) -> None:
        """A worker takes the first job."""
        self.running.append(self.queue.pop(0))

    def worker_dies(self) -> None:
        """What was running leaves its record behind and nothing else."""
        self.dead.update(job.id for job in self.running)
        self.running.clear()

    def flush(self) -> None:
        """FLUSHALL."""
        for store in (self.queue, self.running, self.dead, self.outcomes, self.blobs):
            store.clear()

    def _up(self) -> None:
        if self.is_down:
            raise TransportDown("the twin is down")


class TwinHouse:
    """One house style."""

    style = HouseStyle("waves", "Waves", "Nobody", "2026")

    def __init__(self, pictures: TwinPictures) -> None:
        self._pictures = pictures

    def named(self, slug: str) -> tuple[HouseStyle, str] | None:
        return (self.style, self._pictures.keep(b"waves")) if slug == self.style.slug else None

    def chosen(
        self, photo: bytes, mention_id: str, worn: Sequence[str] = (), among: str = ANY
    ) -> tuple[HouseStyle, str] | None:
        return (
            None
            if among not in {ANY, self.style.slug}
            else (replace(self.style, chosen=True), self._pictures.keep(b"waves"))
        )

    def names(self, language: str) -> Sequence[str]:
        return [self.style.title]


LOST = Unknown("the connection was reset")
