"""Posts, the same for every platform: the mention addressed to the bot and the reply that answers it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Visibility(IntEnum):
    """Who can see a post, from widest to narrowest, so that `max` of two is the narrower."""

    PUBLIC = 0
    UNLISTED = 1
    FOLLOWERS = 2
    DIRECT = 3


class Media(StrEnum):
    """Kind of an attachment, as the platform says."""

    IMAGE = "image"
    PENDING = "pending"
    """An image that the platform is still processing; worth another look for ten minutes."""
    UNKNOWN = "unknown"
    """The platform has not found out yet; worth another look."""
    OTHER = "other"
    """Video, sound, animation or unknown: never fetched."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture (or other medium) attached to a post, not yet fetched."""

    media: Media
    url: str = ""
    fallback_urls: tuple[str, ...] = ()
    """Tried in order when `url` answers 404 (X serves the original under some names only)."""
    description: str = ""
    """Alt text given by its author, or empty."""
    width_px: int = 0
    height_px: int = 0
    """As the platform says, 0 when unknown; never trusted."""


def pixels(value: object) -> int:
    """A size as a platform says it, which is a hint: whatever is no positive number counts as unknown, 0."""
    return value if isinstance(value, int) and value > 0 else 0


@dataclass(frozen=True, slots=True)
class Author:
    id: str
    handle: str
    """Without the leading @, as it must be written to mention them."""
    host: str
    """Their instance; the platform's own host for local people and on X."""
    is_bot: bool = False
    opted_out: bool = False
    """#nobot or #noai in bio or fields."""
    follows_us: bool = False
    """A hint for the queue's priority; False when the platform does not say."""


NOBODY = Author(id="", handle="", host="")


@dataclass(frozen=True, slots=True)
class Mention:
    """A post that mentions us, in platform-neutral words. `platform` + `id` identify it for ever."""

    platform: str
    id: str
    author: Author
    text: str
    """Plain text without our handle, HTML already removed; hashtags kept with their #."""
    attachments: tuple[Attachment, ...] = ()
    created_at: datetime | None = None
    """Aware, UTC."""
    visibility: Visibility = Visibility.PUBLIC
    warning: str = ""
    """Content warning, or empty."""
    sensitive: bool = False
    language: str = ""
    """ISO 639 code, or empty."""
    in_reply_to: str = ""
    """Id of the post this one answers, or empty."""
    parent: "Mention | None" = None
    """That post, when the platform could show it; its own parent is not followed."""
    quotes: str = ""
    """Id of the post this one quotes, or empty."""
    quoted: "Mention | None" = None
    """That post, when the platform could show it; what it quotes itself is not followed."""
    unresolved: bool = False
    """The platform says that it is still finding out what this post shows or quotes."""
    by_us: bool = False
    """True for our own posts (as parents)."""
    platform_root: str = ""
    """Id of the thread's first post where the platform says, or empty."""
    unordered: bool = False
    """The platform keeps no order of attachments: they stand as they were uploaded."""

    @property
    def images(self) -> tuple[Attachment, ...]:
        """The attachments that are images, ready or pending, in the order they were attached."""
        return tuple(a for a in self.attachments if a.media in (Media.IMAGE, Media.PENDING))

    @property
    def near(self) -> "tuple[Mention, ...]":
        """The posts that this one answers and quotes, as far as they are known."""
        return tuple(post for post in (self.quoted, self.parent) if post is not None)

    @property
    def above(self) -> tuple[str, ...]:
        """Ids of the posts that this one answers and quotes."""
        return tuple(filter(None, (self.in_reply_to, self.quotes)))


@dataclass(frozen=True, slots=True)
class Painting:
    """A finished picture, or a film of one, to attach: encoded bytes that carry no metadata of the input."""

    data: bytes
    mime_type: str
    description: str
    """Alt text; never empty."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One post that answers one mention. The adapter adds the author's handle and fits nothing: `text` already fits."""

    to: str
    """Id of the mention."""
    handle: str
    """The mention's author, the only person addressed."""
    text: str
    key: str
    """Idempotency key; the same for every attempt at this reply."""
    paintings: tuple[Painting, ...] = ()
    visibility: Visibility = Visibility.UNLISTED
    warning: str = ""
    sensitive: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    text_length: int
    """Weighted characters, the handle included."""
    description_length: int
    paintings: int
    image_bytes: int
    looks_cost: bool = False
    """True where it costs money to look at a post again."""
    all_public: bool = False
    """True where a reply is always seen by everybody."""
    one_reply_only: bool = False
    """True where a second automated post to the same mention (a 'you are in the queue' note) is forbidden."""
    video: bool = True
    """Whether MP4 is taken; GIF is everywhere."""
