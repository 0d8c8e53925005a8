"""What a mention asks for: `read(mention, catalogue)` joins its words and its pictures."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.admission import Admission
from bot.posts import Attachment, Mention
from bot.request.photos_and_styles import is_batch, photos_and_styles, told_apart
from bot.request.reading import Command, CommandKind, Declined, Hint, Ignored, IgnoreReason, Reading, Wanted, objection
from bot.request.said import Said
from bot.request.vocabulary.phrase import Mark
from bot.request.words import parse_words
from bot.styles.catalogue import ANY, Catalogue
from bot.text import language_of
from worker.contract import Kind, Options

EVERYBODY = Admission()

_CHATTY_AGAIN_WORDS = 4
_INSISTING_WORDS = 8
_POINTS = re.compile(
    r"\b(?:this|that|my|the attached)\b.{0,12}\b(?:style|painting|manner|art|way)\b"
    r"|\blike (?:this|that|mine)\b|这种|这个|这样|这幅|那种",
    re.IGNORECASE,
)
"""A style that is shown."""


def read(
    mention: Mention, catalogue: Catalogue, admission: Admission = EVERYBODY, now: datetime | None = None
) -> Reading:
    """What `mention` asks for; what is not understood is passed over. Never raises.

    The pictures decide (bot/request/read.py has one function a case), the words refine:

    1. a command (delete, forget me) needs no picture and is taken only from a mention that says nothing else, or says
       under our own post what shall be deleted;
    2. a question (help, which styles) is answered in words;
    3. a reply to our own post without pictures repeats that painting, with what it asks to change;
    4. pictures of the mention itself, else of the post it answers, are sorted into photos and styles.
    """
    silence = admission.silence(mention, now)
    if silence is not None:
        return silence
    said = parse_words(mention.text, catalogue.names)
    language = language_of(mention.text, mention.language)
    case = _Case(mention, said, language, catalogue)
    reading = case.command() or case.question() or case.repeat() or case.painting() or case.without_pictures()
    banned = isinstance(reading, Wanted) and admission.bans(mention)
    return Ignored(IgnoreReason.DENIED_WORD) if banned else reading


@dataclass(frozen=True, slots=True)
class _Case:
    mention: Mention
    said: Said
    language: str
    catalogue: Catalogue

    def command(self) -> Reading | None:
        if self._own or not self._is_command:
            return None
        if Mark.FORGET in self.said.marks:
            return Command(CommandKind.FORGET_ME, self.language)
        if self.mention.above:
            return Command(CommandKind.DELETE, self.language)
        return Declined(Hint.NOTHING_TO_DELETE, self.language)

    def question(self) -> Reading | None:
        """Help, or the list of styles: in words alone, under our own post too."""
        said = self.said
        if said.bare and Mark.STYLES in said.marks and len(self._own) < 2 and not self._named_house:
            return Declined(Hint.STYLES, self.language)
        helps = said.bare and Mark.HELP in said.marks and not self._own
        return Declined(Hint.HELP, self.language) if helps else None

    def repeat(self) -> Reading | None:
        """A reply to our own post: again, with other options, or just a kind word."""
        if self._own or self._pointed is self.mention.quoted is not None:
            return None
        said = self.said
        again = Mark.AGAIN in said.marks and Mark.REFUSE not in said.marks and said.unexplained <= _CHATTY_AGAIN_WORDS
        if not self._our_post:
            alone = again and said.unexplained == 0 and not self._parent_images
            return Declined(Hint.NOTHING_TO_REPEAT, self.language) if alone else None
        options = self._with_kind(said.changes, 1)
        swap = Mark.SWAP in said.marks
        house = "" if said.told else self._another_house
        unknown = said.unknown_style and not house and not said.told
        wishes = bool(options or said.nudges or house or unknown or swap)
        if not again and not (wishes and (said.nothing_else or said.polite)):
            return Ignored(IgnoreReason.LOOP)
        if unknown:
            return self._unknown_style()
        if not wishes:
            options["seed"] = fresh_seed(self.mention)
        return Wanted(
            photos=(),
            house=house,
            unwanted=self._unwanted,
            options=Options.model_validate(options),
            language=self.language,
            again_of=self._our_post,
            changed=tuple(sorted(options)),
            nudges=tuple(sorted(said.nudges.items())),
            swap=swap,
        )

    def painting(self) -> Reading | None:
        own, parent = self._own, self._parent_images
        if not own and not self._asks_for_the_parent:
            return None
        if len(own) >= 2 or not parent:
            pictures: Sequence[Attachment] = own
        elif self._objection:
            return Declined(self._objection, self.language)
        elif own:
            pictures = (parent[0], own[0])
        else:
            batch = is_batch(len(parent), self.said, self.said.options.get("kind"), bool(self._named_house))
            pictures = parent if self._by_the_same_author or batch else parent[:1]
        if not pictures:
            return None
        return self._wanted(pictures)

    def _wanted(self, pictures: Sequence[Attachment]) -> Reading:
        options = self._with_kind(self.said.options, len(pictures))
        photos, styles = photos_and_styles(pictures, self.said, options.get("kind"), bool(self._named_house))
        posts = tuple(
            post for post in (self.mention, *self.mention.near) if not {*photos, *styles}.isdisjoint(post.images)
        )
        if len(posts) == 1 and posts[0].unordered and options.get("kind") is not Kind.DREAM:
            photos, styles = told_apart(photos, styles, self.said, self.catalogue.names)
        if self.said.unknown_style and not styles:
            return self._unknown_style()
        house = ""
        if not styles and options.get("kind") is not Kind.DREAM:
            if not self.catalogue.styles:
                return Declined(Hint.ONE_PICTURE, self.language)
            house = self._named_house or ANY
        weights = options.get("weights")
        if isinstance(weights, tuple) and len(weights) != len(styles):
            del options["weights"]
        wish = Options.model_validate(options)
        points = _POINTS.search(self.mention.text) is not None
        return Wanted(
            photos, styles, house, wish, self.language, unwanted=self._unwanted, points=points, posts=posts
        )  # fmt: skip

    def _unknown_style(self) -> Declined:
        near = next(iter(self.catalogue.among(self.said.near_house)), None)
        return Declined(Hint.UNKNOWN_STYLE, self.language, near.called(self.language) if near else "")

    def without_pictures(self) -> Reading:
        if Mark.HELP in self.said.marks:
            return Declined(Hint.HELP, self.language)
        if self.mention.attachments:
            return Declined(Hint.NOT_IMAGES, self.language)
        understood = self.said.understood > 0 and Mark.REFUSE not in self.said.marks
        if self.mention.in_reply_to and not self._by_the_same_author and not self.said.bare:
            return Ignored(IgnoreReason.NOT_FOR_US)
        return Declined(Hint.NO_PICTURE if understood else Hint.HOW_TO, self.language)

    def _with_kind(self, asked: Mapping[str, object], pictures: int) -> dict[str, object]:
        """What was asked for; a dream or a texture in passing counts only beside a single picture."""
        options = dict(asked)
        if "kind" not in options and self.said.weak_kind is not None and pictures <= 1:
            options["kind"] = self.said.weak_kind
            if self.said.weak_kind is Kind.DREAM and self.said.weak_layer is not None:
                options["layer"] = self.said.weak_layer
        return options

    @property
    def _is_command(self) -> bool:
        said = self.said
        if not said.marks & {Mark.DELETE, Mark.FORGET} or said.options or said.house or Mark.REFUSE in said.marks:
            return False
        insists = Mark.INSIST in said.marks and bool(self._our_post) and said.unexplained <= _INSISTING_WORDS
        return said.unexplained == 0 or said.polite or insists

    @property
    def _our_post(self) -> str:
        """Id of the post of ours that this one answers, or else quotes."""
        parent, quoted = self.mention.parent, self.mention.quoted
        if parent is not None and parent.by_us:
            return self.mention.in_reply_to
        return quoted.id if quoted is not None and quoted.by_us else ""

    @property
    def _pointed(self) -> Mention | None:
        """The post whose pictures are meant where this one has none: the one it quotes, before the one it answers."""
        shown = (post for post in self.mention.near if post.images and not post.by_us)
        return next(shown, None)

    @property
    def _named_house(self) -> str:
        return self.said.house or (ANY if Mark.SURPRISE in self.said.marks else "")

    @property
    def _another_house(self) -> str:
        """Under a painting of ours; whoever rules a style out there wants another."""
        return self._named_house or (ANY if self.said.unwanted else "")

    @property
    def _unwanted(self) -> tuple[str, ...]:
        return tuple(style.slug for key in self.said.unwanted for style in self.catalogue.among(key))

    @property
    def _own(self) -> tuple[Attachment, ...]:
        return _distinct(self.mention.images)

    @property
    def _parent_images(self) -> tuple[Attachment, ...]:
        return () if self._pointed is None else _distinct(self._pointed.images)

    @property
    def _by_the_same_author(self) -> bool:
        post = self._pointed or self.mention.parent
        return post is not None and post.author.id == self.mention.author.id

    @property
    def _objection(self) -> Hint | None:
        post = self._pointed
        return None if post is None or self._by_the_same_author else objection(post)

    @property
    def _asks_for_the_parent(self) -> bool:
        """A bare handle, or words that ask: people chat in threads that we were once mentioned in."""
        if not self._parent_images or Mark.REFUSE in self.said.marks:
            return False
        return self.said.understood > 0 or (self.said.unexplained == 0 and Mark.ASIDE not in self.said.marks)


def _distinct(images: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Without the same file twice; a picture still being processed has no address to compare."""
    kept: list[Attachment] = []
    for image in images:
        if not image.url or all(image.url != other.url for other in kept):
            kept.append(image)
    return tuple(kept)


def fresh_seed(mention: Mention) -> int:
    """A new seed for 'again', the same however often this mention is read."""
    digest = hashlib.sha256(f"{mention.platform}:{mention.id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2**31 - 1) + 1
