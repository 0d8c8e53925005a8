"""The readings of a mention: Wanted, Declined, Ignored or Command."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.posts import Attachment, Mention, Visibility
from worker.contract import Options


class Hint(StrEnum):
    """Why nothing is painted; bot.reply.wording has a sentence for each, in every language."""

    HOW_TO = "how_to"
    NO_PICTURE = "no_picture"
    ONE_PICTURE = "one_picture"
    NOT_IMAGES = "not_images"
    HELP = "help"
    OWNER_OPTED_OUT = "owner_opted_out"
    NOT_PUBLIC = "not_public"
    """Another person's post that not everybody may see."""
    NOTHING_TO_REPEAT = "nothing_to_repeat"
    NOTHING_TO_DELETE = "nothing_to_delete"
    UNKNOWN_STYLE = "unknown_style"
    STYLES = "styles"
    THREAD_FULL = "thread_full"


class IgnoreReason(StrEnum):
    OWN_POST = "own_post"
    BOT = "bot"
    OLD = "old"
    DENIED = "denied"
    DENIED_WORD = "denied_word"
    LOOP = "loop"
    NOT_FOR_US = "not_for_us"
    HOWTO_ALREADY_SENT = "howto_already_sent"


class Trouble(StrEnum):
    """What failed for one mention at every try."""

    UNREAD = "unread"
    """The post that the mention answers cannot be read."""
    NOT_TAKEN = "not_taken"
    """Its server does not take the painting."""


class CommandKind(StrEnum):
    DELETE = "delete"
    FORGET_ME = "forget_me"


class Difference(StrEnum):
    """How a painting differs from the one that was answered; bot.reply.wording says so instead of 'here it is'."""

    AGAIN = "again"
    STRONGER = "stronger"
    SOFTER = "softer"
    STRONGEST = "strongest"
    """Stronger was asked for, but it was at full strength already."""
    SOFTEST = "softest"
    BROADER = "broader"
    FINER = "finer"
    LARGER = "larger"
    SMALLER = "smaller"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Paintings to make: one for each photo, all with the same styles and options, answered in one post."""

    photos: tuple[Attachment, ...]
    styles: tuple[Attachment, ...] = ()
    house: str = ""
    """Key of a named house style or artist; `*` for any; empty when `styles` are given or none is needed."""
    options: Options = field(default_factory=Options)
    language: str = "en"
    again_of: str = ""
    """Id of our earlier reply whose pictures are used again; photos and styles are then empty."""
    changed: tuple[str, ...] = ()
    """For `again`: names of the options that this mention set itself; the others come from the earlier one."""
    nudges: tuple[tuple[str, float], ...] = ()
    """For `again`: options to shift by signed steps from the earlier one's values (bot.request.adjustments)."""
    swap: bool = False
    """For `again`: the photo was the style, and the style the photo."""
    unwanted: tuple[str, ...] = ()
    """Slugs of house styles that the curator passes over ('anything but mosaic')."""
    points: bool = field(default=False, compare=False)
    """The words point at a style that is shown ('in this style'), not only at the photo."""
    posts: tuple[Mention, ...] = field(default=(), compare=False, repr=False)
    """The posts that the photos and styles are attached to."""


@dataclass(frozen=True, slots=True)
class Declined:
    """No painting; one kind sentence that says how to ask."""

    hint: Hint
    language: str = "en"
    near: str = ""
    """For an unknown style: what to say to get the one whose name is nearest, or empty."""


@dataclass(frozen=True, slots=True)
class Ignored:
    why: IgnoreReason


@dataclass(frozen=True, slots=True)
class Command:
    kind: CommandKind
    language: str = "en"


Reading = Wanted | Declined | Ignored | Command
"""What `bot.request.read` makes of a mention."""


def objection(post: Mention, known: Visibility = Visibility.UNLISTED) -> Hint | None:
    """What speaks against painting from another person's post, as it is now; `known` is how it was seen before.

    What was shown to followers or to few is not painted for others.
    """
    if post.author.opted_out:
        return Hint.OWNER_OPTED_OUT
    return Hint.NOT_PUBLIC if post.visibility > max(Visibility.UNLISTED, known) else None
