"""What the operator decided: who is answered, how often, how long things are kept, how long things may take."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.posts import Author, Mention
from bot.request.reading import Ignored, IgnoreReason
from bot.text import fold

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Admission:
    """The operator's lists. Entries are `name@host`, `@name@host`, an account id, or (for `denied`) a bare host."""

    allowed_bots: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    denied_words: frozenset[str] = frozenset()
    """Whole words, in whatever case and width: what is said with one gets no painting."""
    max_age: timedelta = timedelta(days=1)
    """A mention older than this when first seen is not answered."""

    def silence(self, mention: Mention, now: datetime | None = None) -> Ignored | None:
        """Why `mention` gets no answer, or None when it is welcome. Without `now` its age does not matter."""
        author = mention.author
        if mention.by_us:
            return Ignored(IgnoreReason.OWN_POST)
        if _listed(author, self.denied) or _host_listed(author.host, self.denied):
            return Ignored(IgnoreReason.DENIED)
        if author.is_bot and not _listed(author, self.allowed_bots):
            return Ignored(IgnoreReason.BOT)
        if now is not None and mention.created_at is not None and now - mention.created_at > self.max_age:
            return Ignored(IgnoreReason.OLD)
        return None

    def bans(self, mention: Mention) -> bool:
        """Whether `mention` says a denied word, in its text, its warning or a picture's alt text.

        Matched between ASCII word boundaries; Chinese has none, so anywhere in a sentence.
        """
        wanted = [re.escape(folded) for word in self.denied_words if (folded := fold(word).strip())]
        if not wanted:
            return False
        told = (mention.text, mention.warning, *(image.description for image in mention.attachments))
        banned = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(wanted)})(?![a-z0-9])")
        return any(banned.search(fold(text)) for text in told)


def _listed(author: Author, entries: frozenset[str]) -> bool:
    name = author.handle.split("@", 1)[0]
    spellings = {author.id.lower(), author.handle.lower(), f"{name}@{author.host}".lower()} - {""}
    return any(entry.strip().removeprefix("@").lower() in spellings for entry in entries)


def _host_listed(host: str, entries: frozenset[str]) -> bool:
    """Whether a host, or one above it, is denied."""
    hosts = {entry.strip().lower() for entry in entries if "." in entry and "@" not in entry}
    return any(host.lower() == denied or host.lower().endswith(f".{denied}") for denied in hosts)


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` admitted mentions in the last `seconds`; `of` is the ledger's column that is counted by."""

    of: str
    seconds: float
    limit: int


@dataclass(frozen=True, slots=True)
class Quota:
    """The windows that a request has to fit into, all of them."""

    per_10_min: int = 3
    per_day: int = 20
    instance_per_hour: int = 60
    everybody_per_hour: int = 60
    """On each platform. Mastodon takes 30 uploads in 30 minutes; what was promised beyond that would wait for ever."""

    without_instances: frozenset[str] = frozenset({"x"})
    """Platforms whose people all share one host, so that a host's share would be everybody's."""

    def windows(self, platform: str) -> tuple[Window, ...]:
        """What a request on this platform has to fit into."""
        person = (Window("author", 600, self.per_10_min), Window("author", 86_400, self.per_day))
        everybody = Window("platform", 3600, self.everybody_per_hour)
        if platform in self.without_instances:
            return (*person, everybody)
        return (*person, Window("host", 3600, self.instance_per_hour), everybody)


@dataclass(frozen=True, slots=True)
class Wait:
    """The request does not fit; the next one will in `seconds`. `of` says whose quota is used up."""

    seconds: float
    of: str
    """author, host, or platform for everybody's."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept after a mention's end, in seconds."""

    inputs_s: float = DAY_S
    outputs_s: float = 7 * DAY_S
    ids_s: float = 90 * DAY_S


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided. All times in seconds."""

    admission: Admission = field(default_factory=Admission)
    quota: Quota = field(default_factory=Quota)
    retention: Retention = field(default_factory=Retention)
    replies_per_thread: int = 3
    tries: int = 3
    """How often a worker may die over a job before its author is told."""
    deadline_s: float = 900
    max_edge_px: int = 2048
    bot_name: str = ""
    """Begins the ids of jobs, so that bots that share a queue never name two jobs alike."""
    note_after_s: float = 120
    horizons_s: Mapping[str, float] = field(default_factory=lambda: {"mastodon": 90.0, "x": 180.0})
    """By platform: after this long, a post that was sent is visible or will never be."""
    watches_s: Mapping[str, float] = field(default_factory=lambda: {"mastodon": DAY_S, "x": DAY_S})
    """By platform: for this long after its answer, a mention's deletion takes the answer with it."""
    pictures_pending_s: float = 600
    """How long a picture that the platform still processes, or that does not come, is asked for again."""
    reading_tries: int = 10
    """After so many tries in a quarter of an hour, whose post cannot be read is told so."""
    posting_tries: int = 12
    """After so many tries in half an hour, whose painting the server does not take is told so."""
    unexpected_tries: int = 6
    unfinished_s: Mapping[str, float] = field(default_factory=dict)
    """By platform: how long a post is read again before it is believed to show and to answer nothing."""
    lost_after_s: float = 3
    """A job that was sent this long ago and is nowhere is lost; it must be nowhere at two looks this far apart."""

    def horizon_s(self, platform: str) -> float:
        return self.horizons_s.get(platform, 180.0)
