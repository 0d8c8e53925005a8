"""Whom the operator lets in: bots, denied people and instances, denied words, and the age of a mention."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.posts import Author, Mention
from bot.request.reading import Ignored, IgnoreReason
from bot.text import fold


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
