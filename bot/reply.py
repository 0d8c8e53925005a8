"""What we say back, on no platform in particular."""

from dataclasses import dataclass

from bot.mention import Visibility


@dataclass(frozen=True, slots=True)
class Painting:
    """A finished picture to attach: encoded bytes that carry no metadata of the input."""

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
    """What one reply may hold on a platform, learnt from it where it says."""

    text_length: int
    """Weighted characters, the handle included."""
    description_length: int
    paintings: int
    image_bytes: int
    image_pixels: int
    one_reply_only: bool = False
    """True where a second automated post to the same mention (a 'you are in the queue' note) is forbidden."""
