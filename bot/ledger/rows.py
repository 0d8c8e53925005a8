"""What the ledger remembers of a mention: its state, what is painted for it, and what will be said."""

import re
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NewType, Self, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.posts import NOBODY, Mention, Visibility
from bot.request.reading import Difference
from bot.styles.catalogue import HouseStyle
from bot.text import language_of
from worker.contract import OUTCOME, Options, RenderJob


class State(StrEnum):
    """State of a mention; those in `ENDS` are final."""

    NEW = "new"
    """Recorded; nothing was decided yet."""
    READY = "ready"
    """Its pictures are stored and its jobs written down, not yet sent."""
    QUEUED = "queued"
    """Its jobs were sent."""
    DECIDED = "decided"
    """What we answer is decided (a painting or a sentence); nothing was sent to the platform."""
    POSTING = "posting"
    """Written before the post is sent: from here on it may exist."""
    ANSWERED = "answered"
    DECLINED = "declined"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"
    """Written as something else by a newer release, which alone knows how to go on from there."""

    @classmethod
    def _missing_(cls, value: object) -> "State":
        return cls.UNREADABLE


ENDS = frozenset({State.ANSWERED, State.DECLINED, State.FAILED, State.WITHDRAWN, State.IGNORED})
OPEN = frozenset(State) - ENDS - {State.UNREADABLE}
IN_FLIGHT = (State.READY, State.QUEUED, State.DECIDED, State.POSTING)


@dataclass(frozen=True, slots=True)
class CreatedAt:
    """When this ledger was created; it knows of no answer sent before."""

    boot: str
    steady: float
    wall: float


class About(StrEnum):
    """Subject of an answer, which decides how its mention ends."""

    PAINTING = "painting"
    HINT = "hint"
    COOLDOWN = "cooldown"
    PICTURE = "picture"
    FAILURE = "failure"
    TROUBLE = "trouble"
    COMMAND = "deed"


_ENDS_AS = {
    About.PAINTING: State.ANSWERED, About.HINT: State.DECLINED, About.COOLDOWN: State.DECLINED,
    About.PICTURE: State.FAILED, About.FAILURE: State.FAILED, About.TROUBLE: State.FAILED,
    About.COMMAND: State.ANSWERED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What we say, as codes; bot.reply.wording has the sentences."""

    about: About
    code: str = ""
    """A Hint, PictureReason, FailureCode, Trouble or CommandKind, by its value; whose quota for a cooldown; empty for a
    painting."""
    language: str = "en"
    wait_s: float = 0.0
    """Only for a cooldown: seconds until another request is welcome."""
    near: str = ""
    """Only for an unknown style: what the one with the most similar name is called, or empty."""

    @property
    def ends_as(self) -> State:
        return _ENDS_AS[self.about]


@dataclass(frozen=True, slots=True)
class Source:
    """A post that a painting goes back to: the mention itself, and every post that gave a picture."""

    post: str
    """Its id."""
    author: str
    """Account id of who wrote it; empty where it is not known any more."""
    handle: str = ""
    host: str = ""
    visibility: Visibility = Visibility.DIRECT
    warning: str = ""
    sensitive: bool = False
    pictures: tuple[str, ...] = ()
    """Keys of the pictures that it gave."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is painted for a mention: the same styles and options for every photo."""

    photos: tuple[str, ...]
    """Picture keys; empty for textures."""
    styles: tuple[str, ...]
    """Keys of attached styles; empty when they come from the house."""
    options: Options
    language: str = "en"
    houses: tuple[HouseStyle, ...] = ()
    """One a photo, or none."""
    photo_texts: tuple[str, ...] = ()
    style_texts: tuple[str, ...] = ()
    """Alt texts that came with the pictures, in the same order."""
    missing: int = 0
    """Photos of a batch that could not be used."""
    turn: Difference | None = None
    """Only where an earlier painting was asked for again."""
    sources: tuple[Source, ...] | None = None
    """Every post that it goes back to, also along `again`; None in rows of releases that did not write it down."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mention in the ledger. Times are seconds since 1970."""

    platform: str
    id: str
    state: State
    reason: str
    mention: Mention
    thread: str
    round: int
    """0, and one more each time an operator replays it."""
    tries: int
    """How often its jobs got lost."""
    attempts: int
    """How often in a row it had trouble of its own; kept between decided and posting."""
    recorded_at: float
    changed_at: float
    due_at: float
    process_id: str = ""
    """The process that was the first of all to see it; empty when it may have been there before that process began."""
    posting_boot: str = ""
    posting_steady: float = 0.0
    """When `posting` began, by the clock that does not jump."""
    plan: Plan | None = None
    answer: Answer | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.platform, self.id

    @property
    def language(self) -> str:
        """`en` or `zh`, in which its author is answered."""
        return self.plan.language if self.plan else language_of(self.mention.text, self.mention.language)

    @classmethod
    def of(cls, r: sqlite3.Row) -> Self:
        """As it stands in the table. Raises Unreadable."""
        if State(r["state"]) is State.UNREADABLE:
            raise Unreadable("state")
        mention, plan, answer = (r[name] for name in ("mention", "plan", "answer"))
        return cls._of(
            r, _read(MENTION, mention), _read(PLAN, plan) if plan else None, _read(ANSWER, answer) if answer else None
        )

    @classmethod
    def placeholder(cls, r: sqlite3.Row) -> Self:
        """An unreadable row without its author, mention, plan and answer."""
        return cls._of(r, Mention(r["platform"], r["id"], NOBODY, ""), None, None)

    @classmethod
    def _of(cls, r: sqlite3.Row, mention: Mention, plan: Plan | None, answer: Answer | None) -> Self:
        return cls(
            platform=r["platform"], id=r["id"], state=State(r["state"]), reason=r["reason"],
            mention=mention, thread=r["thread"],
            round=r["round"], tries=r["tries"], attempts=r["attempts"],
            recorded_at=r["recorded_at"], changed_at=r["changed_at"], due_at=r["due_at"], process_id=r["life"],
            posting_boot=r["posting_boot"], posting_steady=r["posting_steady"],
            plan=plan, answer=answer,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobRow:
    job: RenderJob
    position: int
    outcome: str = ""
    """JSON of the contract's Outcome, once seen."""
    painting: str = ""
    """Picture key of the painting, once stored."""

    @classmethod
    def of(cls, r: sqlite3.Row) -> Self:
        """As it stands in the table. Raises Unreadable."""
        try:
            if r["outcome"]:
                OUTCOME.validate_json(r["outcome"])
            return cls(RenderJob.model_validate_json(r["job"]), r["position"], r["outcome"], r["painting"])
        except ValidationError as error:
            raise Unreadable(str(error.errors()[0]["type"])) from error


class PostKind(StrEnum):
    REPLY = "reply"
    NOTE = "note"
    INTENDED_NOTE = "intended_note"
    """Written before a note is sent; its id is the mention's. It may exist under an id that we never learnt."""
    OTHER = "other"
    """Whatever a newer release posts: ours, and no answer."""

    @classmethod
    def _missing_(cls, value: object) -> "PostKind":
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class Post:
    platform: str
    id: str
    mention_id: str
    kind: PostKind
    boot: str = ""
    steady: float = 0.0
    """When an intended note was written down, by the clock that does not jump."""


# Pydantic would keep the last 16,000 short texts that it met: ids and addresses, which are never the same again.
# It takes such a setting for dataclasses under another name only.
_KEEPS_NO_TEXTS = ConfigDict(cache_strings="keys")
_Mention = NewType("_Mention", Mention)
_Plan = NewType("_Plan", Plan)
_Answer = NewType("_Answer", Answer)
MENTION: TypeAdapter[Mention] = TypeAdapter(_Mention, config=_KEEPS_NO_TEXTS)
PLAN: TypeAdapter[Plan] = TypeAdapter(_Plan, config=_KEEPS_NO_TEXTS)
ANSWER: TypeAdapter[Answer] = TypeAdapter(_Answer, config=_KEEPS_NO_TEXTS)

_T = TypeVar("_T")
VERSION = 1
"""Of what mentions, plans and answers mean. Raised where an older release must not act on what this one writes; a field
that an older release may pass over needs no new number."""
_VERSIONED = re.compile(r'\{"v":(\d+)[,}]')


class Unreadable(Exception):
    """A value of the ledger that a newer release wrote, or that is damaged."""


def to_json(kind: TypeAdapter[Any], value: object) -> str:
    """A mention, plan or answer as stored, with the version of its meaning."""
    return f'{{"v":{VERSION},' + kind.dump_json(value).decode()[1:]


def _read(kind: TypeAdapter[_T], text: str) -> _T:
    version = _VERSIONED.match(text)
    if version and int(version[1]) > VERSION:
        raise Unreadable(f"version {version[1]}")
    try:
        return kind.validate_json(text)
    except ValidationError as error:
        raise Unreadable(str(error.errors()[0]["type"])) from error
