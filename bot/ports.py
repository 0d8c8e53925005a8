"""Ports: what the flow asks of platforms, pictures and the queue."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.posts import Attachment, Limits, Mention, Reply
from worker.contract import Failed, Progress, Rendered, RenderJob


@dataclass(frozen=True, slots=True)
class Page:
    """Some mentions, oldest first, and the cursor from which the next poll goes on once they are safe."""

    mentions: tuple[Mention, ...]
    cursor: str


class Inbox(Protocol):
    """Where mentions come from. Raises bot.errors.PlatformError."""

    name: str

    def newest(self) -> str:
        """The cursor of a first run: everything before it is old and never answered."""

    def pages(self, cursor: str) -> Iterator[Page]:
        """Pages of mentions after `cursor`, oldest first; it reads again a little before the cursor (late commits)."""

    def parent(self, mention: Mention) -> Mention | None:
        """The post that `mention` answers, or None when it is gone or not for us."""

    def reread(self, mention_id: str) -> Mention | None:
        """The post as it is now, for a picture that was still being processed; None when it is gone or costs money."""

    def look(self, post_id: str) -> Mention | None:
        """Any post as it is now, with its author; None when it is gone or not for us. May cost money."""

    def first_contact(self) -> float:
        """When it first answered this process, by its own clock, in seconds since 1970; 0 while nobody knows."""

    def exists(self, mention_id: str) -> bool:
        """False only when the platform says that the post is gone; where looking costs money, as of some hours ago."""


class Outbox(Protocol):
    """Where replies go. Raises bot.errors.PlatformError; `Unknown` whenever a post may have happened."""

    name: str

    def limits(self) -> Limits:
        """What one reply may hold; read from the platform once and kept."""

    def post(self, reply: Reply) -> str:
        """Upload the paintings, post, and return the new post's id."""

    def find(self, mention_id: str) -> Sequence[str]:
        """Ids of our own posts that answer this mention, oldest first."""

    def strays(self, mention_id: str, author_id: str, since: datetime) -> Sequence[str]:
        """Ids of our own posts after `since` that answer this mention of this account, also where it is gone."""

    def delete(self, post_id: str) -> None:
        """Remove a post of ours; a post that is gone already is no error."""


class Manners(Protocol):
    """The small signs beside a reply. Each may do nothing where the platform forbids it."""

    def accept(self, mention: Mention) -> None:
        """Shows the author that the mention was taken on (a favourite)."""

    def note(self, mention: Mention, text: str) -> str:
        """A direct-visibility note to the author ('you are 4th'); its id, or empty where forbidden."""


class Stream(Protocol):
    def close(self) -> None: ...


@runtime_checkable
class Streaming(Protocol):
    """An inbox that tells when something comes in."""

    def listen(self, wake: Callable[[], None]) -> Stream | None:
        """Call `wake` from a thread of its own when something comes in, until closed; None when it cannot just now."""


@runtime_checkable
class Accounted(Protocol):
    """A platform that can say whose mentions these are. Raises bot.errors.PlatformError."""

    def account(self) -> str:
        """Server and account: where either is another one, ids and cursors mean something else."""


@runtime_checkable
class Rewinds(Protocol):
    """An inbox whose ids may begin anew. Raises bot.errors.PlatformError."""

    def rewound(self, cursor: str) -> str | None:
        """The cursor to go on from when everything there is far below `cursor`; else None."""


class Platform(Inbox, Outbox, Manners, Protocol):
    """A social network."""


class Pictures(Protocol):
    """Pictures, fetched, decoded safely and stored. Raises bot.errors.PictureError."""

    def fetch(self, attachment: Attachment) -> str:
        """Download within limits, decode in the confined process, store; return the SHA-256 of the PNG or JPEG."""

    def admit(self, data: bytes) -> str:
        """Make safe and store a picture that is already here (a house style); return its SHA-256."""

    def take(self, data: bytes, job: RenderJob, told: Rendered) -> str:
        """Prove and store a painting that came back from a worker; return its SHA-256."""

    def fitted(self, data: bytes, limit_bytes: int) -> bytes:
        """A painting as a JPEG within a platform's limit."""

    def read(self, key: str) -> bytes | None:
        """The stored bytes, or None when retention removed them."""

    def forget(self, keys: Sequence[str]) -> None:
        """Remove these pictures now."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a job stands, without changing anything by looking. `place` 0 means it is being painted."""

    known: bool
    place: int = 0
    running: bool = False
    died: bool = False
    """Unknown, but Redis still has its record: a worker took it and died. False when Redis was wiped."""


class Queue(Protocol):
    """The queue of render jobs. Raises bot.errors.TransportDown."""

    def submit(self, job: RenderJob, pictures: Sequence[bytes], *, at_front: bool = False) -> None:
        """Send once: a job id that is already queued or running is left as it is."""

    def outcome(self, job_id: str) -> Rendered | Failed | None:
        """The outcome of a job, if it ended."""

    def painting(self, outcome: Rendered) -> bytes | None:
        """What is shown of it: the finished picture, or the film of it; None when its blob is gone."""

    def waiting(self, job_id: str) -> Waiting:
        """Where a job stands."""

    def progress(self, job_id: str) -> Progress | None:
        """How far a job is."""

    def cancel(self, job_id: str) -> None:
        """Take it from the queue, or ask the worker to stop it."""

    def discard(self, job_id: str) -> None:
        """Remove every trace of it, so that it can be submitted again."""

    def settle(self, job_ids: Sequence[str], blobs: Sequence[str]) -> None:
        """What came of these is in the ledger: the pictures go now, and what else is known of the jobs goes soon."""

    def sweep(self) -> None:
        """Remove pictures in transit that had their time, where they do not go by themselves."""

    def depth(self) -> int:
        """How many jobs wait."""

    def used_share(self) -> float:
        """Memory that is used, of what may be used."""

    def make_room(self) -> Sequence[str]:
        """Where memory is nearly used up, take back jobs that no worker began, the youngest first; their ids."""

    def wait(self, limit_s: float) -> Sequence[str]:
        """Sleep until some job ends, or for `limit_s` seconds (perhaps less); jobs that ended, as far as is known."""
